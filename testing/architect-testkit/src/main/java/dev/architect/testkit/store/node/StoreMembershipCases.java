package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimedTask;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What nodes state and carry, what they are asked to do, and the early end of one that is silent. */
public abstract class StoreMembershipCases extends StoreFixture {

    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** Creates the cases for one store. */
    protected StoreMembershipCases(StoreHandles handles) {
        super(handles);
    }

    private static NodeRecord record(Store handle, long incarnation) {
        return handle.nodes().nodes().stream()
                .filter(node -> node.incarnation() == incarnation)
                .findFirst()
                .orElseThrow();
    }

    private NodeOrder orderOf(long incarnation) {
        return nodes().beat(incarnation, NodeLoad.NONE).orElseThrow().order();
    }

    @Test
    void keepsWhatANodeStatesAboutItself() throws Exception {
        NodeInfo plain = NodeInfo.named("node-1");
        NodeInfo odd = new NodeInfo(ODD, ODD + 1, Set.of("prompt", ODD + 2, ""), ODD + 3, ODD + 4);
        Set<String> many = new HashSet<>();
        for (int i = 0; i < NodeInfo.MAX_CAPABILITIES; i++) {
            many.add(String.format("%0" + NodeInfo.MAX_LENGTH + "d", i));
        }
        String longest = "ä".repeat(NodeInfo.MAX_LENGTH);
        NodeInfo full = new NodeInfo(longest, longest, many, longest, longest);

        for (NodeInfo info : List.of(plain, odd, full)) {
            long incarnation = nodes().join(info);

            assertThat(record(store(), incarnation).info()).isEqualTo(info);
            assertThat(record(second(), incarnation).info()).isEqualTo(info);
        }
    }

    @Test
    void aNodeBeginsLiveWithNothingToCarryAndNoOrder() throws Exception {
        long incarnation = nodes().join(NodeInfo.named("node-1"));

        NodeRecord node = record(second(), incarnation);

        assertThat(node.state()).isEqualTo(NodeState.LIVE);
        assertThat(node.order()).isEqualTo(NodeOrder.WORK);
        assertThat(node.load()).isEqualTo(NodeLoad.NONE);
        assertThat(node.endedAt()).isEmpty();
        assertThat(orderOf(incarnation)).isEqualTo(NodeOrder.WORK);
    }

    @Test
    void keepsTheLoadOfTheLastBeat() throws Exception {
        long first = nodes().join("node-1");
        long other = second().nodes().join("node-2");

        nodes().beat(first, new NodeLoad(3, 256));
        second().nodes().beat(other, new NodeLoad(Integer.MAX_VALUE, Integer.MAX_VALUE));
        Optional<NodeBeat> last = nodes().beat(first, new NodeLoad(7, 128));

        assertThat(last)
                .map(NodeBeat::validity)
                .hasValueSatisfying(validity -> assertThat(validity).isGreaterThan(NodeStore.SHORTEST_SILENCE));
        assertThat(record(second(), first).load()).isEqualTo(new NodeLoad(7, 128));
        assertThat(record(store(), other).load()).isEqualTo(new NodeLoad(Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    @Test
    void listsLivingAndEndedNodesByNumber() throws Exception {
        long left = nodes().join("left");
        long killed = nodes().join("killed");
        long draining = nodes().join("draining");
        long live = nodes().join("live");
        nodes().leave(left);
        kill(killed);
        nodes().order(draining, NodeOrder.DRAIN);

        List<NodeRecord> listed = second().nodes().nodes();

        assertThat(listed).extracting(NodeRecord::incarnation).containsExactly(left, killed, draining, live);
        assertThat(listed)
                .extracting(NodeRecord::state)
                .containsExactly(NodeState.LEFT, NodeState.DEAD, NodeState.DRAINING, NodeState.LIVE);
        assertThat(listed).extracting(node -> node.endedAt().isPresent()).containsExactly(true, true, false, false);
        assertThat(listed)
                .allSatisfy(node ->
                        assertThat(node.endedAt().orElse(node.joinedAt())).isAfterOrEqualTo(node.joinedAt()));
        assertThat(nodes().aliveCount()).isEqualTo(2);
    }

    @Test
    void tellsANodeItsOrderWithEachBeat() throws Exception {
        long incarnation = nodes().join("node-1");

        for (NodeOrder order : List.of(
                NodeOrder.CORDON, NodeOrder.DRAIN, NodeOrder.CORDON, NodeOrder.WORK, NodeOrder.DRAIN, NodeOrder.WORK)) {
            assertThat(second().nodes().order(incarnation, order)).isTrue();

            assertThat(orderOf(incarnation)).isEqualTo(order);
            assertThat(orderOf(incarnation)).isEqualTo(order);
            NodeRecord seen = record(store(), incarnation);
            assertThat(seen.order()).isEqualTo(order);
            assertThat(seen.state()).isEqualTo(order == NodeOrder.WORK ? NodeState.LIVE : NodeState.DRAINING);
        }
    }

    @Test
    void aNodeWithAnOrderClaimsNothingFromTheMomentThatItIsGiven() throws Exception {
        submit(3);
        long incarnation = nodes().join("node-1");
        ClaimedTask running = claim(incarnation, 1).get(0);

        for (NodeOrder order : List.of(NodeOrder.CORDON, NodeOrder.DRAIN)) {
            second().nodes().order(incarnation, order);
            assertThat(claim(incarnation, 1)).isEmpty();
        }
        // What runs goes on, to its end.
        assertThat(nodes().deadOwners()).isEmpty();
        assertThat(store().tasks().finish(List.of(done(running)))).containsExactly(running.fencingToken());

        second().nodes().order(incarnation, NodeOrder.WORK);
        assertThat(claim(incarnation, 5)).hasSize(2);
    }

    private AttemptEnd done(ClaimedTask task) {
        return new AttemptEnd(
                task.fencingToken(),
                "llm-1",
                time.wallTime(),
                time.wallTime(),
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                new AttemptResult(Optional.of("output"), Optional.empty(), Optional.empty()));
    }

    @Test
    void anOrderIsForOneIncarnationThatLives() throws Exception {
        long first = nodes().join("node-1");
        nodes().order(first, NodeOrder.DRAIN);
        nodes().leave(first);
        long killed = nodes().join("node-1");
        kill(killed);
        long next = nodes().join("node-1");

        assertThat(orderOf(next)).isEqualTo(NodeOrder.WORK);
        assertThat(nodes().order(first, NodeOrder.WORK)).isFalse();
        assertThat(nodes().order(killed, NodeOrder.CORDON)).isFalse();
        assertThat(nodes().order(next + 1_000_000_000L, NodeOrder.CORDON)).isFalse();
        assertThat(record(store(), first).state()).isEqualTo(NodeState.LEFT);
        assertThat(record(store(), killed).state()).isEqualTo(NodeState.DEAD);
        assertThat(orderOf(next)).isEqualTo(NodeOrder.WORK);
    }

    @Test
    void showsTheTimeSinceTheLastBeat() throws Exception {
        long incarnation = nodes().join("node-1");
        record(store(), incarnation);

        silence(store(), incarnation, SILENCE);
        assertThat(record(store(), incarnation).sinceBeat()).isGreaterThanOrEqualTo(SILENCE);

        nodes().beat(incarnation, NodeLoad.NONE);
        assertThat(record(store(), incarnation).sinceBeat()).isLessThan(SILENCE);
    }

    @Test
    void endsANodeThatHasBeenSilent() throws Exception {
        submit(2);
        long silent = second().nodes().join("silent");
        second().nodes().saveSessions(silent, List.of(new SessionInfo("llm-1", "llm", 4, 1)));
        long judge = nodes().join("judge");
        ClaimedTask lost = claim(silent, 1).get(0);
        silence(store(), silent, SILENCE);

        assertThat(nodes().endSilent(silent, SILENCE)).isTrue();

        NodeRecord ended = record(second(), silent);
        assertThat(ended.state()).isEqualTo(NodeState.DEAD);
        assertThat(ended.endedAt()).isPresent();
        assertThat(second().nodes().beat(silent, NodeLoad.NONE)).isEmpty();
        assertThat(claim(silent, 1)).isEmpty();
        assertThat(nodes().sessions()).isEmpty();
        assertThat(nodes().aliveCount()).isEqualTo(1);
        assertThat(nodes().deadOwners()).containsExactly(silent);
        assertThat(store().tasks().reap(silent)).isEqualTo(1);
        assertThat(store().tasks().finish(List.of(done(lost)))).isEmpty();
        assertThat(claim(judge, 5)).hasSize(2);
        assertThat(nodes().endSilent(silent, SILENCE)).isTrue();
    }

    @Test
    void endsADrainingNodeThatHasBeenSilent() throws Exception {
        long silent = nodes().join("silent");
        nodes().order(silent, NodeOrder.DRAIN);
        silence(store(), silent, SILENCE);

        assertThat(nodes().endSilent(silent, SILENCE)).isTrue();

        assertThat(record(store(), silent).state()).isEqualTo(NodeState.DEAD);
    }

    @Test
    void doesNotEndANodeThatHasBeenSilentForAShorterTime() throws Exception {
        long fresh = nodes().join("fresh");
        long beating = nodes().join("beating");
        nodes().nodes();
        silence(store(), beating, SILENCE);
        nodes().beat(fresh, NodeLoad.NONE);
        nodes().beat(beating, NodeLoad.NONE);

        assertThat(nodes().endSilent(fresh, SILENCE)).isFalse();
        assertThat(nodes().endSilent(beating, SILENCE)).isFalse();
        silence(store(), beating, SILENCE);
        // Of another handle, which has seen nothing yet, and of a longer silence.
        assertThat(nodes().endSilent(beating, Duration.ofMinutes(5))).isFalse();

        assertThat(nodes().beat(fresh, NodeLoad.NONE)).isPresent();
        assertThat(record(store(), beating).state()).isEqualTo(NodeState.LIVE);
    }

    @Test
    void refusesASilenceThatIsTooShort() {
        long incarnation = nodes().join("node-1");

        for (Duration silence :
                List.of(Duration.ZERO, Duration.ofSeconds(-10), NodeStore.SHORTEST_SILENCE.minusNanos(1))) {
            assertThatThrownBy(() -> nodes().endSilent(incarnation, silence))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("silence");
        }
        assertThat(nodes().endSilent(incarnation, NodeStore.SHORTEST_SILENCE)).isFalse();
    }

    @Test
    void aNodeThatHasEndedOrNeverWasIsEnded() throws Exception {
        long left = nodes().join("left");
        nodes().leave(left);
        long killed = nodes().join("killed");
        kill(killed);

        assertThat(nodes().endSilent(left, SILENCE)).isTrue();
        assertThat(nodes().endSilent(killed, SILENCE)).isTrue();
        assertThat(nodes().endSilent(killed + 1_000_000_000L, SILENCE)).isTrue();
        assertThat(record(store(), left).state()).isEqualTo(NodeState.LEFT);
    }

    /** Either the beat was in time, or the node has ended; both would be a node that works on without its tasks. */
    @Test
    void aBeatAndAnEarlyEndAtTheSameTimeHaveOneWinner() throws Exception {
        for (int round = 0; round < 5; round++) {
            long incarnation = nodes().join("node-" + round);
            silence(store(), incarnation, SILENCE);
            silence(second(), incarnation, SILENCE);
            AtomicInteger granted = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();

            onBothHandles((handle, number) -> {
                if (number % 4 == 0) {
                    ended.addAndGet(handle.nodes().endSilent(incarnation, SILENCE) ? 1 : 0);
                } else if (number == 1) {
                    granted.addAndGet(
                            handle.nodes().beat(incarnation, NodeLoad.NONE).isPresent() ? 1 : 0);
                }
            });

            boolean isAlive = record(store(), incarnation).state().isAlive();
            assertThat(nodes().beat(incarnation, NodeLoad.NONE).isPresent()).isEqualTo(isAlive);
            if (isAlive) {
                assertThat(granted).hasValue(1);
                assertThat(ended).hasValue(0);
            } else {
                // The beat may have been granted before the end only if the node had been silent since.
                assertThat(ended.get()).isPositive();
                assertThat(granted).hasValue(0);
            }
        }
    }

    @Test
    void everyCallerThatEndsASilentNodeSeesItEnded() throws Exception {
        submit(20);
        long silent = nodes().join("silent");
        assertThat(claim(silent, 20)).hasSize(20);
        silence(store(), silent, SILENCE);
        silence(second(), silent, SILENCE);
        AtomicInteger recovered = new AtomicInteger();

        onBothHandles((handle, number) -> {
            assertThat(handle.nodes().endSilent(silent, SILENCE)).isTrue();
            assertThat(handle.nodes().beat(silent, NodeLoad.NONE)).isEmpty();
            recovered.addAndGet(handle.tasks().reap(silent));
        });

        assertThat(recovered).hasValue(20);
        assertThat(claim(nodes().join("next"), 50)).hasSize(20);
    }

    @Test
    void ordersByManyLeaveOneOfThem() throws Exception {
        long incarnation = nodes().join("node-1");
        NodeOrder[] orders = NodeOrder.values();

        onBothHandles((handle, number) -> {
            for (int i = 0; i < 10; i++) {
                assertThat(handle.nodes().order(incarnation, orders[(number + i) % orders.length]))
                        .isTrue();
                assertThat(handle.nodes().beat(incarnation, NodeLoad.NONE)).isPresent();
            }
        });

        NodeRecord node = record(store(), incarnation);
        assertThat(node.state()).isEqualTo(node.order() == NodeOrder.WORK ? NodeState.LIVE : NodeState.DRAINING);
        assertThat(orderOf(incarnation)).isEqualTo(node.order());
    }

    @Test
    void aClosedStoreRefusesCallsAboutNodes() {
        long incarnation = nodes().join("node-1");
        store().close();

        assertClosed(() -> nodes().join(NodeInfo.named("node-2")));
        assertClosed(() -> nodes().beat(incarnation, NodeLoad.NONE));
        assertClosed(() -> nodes().endSilent(incarnation, SILENCE));
        assertClosed(() -> nodes().order(incarnation, NodeOrder.DRAIN));
        assertClosed(() -> nodes().nodes());
        assertClosed(() -> nodes().aliveCount());
    }
}
