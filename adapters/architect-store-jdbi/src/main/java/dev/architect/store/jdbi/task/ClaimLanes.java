package dev.architect.store.jdbi.task;

import java.util.Map;
import java.util.TreeMap;

/**
 * A claim by lanes.
 *
 * @param incarnation who claims
 * @param limit the most tasks together
 * @param quotas the most tasks of each lane, more than zero
 * @param types the task type of each lane
 * @param takesSuspect whether one task may be among them that one more crash makes dead
 */
public record ClaimLanes(
        long incarnation, int limit, Map<Long, Integer> quotas, Map<Long, String> types, boolean takesSuspect) {

    /** What is left when a task of {@code lane} was claimed. */
    public ClaimLanes without(long lane) {
        Map<Long, Integer> rest = new TreeMap<>(quotas);
        rest.computeIfPresent(lane, (number, quota) -> quota > 1 ? quota - 1 : null);
        return new ClaimLanes(incarnation, limit - 1, rest, types, false);
    }
}
