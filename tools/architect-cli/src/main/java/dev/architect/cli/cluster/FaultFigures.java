package dev.architect.cli.cluster;

import java.time.Duration;
import java.util.List;

/**
 * What one fault did.
 *
 * @param fault which
 * @param node to which node
 * @param running how many tasks it ran at that moment
 * @param reclaims from the fault to the next attempt of each of them that was begun again
 * @param dip how much less the other nodes did
 * @param away how long the node was paused or cut off; until it was started again when it was killed
 * @param back from then until it began its next task
 */
record FaultFigures(
        ClusterFault fault,
        String node,
        int running,
        List<Duration> reclaims,
        ThroughputDip dip,
        Duration away,
        Duration back) {

    FaultFigures {
        reclaims = List.copyOf(reclaims);
    }

    /** The time that {@code percent} of the attempts did not exceed (nearest rank), zero when there are none. */
    Duration reclaim(int percent) {
        long[] sorted = reclaims.stream().mapToLong(Duration::toNanos).sorted().toArray();
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return Duration.ofNanos(sorted[Math.max(1, rank) - 1]);
    }
}
