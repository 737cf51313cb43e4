package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task whose row cannot be read ends alone: it keeps no other task from being claimed or listed. */
final class SqliteUnreadableTaskTest {

    @TempDir
    Path directory;

    private List<TaskId> tasks = List.of();

    @BeforeEach
    void submit() {
        try (SqliteStore store = SqliteStore.at(file())) {
            tasks = store.tasks()
                    .submit(IntStream.range(0, 5)
                            .mapToObj(i -> TaskRequest.prompt("p" + i))
                            .toList());
        }
    }

    @Test
    void endsATaskWhoseAttributesAreNoJson() throws Exception {
        execute("UPDATE task_body SET attributes = '{broken' WHERE id = "
                + tasks.get(2).value());
        claimsTheOthersAndEndsTheThird("its stored form cannot be read (JsonException)");
    }

    @Test
    void endsATaskWhoseTimeoutIsOutOfRange() throws Exception {
        execute("UPDATE task_body SET timeout = -1 WHERE id = " + tasks.get(2).value());
        claimsTheOthersAndEndsTheThird("its stored form cannot be read (IllegalArgumentException)");
    }

    @Test
    void endsATaskWithoutABody() throws Exception {
        execute("DELETE FROM task_body WHERE id = " + tasks.get(2).value());
        claimsTheOthersAndEndsTheThird("its body is missing");
    }

    @Test
    void whatWaitsForItGoesOn() throws Exception {
        TaskId parent = tasks.get(2);
        TaskId proceeds;
        TaskId cancelled;
        try (SqliteStore store = SqliteStore.at(file())) {
            proceeds = store.tasks()
                    .submit(List.of(after(parent, OnFailure.PROCEED)))
                    .get(0);
            cancelled = store.tasks()
                    .submit(List.of(after(parent, OnFailure.CANCEL)))
                    .get(0);
        }
        execute("DELETE FROM task_body WHERE id = " + parent.value());

        claimsTheOthersAndEndsTheThird("its body is missing");

        try (SqliteStore store = SqliteStore.at(file())) {
            assertThat(store.tasks().find(proceeds).orElseThrow().state()).isEqualTo(TaskState.READY);
            assertThat(store.tasks().find(cancelled).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
        }
    }

    private static TaskRequest after(TaskId parent, OnFailure onFailure) {
        return TaskRequest.prompt("child")
                .withOptions(TaskOptions.DEFAULT.withParents(List.of(new ParentTask(parent, onFailure))));
    }

    private void claimsTheOthersAndEndsTheThird(String error) {
        try (SqliteStore store = SqliteStore.at(file())) {
            long node = store.nodes().join("node");

            assertThat(store.tasks().claim(ClaimRequest.of(node, 10, Set.of(TaskRequest.PROMPT))))
                    .extracting(claimed -> claimed.fencingToken().id())
                    .containsExactly(tasks.get(0), tasks.get(1), tasks.get(3), tasks.get(4));

            assertThat(store.tasks().result(tasks.get(2))).hasValueSatisfying(result -> {
                assertThat(result.state()).isEqualTo(TaskState.DEAD);
                assertThat(result.error()).contains(error);
            });
            assertThat(store.tasks().attempts(tasks.get(2)))
                    .singleElement()
                    .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.FAILED));
            assertThat(store.tasks().list(TaskQuery.newest(10))).hasSizeGreaterThanOrEqualTo(4);
        }
    }

    private Path file() {
        return directory.resolve("architect.db");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
