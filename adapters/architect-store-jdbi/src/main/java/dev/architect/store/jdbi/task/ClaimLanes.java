package dev.architect.store.jdbi.task;

import dev.architect.store.jdbi.Micros;
import dev.architect.task.AffinityBucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A claim by lanes, whose rows are task types within lanes of the engine.
 *
 * @param incarnation who claims
 * @param limit the most tasks together
 * @param quotas the most tasks of each row of {@code lane}, more than zero
 * @param types the task type of each row
 * @param shares which rows share a limit, by their place in {@code shareLimits}
 * @param shareLimits the most tasks of rows that share one
 * @param version of the settings that this keeps to; with another one nothing is claimed
 * @param takesSuspect whether one task may be among them that one more crash makes dead
 * @param withheld the buckets of affinity keys that are left to other nodes for a while, a bit each, of the rows that have any
 */
public record ClaimLanes(
        long incarnation,
        int limit,
        Map<Long, Integer> quotas,
        Map<Long, String> types,
        Map<Long, Integer> shares,
        List<Integer> shareLimits,
        long version,
        boolean takesSuspect,
        Map<Long, Long> withheld) {

    /** Creates a claim that leaves nothing to other nodes. */
    public ClaimLanes(
            long incarnation,
            int limit,
            Map<Long, Integer> quotas,
            Map<Long, String> types,
            Map<Long, Integer> shares,
            List<Integer> shareLimits,
            long version,
            boolean takesSuspect) {
        this(incarnation, limit, quotas, types, shares, shareLimits, version, takesSuspect, Map.of());
    }

    /** Since when, in microseconds, a task is ready that is left to no other node any more. */
    public static long readySince(Instant now) {
        return Micros.of(now.minus(AffinityBucket.LEAD));
    }

    /** Whether the rows have more than one limit between them. */
    public boolean isShared() {
        return shareLimits.size() > 1;
    }

    /** The limit that a row shares. */
    public int limitOf(long row) {
        return shareLimits.get(shares.getOrDefault(row, 0));
    }

    /** What is left when a task of the row {@code lane} was claimed. */
    public ClaimLanes without(long lane) {
        Map<Long, Integer> rest = new TreeMap<>(quotas);
        rest.computeIfPresent(lane, (number, quota) -> quota > 1 ? quota - 1 : null);
        List<Integer> limits = new ArrayList<>(shareLimits);
        int share = shares.getOrDefault(lane, 0);
        limits.set(share, limits.get(share) - 1);
        return new ClaimLanes(incarnation, limit - 1, rest, types, shares, limits, version, false, withheld);
    }
}
