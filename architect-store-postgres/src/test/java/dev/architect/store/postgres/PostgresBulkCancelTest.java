package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.schedule.BulkActions;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 100,000 tasks of a type are cancelled in batches, beside others that stay. */
@Tag("slow")
class PostgresBulkCancelTest extends DatabaseTestCase {

    private static final int TASKS = 100_000;

    @Test
    void cancelsAHundredThousandTasksInTenSeconds() throws Exception {
        try (PostgresStore store = builder().open()) {
            TaskStore tasks = store.tasks();
            for (int i = 0; i < TASKS / 5_000; i++) {
                tasks.submit(Collections.nCopies(5_000, TaskRequest.of("report", "p")));
                tasks.submit(Collections.nCopies(500, TaskRequest.of("other", "p")));
            }

            long start = System.nanoTime();
            int cancelled = 0;
            Optional<TaskId> last = Optional.empty();
            List<TaskId> batch;
            do {
                batch = tasks.ids(
                        TaskFilter.of(TaskState.READY, TaskState.SCHEDULED).withType("report"),
                        last,
                        TaskStore.MAX_BATCH);
                cancelled += tasks.change(batch, TaskAction.CANCEL).size();
                last = batch.isEmpty() ? last : Optional.of(batch.get(batch.size() - 1));
            } while (batch.size() == TaskStore.MAX_BATCH);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            System.out.println("cancelled " + cancelled + " tasks in " + took.toMillis() + " ms (PostgreSQL)");
            assertThat(cancelled).isEqualTo(TASKS);
            assertThat(tasks.counts()).isEqualTo(Map.of(TaskState.CANCELLED, (long) TASKS, TaskState.READY, 10_000L));
            assertThat(took).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** The program ends in the middle, and another one goes on from where it was told that it had come to. */
    @Test
    void goesOnWithWhatWasStoppedAndCancelsEachTaskOnce() throws Exception {
        TaskFilter filter = TaskFilter.of(TaskState.READY).withType("report");
        List<TaskId> ended = new ArrayList<>();
        BulkProgress stopped;
        try (PostgresStore store = builder().open()) {
            for (int i = 0; i < TASKS / 5_000; i++) {
                store.tasks().submit(Collections.nCopies(5_000, TaskRequest.of("report", "p")));
                store.tasks().submit(Collections.nCopies(500, TaskRequest.of("other", "p")));
            }

            stopped = actions(store, ended)
                    .run(TaskAction.CANCEL, filter, Optional.empty(), progress -> progress.done() < TASKS / 2);
        }
        assertThat(stopped.isComplete()).isFalse();
        assertThat(stopped.done()).isEqualTo(TASKS / 2);

        try (PostgresStore store = builder().open()) {
            BulkProgress rest = actions(store, ended).run(TaskAction.CANCEL, filter, stopped.last(), progress -> true);

            assertThat(rest).isEqualTo(new BulkProgress(TASKS - stopped.done(), 0, rest.last(), true));
            assertThat(store.tasks().counts())
                    .isEqualTo(Map.of(TaskState.CANCELLED, (long) TASKS, TaskState.READY, 10_000L));
            assertThat(actions(store, ended).count(TaskAction.CANCEL, filter)).isZero();
        }
        assertThat(ended).hasSize(TASKS).doesNotHaveDuplicates();
    }

    private static BulkActions actions(PostgresStore store, List<TaskId> ended) {
        return new BulkActions(
                store.tasks(), TimeSource.system(), event -> event.about().ifPresent(ended::add), null);
    }
}
