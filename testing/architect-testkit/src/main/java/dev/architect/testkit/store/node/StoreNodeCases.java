package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.task.SessionInfo;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes and their sessions. */
public abstract class StoreNodeCases extends StoreFixture {

    private static final SessionInfo FIRST = new SessionInfo("llm-1", "llm", 4, 2);
    private static final SessionInfo SECOND = new SessionInfo("llm-2", "llm", 4, 0);

    private long joined;

    /** For the contract. */
    protected StoreNodeCases(StoreHandles handles) {
        super(handles);
    }

    @BeforeEach
    void join() {
        joined = nodes().join("node-1");
    }

    private long node() {
        return joined;
    }

    @Test
    void assignsAnIncarnationToEveryJoin() {
        long second = nodes().join("node-1");
        nodes().leave(second);
        long third = nodes().join("node-1");

        assertThat(node()).isPositive();
        assertThat(second).isGreaterThan(node());
        assertThat(third).isGreaterThan(second);
    }

    @Test
    void countsLiveNodes() throws Exception {
        long second = nodes().join("node-2");
        long third = nodes().join("node-3");
        assertThat(nodes().aliveCount()).isEqualTo(3);

        nodes().leave(second);
        kill(third);
        nodes().deadOwners();

        assertThat(nodes().aliveCount()).isEqualTo(1);
    }

    @Test
    void rejectsTheHeartbeatOfADeadIncarnation() throws Exception {
        long left = nodes().join("left");
        long killed = nodes().join("killed");
        nodes().leave(left);
        kill(killed);
        nodes().deadOwners();

        assertThat(nodes().beat(node())).isPresent();
        assertThat(nodes().beat(left)).isEmpty();
        assertThat(nodes().beat(killed)).isEmpty();
        assertThat(nodes().beat(node() + 1_000)).isEmpty();
    }

    @Test
    void listsDeadOwnersOfTasks() throws Exception {
        submit(3);
        long left = nodes().join("left");
        long killed = nodes().join("killed");
        long idle = nodes().join("idle");
        claim(left, 1);
        claim(killed, 1);
        claim(node(), 1);
        assertThat(nodes().deadOwners()).isEmpty();

        nodes().leave(left);
        kill(killed);
        kill(idle);

        assertThat(nodes().deadOwners()).containsExactlyInAnyOrder(left, killed);
        assertThat(nodes().deadOwners()).containsExactlyInAnyOrder(left, killed);
        store().tasks().reap(left);
        store().tasks().reap(killed);
        assertThat(nodes().deadOwners()).isEmpty();
    }

    @Test
    void leavingTwiceHasNoEffect() {
        nodes().leave(node());
        nodes().leave(node());
        nodes().leave(node() + 1_000);

        assertThat(nodes().aliveCount()).isZero();
    }

    @Test
    void keepsTheLatestSessions() {
        nodes().saveSessions(node(), List.of(FIRST));
        SessionInfo busier = new SessionInfo("llm-1", "llm", 4, 4);

        nodes().saveSessions(node(), List.of(busier, SECOND));
        assertThat(nodes().sessions()).containsExactlyInAnyOrder(busier, SECOND);

        nodes().saveSessions(node(), List.of(SECOND));
        assertThat(nodes().sessions()).containsExactly(SECOND);

        nodes().saveSessions(node(), List.of());
        assertThat(nodes().sessions()).isEmpty();
    }

    @Test
    void listsSessionsOfLiveNodesOnly() throws Exception {
        long left = nodes().join("left");
        long killed = nodes().join("killed");
        nodes().saveSessions(node(), List.of(FIRST));
        nodes().saveSessions(left, List.of(FIRST));
        nodes().saveSessions(killed, List.of(SECOND));
        assertThat(nodes().sessions()).containsExactlyInAnyOrder(FIRST, FIRST, SECOND);
        assertThat(nodes().sessionsByNode())
                .containsOnlyKeys(node(), left, killed)
                .containsEntry(killed, List.of(SECOND));

        nodes().leave(left);
        kill(killed);
        nodes().deadOwners();
        nodes().saveSessions(left, List.of(SECOND));

        assertThat(nodes().sessions()).containsExactly(FIRST);
        assertThat(nodes().sessionsByNode()).containsOnlyKeys(node());
    }
}
