package dev.architect.micrometer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of one tag. The first hundred stay as they are and all later ones are {@value #OTHER}: each value makes meters of its
 * own, and names of models come from outside. Safe for use by several threads.
 */
final class BoundedValues {

    /** Stands for every value beyond the limit. */
    static final String OTHER = "other";

    private static final int LIMIT = 100;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    String of(String value) {
        return known.contains(value) || add(value) ? value : OTHER;
    }

    private synchronized boolean add(String value) {
        return known.contains(value) || (known.size() < LIMIT && known.add(value));
    }
}
