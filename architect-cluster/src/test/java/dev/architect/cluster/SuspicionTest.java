package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.node.NodeState;
import dev.architect.spi.Store.ChangeKind;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SuspicionTest extends ClusterFixture {

    private static final Duration STEP = Duration.ofMillis(250);

    @Test
    void aNodeThatWasKilledIsEndedWithinFiveSeconds() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        long killed = join(b, "b");
        passUntil(STEP, () -> a.view().living().size() == 2);
        pass(Duration.ofSeconds(2), STEP);
        Changes told = listen(a);

        stopBeating(b);
        transports.get(b).close();
        pass(Duration.ofMillis(2_500), STEP);
        assertThat(record(killed).state()).isEqualTo(NodeState.LIVE);
        long before = time.nanoTime();
        passUntil(STEP, () -> record(killed).state() == NodeState.DEAD);
        assertThat(Duration.ofNanos(time.nanoTime() - before)).isLessThanOrEqualTo(Duration.ofMillis(1_750));

        await(() -> told.has(ChangeKind.TASK_READY));
        assertThat(memory.nodes().beat(killed)).isEmpty();
    }

    @Test
    void aViewThatLiesEndsNobodyWhoBeats() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        long suspected = join(b, "b");
        passUntil(STEP, () -> a.view().living().size() == 2);
        pass(Duration.ofSeconds(1), STEP);

        transports.get(a).lie(Set.of(a.member()));
        pass(Duration.ofSeconds(60), STEP);
        assertThat(record(suspected).state()).isEqualTo(NodeState.LIVE);

        // The same view, and no beats: now it is ended, so it was suspected all the time.
        stopBeating(b);
        passUntil(STEP, () -> record(suspected).state() == NodeState.DEAD);
    }

    @Test
    void aNodeThatIsSilentAndInTheViewKeepsItsLease() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        long silent = join(b, "b");
        passUntil(STEP, () -> a.view().living().size() == 2);

        stopBeating(b);
        pass(Duration.ofSeconds(30), STEP);

        assertThat(record(silent).state()).isEqualTo(NodeState.LIVE);
    }

    @Test
    void aTransportThatWasClosedHereSuspectsNobody() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        long other = join(b, "b");
        passUntil(STEP, () -> a.view().living().size() == 2);
        pass(Duration.ofSeconds(1), STEP);

        transports.get(a).close();
        stopBeating(b);
        pass(Duration.ofSeconds(30), STEP);

        assertThat(record(other).state()).isEqualTo(NodeState.LIVE);
    }
}
