package dev.architect.store.jdbi;

/** Checks the limits that callers pass. */
public final class LimitChecks {

    private LimitChecks() {}

    public static void checkPageLimit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw new IllegalArgumentException("limit is " + limit + ", expected 1.." + max);
        }
    }
}
