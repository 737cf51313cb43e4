package dev.architect.store.memory.lock;

/** The size of a page. */
public final class PageLimit {

    private PageLimit() {}

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException when it is not from 1 to {@code max}
     */
    public static void check(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw new IllegalArgumentException("limit is " + limit + ", expected 1.." + max);
        }
    }
}
