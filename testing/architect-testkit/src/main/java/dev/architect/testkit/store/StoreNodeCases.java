package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.task.SessionInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes and their sessions. */
abstract class StoreNodeCases extends StoreCases {

    private static final SessionInfo FIRST = new SessionInfo("llm-1", "llm", 4, 2);
    private static final SessionInfo SECOND = new SessionInfo("llm-2", "llm", 4, 0);

    StoreNodeCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void assignsAnIncarnationToEveryJoin() {
        long second = store().nodes().join("node-1");
        store().nodes().leave(second);
        long third = store().nodes().join("node-1");

        assertThat(node()).isPositive();
        assertThat(second).isGreaterThan(node());
        assertThat(third).isGreaterThan(second);
    }

    @Test
    void countsLiveNodes() throws Exception {
        long second = store().nodes().join("node-2");
        long third = store().nodes().join("node-3");
        assertThat(store().nodes().aliveCount()).isEqualTo(3);

        store().nodes().leave(second);
        kill(third);
        store().nodes().deadOwners();

        assertThat(store().nodes().aliveCount()).isEqualTo(1);
    }

    @Test
    void rejectsTheHeartbeatOfADeadIncarnation() throws Exception {
        long left = store().nodes().join("left");
        long killed = store().nodes().join("killed");
        store().nodes().leave(left);
        kill(killed);
        store().nodes().deadOwners();

        assertThat(store().nodes().beat(node())).isPresent();
        assertThat(store().nodes().beat(left)).isEmpty();
        assertThat(store().nodes().beat(killed)).isEmpty();
        assertThat(store().nodes().beat(node() + 1_000)).isEmpty();
    }

    @Test
    void listsDeadOwnersOfTasks() throws Exception {
        submit(3);
        long left = store().nodes().join("left");
        long killed = store().nodes().join("killed");
        long idle = store().nodes().join("idle");
        claim(left, 1);
        claim(killed, 1);
        claimOne();
        assertThat(store().nodes().deadOwners()).isEmpty();

        store().nodes().leave(left);
        kill(killed);
        kill(idle);

        assertThat(store().nodes().deadOwners()).containsExactlyInAnyOrder(left, killed);
        assertThat(store().nodes().deadOwners()).containsExactlyInAnyOrder(left, killed);
        store().tasks().reap(left);
        store().tasks().reap(killed);
        assertThat(store().nodes().deadOwners()).isEmpty();
    }

    @Test
    void leavingTwiceHasNoEffect() {
        store().nodes().leave(node());
        store().nodes().leave(node());
        store().nodes().leave(node() + 1_000);

        assertThat(store().nodes().aliveCount()).isZero();
    }

    @Test
    void keepsTheLatestSessions() {
        store().nodes().saveSessions(node(), List.of(FIRST));
        SessionInfo busier = new SessionInfo("llm-1", "llm", 4, 4);

        store().nodes().saveSessions(node(), List.of(busier, SECOND));
        assertThat(store().nodes().sessions()).containsExactlyInAnyOrder(busier, SECOND);

        store().nodes().saveSessions(node(), List.of(SECOND));
        assertThat(store().nodes().sessions()).containsExactly(SECOND);

        store().nodes().saveSessions(node(), List.of());
        assertThat(store().nodes().sessions()).isEmpty();
    }

    @Test
    void listsSessionsOfLiveNodesOnly() throws Exception {
        long left = store().nodes().join("left");
        long killed = store().nodes().join("killed");
        store().nodes().saveSessions(node(), List.of(FIRST));
        store().nodes().saveSessions(left, List.of(FIRST));
        store().nodes().saveSessions(killed, List.of(SECOND));
        assertThat(store().nodes().sessions()).containsExactlyInAnyOrder(FIRST, FIRST, SECOND);

        store().nodes().leave(left);
        kill(killed);
        store().nodes().deadOwners();
        store().nodes().saveSessions(left, List.of(SECOND));

        assertThat(store().nodes().sessions()).containsExactly(FIRST);
    }
}
