package dev.architect.cli.cluster;

import java.util.List;
import java.util.Optional;

/**
 * What a run of the demo came to.
 *
 * @param accepted how many tasks were accepted
 * @param lost how many of them are not done at the end
 * @param recordedTwice how many of them have more than one recorded success, and how many fencing tokens were used by two attempts
 * @param begun how many effects were begun
 * @param begunAgain how many of these because an earlier attempt was lost
 * @param faults what each fault did, in order
 */
record ClusterDemoResult(
        int accepted, long lost, long recordedTwice, long begun, long begunAgain, List<FaultFigures> faults) {

    ClusterDemoResult {
        faults = List.copyOf(faults);
    }

    /** Whether every task was done, and recorded once. */
    boolean isSound() {
        return lost == 0 && recordedTwice == 0;
    }

    /** The fault whose re-claims the figures state: the node that was killed, or else the first one. */
    Optional<FaultFigures> decisive() {
        return faults.stream()
                .filter(figures -> figures.fault() == ClusterFault.KILL)
                .findFirst()
                .or(() -> faults.stream().findFirst());
    }

    /** The deepest dip. */
    double dipPercent() {
        return faults.stream()
                .mapToDouble(figures -> figures.dip().percent())
                .max()
                .orElse(0);
    }

    /** The longest dip, in seconds. */
    double dipSeconds() {
        return faults.stream()
                .mapToDouble(figures -> figures.dip().length().toMillis() / 1_000.0)
                .max()
                .orElse(0);
    }
}
