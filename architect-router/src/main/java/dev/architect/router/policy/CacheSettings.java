package dev.architect.router.policy;

import java.time.Duration;

/**
 * Whether answers are kept and given again to equal requests. Off unless the policy says otherwise.
 *
 * @param enabled whether they are
 * @param maxEntries the most answers that are kept, 1 to 10,000,000
 * @param maxBytes the most memory for them, estimated, 1 KiB to 2 GiB. Each answer counts for at least a share of {@code maxEntries}
 * @param ttl for how long an answer is given again, 1 ms to 24 h
 * @param scope who shares answers
 */
public record CacheSettings(boolean enabled, int maxEntries, int maxBytes, Duration ttl, Scope scope) {

    static final int MAX_ENTRIES = 10_000_000;
    static final int LEAST_BYTES = 1 << 10;

    /** Nothing is kept. The numbers are those of a cache that is switched on without saying more. */
    public static final CacheSettings OFF =
            new CacheSettings(false, 10_000, 64 << 20, Duration.ofMinutes(10), Scope.PROJECT);

    /** Who shares answers. */
    public enum Scope {
        /** Requests of one project. */
        PROJECT,
        /** Requests of one user of one project; those without a user are one more user. */
        USER,
        /** All requests, whoever makes them. Only for hosts whose answers are no secrets between projects. */
        NONE
    }

    /** Checks that the numbers are in their ranges. */
    public CacheSettings {
        PolicyChecks.range("maxEntries", maxEntries, 1, MAX_ENTRIES);
        PolicyChecks.range("maxBytes", maxBytes, LEAST_BYTES, Integer.MAX_VALUE);
        PolicyChecks.duration("ttl", ttl);
    }
}
