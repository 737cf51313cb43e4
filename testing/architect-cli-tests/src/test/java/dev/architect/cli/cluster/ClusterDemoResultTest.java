package dev.architect.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClusterDemoResultTest {

    private static final ClusterDemoPlan PLAN = plan("none");

    private static ClusterDemoPlan plan(String transport) {
        return new ClusterDemoPlan(
                3,
                1_000,
                Duration.ofSeconds(150),
                transport,
                List.of(ClusterFault.values()),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20));
    }

    private static FaultFigures figures(ClusterFault fault, int seconds, double percent) {
        return new FaultFigures(
                fault,
                "node-1",
                101,
                IntStream.rangeClosed(1, 100)
                        .mapToObj(i -> Duration.ofMillis(seconds * 10L * i))
                        .toList(),
                new ThroughputDip(percent, Duration.ofMillis(2_500)),
                Duration.ofSeconds(12),
                Duration.ofMillis(800));
    }

    private static ClusterDemoResult result(long lost, long twice, FaultFigures... faults) {
        return new ClusterDemoResult(9_000, lost, twice, 9_100, 100, List.of(faults));
    }

    @Test
    void writesTheFiguresOfTheKilledNode() {
        ClusterDemoResult result =
                result(0, 0, figures(ClusterFault.PAUSE, 11, 12.34), figures(ClusterFault.KILL, 10, 7));

        assertThat(ClusterDemoReport.of(result)).hasToString("""
                {"accepted":9000,"lost":0,"recordedTwice":0,"reclaimMillis":{"p50":5000,"p99":9900},\
                "dipPercent":12.3,"dipSeconds":2.5}""");
        assertThat(result.isSound()).isTrue();
    }

    @Test
    void statesWhatWasMissed() {
        assertThat(ClusterDemoSummary.of(PLAN, result(0, 0, figures(ClusterFault.KILL, 10, 7))))
                .contains("9,000 tasks were accepted: 9,000 are done, 0 lost, 0 recorded twice.")
                .last()
                .isEqualTo("All targets are met (3 nodes, 1000 tasks at a time, transport none).");
        assertThat(ClusterDemoSummary.of(PLAN, result(1, 2, figures(ClusterFault.KILL, 13, 41))))
                .contains("9,000 tasks were accepted: 8,999 are done, 1 lost, 2 recorded twice.")
                .last()
                .asString()
                .contains("tasks were lost or recorded twice")
                .contains("tasks of node-1 began again after 12.9 s, expected at most 12.0 s")
                .contains("the other nodes did up to 41 % less for 2.5 s, expected at most 40 % for 15 s");
    }

    /** A transport notices that a process has ended, and not that it is paused or cut off the database. */
    @Test
    void expectsTasksOfAKilledNodeSoonerWithATransport() {
        assertThat(ClusterDemoSummary.of(plan("jgroups"), result(0, 0, figures(ClusterFault.KILL, 6, 7))))
                .last()
                .asString()
                .contains("began again after 5.9 s, expected at most 5.0 s");
        assertThat(ClusterDemoSummary.of(plan("jgroups"), result(0, 0, figures(ClusterFault.CUT, 6, 7))))
                .last()
                .asString()
                .startsWith("All targets are met");
    }

    @Test
    void isUnsoundWhenATaskIsLostOrRecordedTwice() {
        assertThat(result(1, 0).isSound()).isFalse();
        assertThat(result(0, 1).isSound()).isFalse();
    }

    @Test
    void theNodesThatAreLeftCanTakeOverWhatOneRan() {
        assertThat(PLAN.sessions() * PLAN.slotsPerSession() * 2).isGreaterThanOrEqualTo(1_200);
        assertThat(PLAN.slotsPerSession()).isLessThanOrEqualTo(128);
        // What one fault made run again has ended before the next one: three crashes would end a task.
        assertThat(PLAN.calm()).isGreaterThanOrEqualTo(PLAN.longestWait());
    }
}
