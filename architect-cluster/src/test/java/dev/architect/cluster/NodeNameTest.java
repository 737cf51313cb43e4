package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.architect.node.NodeInfo;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class NodeNameTest extends ClusterFixture {

    private static final Duration STEP = Duration.ofMillis(250);

    /** Joins on a thread of its own while time passes, and returns what came of it. */
    private Object joinWhileTimePasses(Cluster cluster, String name) throws InterruptedException {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread joining = new Thread(() -> {
            AtomicReference<Long> incarnation = new AtomicReference<>();
            Throwable thrown =
                    catchThrowable(() -> incarnation.set(cluster.store().nodes().join(NodeInfo.named(name))));
            outcome.set(thrown != null ? thrown : incarnation.get());
        });
        joining.start();
        passUntil(STEP, () -> outcome.get() != null);
        joining.join();
        return outcome.get();
    }

    @Test
    void aNameUnderWhichAnotherNodeBeatsIsRefused() throws InterruptedException {
        Cluster a = cluster("a");
        long first = join(a, "a");
        Cluster second = cluster("a");

        Object outcome = joinWhileTimePasses(second, "a");

        assertThat(outcome).isInstanceOfSatisfying(NodeNameTakenException.class, taken -> {
            assertThat(taken)
                    .hasMessage("node name is 'a', expected one that no other node has: incarnation " + first
                            + " at 10.0.0.1:7800 keeps beating under it");
            assertThat(taken.name()).isEqualTo("a");
            assertThat(taken.incarnation()).isEqualTo(first);
        });
        assertThat(memory.nodes().nodes()).map(NodeRecord::incarnation).containsExactly(first);
        assertThat(memory.nodes().beat(first)).isPresent();
    }

    @Test
    void aNodeThatWasKilledLeavesItsNameToTheNextOne() throws InterruptedException {
        Cluster killed = cluster("a");
        long dead = join(killed, "a");
        stopBeating(killed);
        Cluster next = cluster("a");

        Object outcome = joinWhileTimePasses(next, "a");

        assertThat(outcome).isInstanceOf(Long.class).isNotEqualTo(dead);
        assertThat(record((Long) outcome).info().name()).isEqualTo("a");
    }

    @Test
    void aFreeNameTakesNoTime() {
        Cluster a = cluster("a");
        join(a, "a");
        memory.nodes().leave(memory.nodes().nodes().get(0).incarnation());

        assertThat(join(cluster("a"), "a")).isPositive();
        assertThat(time.wallTime()).isEqualTo(dev.architect.testkit.time.ManualTime.START);
    }

    @Test
    void ofTwoThatJoinAtTheSameMomentTheLaterOneLeaves() {
        // Between the look and the join of the one, the other one joins.
        Cluster late = cluster("a", joinedMeanwhile("a"));

        Throwable thrown = catchThrowable(() -> late.store().nodes().join(NodeInfo.named("a")));

        assertThat(thrown).isInstanceOf(NodeNameTakenException.class);
        List<NodeState> states =
                memory.nodes().nodes().stream().map(NodeRecord::state).toList();
        assertThat(states).containsExactly(NodeState.LIVE, NodeState.LEFT);
    }

    private dev.architect.spi.Store joinedMeanwhile(String name) {
        dev.architect.testkit.store.FaultyStore store = new dev.architect.testkit.store.FaultyStore(memory);
        store.set((method, call) -> {
            if (method.equals("join")) {
                memory.nodes().join(NodeInfo.named(name));
            }
            return call.call();
        });
        return store;
    }
}
