package dev.architect.simulator.answer;

import java.util.LinkedHashMap;
import java.util.Map;

/** The cached prefixes, at most the {@value #LIMIT} used last. Safe for use by several threads. */
public final class PromptCache {

    public static final int LIMIT = 10_000;

    // In order of access, so that the first entry is the one used longest ago.
    private final Map<Prefix, Boolean> seen = new LinkedHashMap<>(64, 0.75f, true);

    private record Prefix(String provider, String model, long hash) {}

    /** Whether this prefix is in the cache; adds it when it is not. */
    public synchronized boolean lookUpAndAdd(String provider, String model, long hash) {
        boolean known = seen.put(new Prefix(provider, model, hash), true) != null;
        if (seen.size() > LIMIT) {
            seen.remove(seen.keySet().iterator().next());
        }
        return known;
    }
}
