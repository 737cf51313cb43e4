package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.spi.TaskStore;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a purge leaves in the file. */
class SqlitePurgeTest {

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();

    private Path file() {
        return directory.resolve("architect.db");
    }

    private SqliteStore open() {
        return SqliteStore.builder(file()).time(time).open();
    }

    private long rows(String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT count(*) FROM " + table)) {
            return row.getLong(1);
        }
    }

    private static int purge(TaskStore tasks, TaskRetention retention) {
        int steps = 0;
        Optional<PurgeCursor> position = Optional.empty();
        do {
            PurgedTasks purged = tasks.purge(retention, position, 100);
            position = purged.next();
            steps++;
        } while (position.isPresent());
        return steps;
    }

    @Test
    void leavesNoRowOfADeletedTask() throws Exception {
        try (SqliteStore store = open()) {
            TaskStore tasks = store.tasks();
            long node = store.nodes().join("node");
            tasks.submitOnce(IntStream.range(0, 250)
                    .mapToObj(i -> TaskSubmission.of(TaskRequest.of("work", "p"), new IdempotencyKey("k" + i)))
                    .toList());
            end(tasks, node, AttemptOutcome.NEEDS_INPUT, TaskState.HELD, AttemptResult.error("which?"));
            tasks.ids(TaskFilter.of(TaskState.HELD), Optional.empty(), 500)
                    .forEach(id -> tasks.resume(id, Optional.of("this")));
            end(tasks, node, AttemptOutcome.SUCCEEDED, TaskState.DONE, AttemptResult.output("done"));
            assertThat(rows("task_attempt")).isEqualTo(500);
            assertThat(rows("task_input")).isEqualTo(250);
            assertThat(rows("idempotency_key")).isEqualTo(250);
            time.advance(Duration.ofDays(8));

            assertThat(purge(tasks, TaskRetention.DEFAULT)).isGreaterThanOrEqualTo(3);

            for (String table :
                    List.of("task", "task_body", "task_result", "task_attempt", "task_input", "idempotency_key")) {
                assertThat(rows(table)).as(table).isZero();
            }
            assertThat(tasks.counts()).isEmpty();
        }
    }

    private void end(TaskStore tasks, long node, AttemptOutcome outcome, TaskState next, AttemptResult result) {
        List<ClaimedTask> claimed = tasks.claim(ClaimRequest.of(node, 500, Set.of("work")));
        assertThat(claimed).hasSize(250);
        tasks.finish(claimed.stream()
                .map(task -> new AttemptEnd(
                        task.fencingToken(),
                        "llm-1",
                        time.wallTime(),
                        time.wallTime(),
                        outcome,
                        next,
                        Duration.ZERO,
                        result))
                .toList());
    }

    @Test
    void deletesEveryExpiredKeyAlsoWhereAllTasksAreKept() throws Exception {
        try (SqliteStore store = open()) {
            store.tasks()
                    .submitOnce(IntStream.range(0, 450)
                            .mapToObj(i -> TaskSubmission.of(TaskRequest.of("work", "p"), new IdempotencyKey("k" + i)))
                            .toList());
            time.advance(Duration.ofHours(23));
            purge(store.tasks(), TaskRetention.KEEP_ALL);
            assertThat(rows("idempotency_key")).isEqualTo(450);
            time.advance(Duration.ofHours(1));

            assertThat(purge(store.tasks(), TaskRetention.KEEP_ALL)).isEqualTo(5);

            assertThat(rows("idempotency_key")).isZero();
            assertThat(rows("task")).isEqualTo(450);
        }
    }
}
