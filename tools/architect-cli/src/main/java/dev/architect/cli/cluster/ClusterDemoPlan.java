package dev.architect.cli.cluster;

import java.time.Duration;
import java.util.List;

/**
 * What the demo shall do. Immutable.
 *
 * @param nodes how many, 2 to 9
 * @param tasks how many are submitted and have not ended at a time
 * @param duration for how long tasks are submitted; longer when the faults take longer
 * @param transport how the nodes hear of each other
 * @param faults what happens, in order; the first one to the first node, and so on
 * @param shortestWait how long a task takes at least
 * @param longestWait how long a task takes at most
 */
record ClusterDemoPlan(
        int nodes,
        int tasks,
        Duration duration,
        String transport,
        List<ClusterFault> faults,
        Duration shortestWait,
        Duration longestWait) {

    /** A node keeps its tasks for so long after its last beat. */
    static final Duration LEASE = Duration.ofSeconds(10);

    /** About how long it takes from a fault until the node works again. */
    private static final Duration FAULT = LEASE.plusSeconds(5);

    private static final int SLOTS_PER_SESSION = 128;

    /** Nodes that are left must be able to take over what others ran, and a fifth more. */
    private static final int SPARE_PERCENT = 120;

    ClusterDemoPlan {
        faults = List.copyOf(faults);
    }

    /** How long a task takes on average; also how long the load takes to grow, so that not all tasks end at once. */
    Duration meanWait() {
        return shortestWait.plus(longestWait).dividedBy(2);
    }

    /**
     * How long nothing happens before and after each fault. As long as the longest task at least: what one fault has made run again has
     * ended before the next one.
     */
    Duration calm() {
        Duration left = duration.minus(meanWait()).minus(FAULT.multipliedBy(faults.size()));
        Duration share = left.dividedBy(faults.size() + 1L);
        return share.compareTo(longestWait) < 0 ? longestWait : share;
    }

    /** How many sessions each node has. */
    int sessions() {
        return (slots() + SLOTS_PER_SESSION - 1) / SLOTS_PER_SESSION;
    }

    /** How many tasks each session runs. */
    int slotsPerSession() {
        return (slots() + sessions() - 1) / sessions();
    }

    private int slots() {
        int survivors = nodes - 1;
        return Math.max(1, (tasks * SPARE_PERCENT / 100 + survivors - 1) / survivors);
    }
}
