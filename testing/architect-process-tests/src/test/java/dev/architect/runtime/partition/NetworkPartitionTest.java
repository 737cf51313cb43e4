package dev.architect.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in network namespaces of their own, cut off each other and off the database: nothing is lost or recorded twice, every role has
 * one holder throughout, and as long as the database is there the nodes work as fast as before.
 */
@Tag("slow")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class NetworkPartitionTest {

    private static final Duration MEASURED = Duration.ofSeconds(15);
    private static final double LEAST_THROUGHPUT = 0.95;

    @TempDir
    private Path folder;

    @BeforeAll
    static void requireNamespaces() {
        Optional<String> reason = NetworkNamespaces.unavailable();
        assumeTrue(reason.isEmpty(), () -> "skipped: " + reason.orElse(""));
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }

    private static String rate(double before, double during) {
        return String.format("%.1f effects/s before, %.1f during (%.0f %%)", before, during, 100 * during / before);
    }

    @Test
    void aNodeWithoutTheDatabaseStopsAndComesBack() throws Exception {
        try (PartitionWorld world = new PartitionWorld(folder)) {
            double before = world.workSteadily(MEASURED);
            long cut = System.nanoTime();
            world.network().cutOffPort(2, world.databasePort());
            world.await("not ready", () -> world.node(2).readySince(cut, false) > 0);
            long notReady = world.node(2).readySince(cut, false) - cut;
            // Past the lease: the others take what it had.
            double during = world.work(Duration.ofSeconds(15));
            int ended = world.node(2).endedCount();
            world.work(Duration.ofSeconds(3));
            int later = world.node(2).endedCount();
            long heal = System.nanoTime();
            world.network().heal(2);
            world.await("joined again", () -> world.node(2).joinedAfter(heal) > 0);
            long joined = world.node(2).joinedAfter(heal) - heal;
            world.await("ready again", () -> world.node(2).readySince(heal, true) > 0);
            world.await("at work again", () -> world.node(2).endedCount() > later);
            world.verify(
                    "one of three nodes cut off the database",
                    rate(before, during) + ", not ready after " + millis(notReady) + ", joined again " + millis(joined)
                            + " after the heal");
            assertThat(notReady)
                    .as("not ready")
                    .isLessThanOrEqualTo(Duration.ofSeconds(5).toNanos());
            assertThat(joined)
                    .as("joined again")
                    .isLessThanOrEqualTo(Duration.ofSeconds(5).toNanos());
            assertThat(later).as("attempts past the lease").isEqualTo(ended);
        }
    }

    @Test
    void nodesThatDoNotSeeEachOtherWorkAsBefore() throws Exception {
        partition("all nodes cut off each other", world -> {
            world.network().cutOff(0, false, 1, 2);
            world.network().cutOff(1, false, 0, 2);
        });
    }

    @Test
    void aNodeThatIsHeardAndDoesNotHearWorksAsBefore() throws Exception {
        partition(
                "one node hears nothing of the others", world -> world.network().cutOff(2, true, 0, 1));
    }

    private interface Cut {
        void apply(PartitionWorld world);
    }

    private void partition(String name, Cut cut) throws Exception {
        try (PartitionWorld world = new PartitionWorld(folder)) {
            double before = world.workSteadily(MEASURED);
            cut.apply(world);
            double during = world.work(MEASURED);
            // "Degraded gossip": the nodes say that some do not see others although all of them beat.
            world.await("shown as split", () -> world.node(0).seesSplit());
            for (int node = 0; node < PartitionWorld.NODES; node++) {
                assertThat(world.node(node).isReady()).as("ready").isTrue();
                world.network().heal(node);
            }
            world.await("whole again", () -> !world.node(0).seesSplit());
            double after = world.work(MEASURED);
            world.verify(name, rate(before, during) + String.format(", %.1f after", after));
            assertThat(during).as("throughput").isGreaterThanOrEqualTo(LEAST_THROUGHPUT * before);
        }
    }

    @Test
    void aNetworkThatFlapsForTwoMinutesChangesNothing() throws Exception {
        try (PartitionWorld world = new PartitionWorld(folder)) {
            double before = world.workSteadily(MEASURED);
            double sum = 0;
            int rounds = 30;
            for (int round = 0; round < rounds; round++) {
                world.network().cutOff(2, round % 2 == 0, 0, 1);
                sum += world.work(Duration.ofSeconds(2));
                world.network().heal(2);
                sum += world.work(Duration.ofSeconds(2));
            }
            double during = sum / (2 * rounds);
            world.verify("a node flaps every 2 s for 2 min", rate(before, during));
            assertThat(during).as("throughput").isGreaterThanOrEqualTo(LEAST_THROUGHPUT * before);
        }
    }
}
