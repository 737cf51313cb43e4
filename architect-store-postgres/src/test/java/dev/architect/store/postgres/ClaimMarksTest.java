package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.spi.Store;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes ready below the mark of a store is claimed all the same. */
class ClaimMarksTest extends DatabaseTestCase {

    private static final Set<String> TYPES = Set.of(TaskRequest.PROMPT);

    private static TaskRequest level(int level) {
        return TaskRequest.prompt("p").withPriority(new Priority(level));
    }

    private static List<TaskId> claim(Store store, long node, int limit) {
        return store.tasks().claim(ClaimRequest.of(node, limit, TYPES)).stream()
                .map(ClaimedTask::fencingToken)
                .map(token -> token.id())
                .toList();
    }

    /** Raises the mark of {@code store} far above every key of an urgent task. */
    private static void raise(Store store, long node) {
        store.tasks().submit(List.of(level(9)));
        assertThat(claim(store, node, 5)).hasSize(1);
    }

    @Test
    void anUrgentTaskOfTheSameStoreIsClaimedAtOnce() {
        PostgresStore store = opened(builder().open());
        long node = store.nodes().join("node");
        raise(store, node);

        TaskId urgent = store.tasks().submit(List.of(level(0))).get(0);

        assertThat(claim(store, node, 5)).containsExactly(urgent);
    }

    @Test
    void anUrgentTaskOfAnotherStoreIsClaimedBySoon() throws Exception {
        PostgresStore store = opened(builder().open());
        PostgresStore other = opened(builder().open());
        long node = store.nodes().join("node");
        raise(store, node);

        TaskId urgent = other.tasks().submit(List.of(level(0))).get(0);

        assertThat(claimWithin(store, node, Duration.ofSeconds(20))).containsExactly(urgent);
    }

    @Test
    void anUrgentTaskIsServedBeforeALongBacklog() throws Exception {
        PostgresStore store = opened(builder().open());
        PostgresStore other = opened(builder().open());
        long node = store.nodes().join("node");
        store.tasks().submit(Collections.nCopies(20_000, level(9)));
        assertThat(claim(store, node, 5)).hasSize(5);

        TaskId urgent = other.tasks().submit(List.of(level(0))).get(0);

        boolean isServed = false;
        for (int i = 0; i < 3_900 && !isServed; i++) {
            isServed = claim(store, node, 5).contains(urgent);
        }
        assertThat(isServed).as("claimed before the backlog ended").isTrue();
    }

    private static List<TaskId> claimWithin(Store store, long node, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        List<TaskId> claimed = List.of();
        while (claimed.isEmpty() && System.nanoTime() - end < 0) {
            claimed = claim(store, node, 5);
        }
        return claimed;
    }
}
