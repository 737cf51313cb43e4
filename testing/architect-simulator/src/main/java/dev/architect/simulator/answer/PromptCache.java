package dev.architect.simulator.answer;

import java.util.LinkedHashMap;
import java.util.Map;

/** The marked prefixes that were seen, the latest {@value #LIMIT}. Safe for use by several threads. */
public final class PromptCache {

    public static final int LIMIT = 10_000;

    private final Map<Prefix, Boolean> seen = new LinkedHashMap<>(64, 0.75f, true);

    private record Prefix(String provider, String model, long hash) {}

    /** Whether this very prefix was seen before; it is from here on. */
    public synchronized boolean lookUpAndAdd(String provider, String model, long hash) {
        boolean known = seen.put(new Prefix(provider, model, hash), true) != null;
        if (seen.size() > LIMIT) {
            seen.remove(seen.keySet().iterator().next());
        }
        return known;
    }
}
