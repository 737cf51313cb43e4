package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.project.ProjectId;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages and counts over a million tasks. Prints how long each takes. */
@Tag("slow")
class SqliteMillionTasksTest {

    private static final int TASKS = 1_000_000;
    private static final int CHUNK = 5_000;
    private static final int REPEATS = 15;
    private static final TaskId MIDDLE = TaskId.of(TASKS / 20, 0, 0);

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();

    /** Oldest to newest: some wait, some are delayed, most are done, a few are dead or cancelled. */
    private void fill(Path file) throws Exception {
        try (SqliteStore store = SqliteStore.builder(file).time(time).open()) {
            for (int from = 0; from < TASKS; from += CHUNK) {
                List<TaskRequest> requests = new ArrayList<>();
                for (int i = from; i < from + CHUNK; i++) {
                    requests.add(TaskRequest.of(i % 100 == 0 ? "rare" : "type-" + i % 3, "payload")
                            .withProject(new ProjectId(i % 5_000 == 0 ? "small" : "project-" + i % 7))
                            .withDelay(i < TASKS / 10 && i % 2 == 0 ? Duration.ofDays(300) : Duration.ZERO));
                }
                store.tasks().submit(requests);
                time.advance(Duration.ofSeconds(1));
            }
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement sql = connection.createStatement()) {
            // The ends are made by hand, since a million attempts would take minutes. The oldest tenth still waits.
            sql.execute("BEGIN");
            sql.execute("UPDATE task SET done_at = created_at + 5, state = CASE WHEN (id >> 18) % 1000 = 7 THEN 11"
                    + " WHEN (id >> 18) % 50 = 3 THEN 12 ELSE 10 END WHERE (id >> 18) > " + TASKS / 10);
            sql.execute("DELETE FROM task_count");
            sql.execute(
                    "INSERT INTO task_count (lane, state, n) SELECT lane, state, count(*) FROM task GROUP BY lane, state");
            sql.execute("COMMIT");
        }
    }

    @Test
    void answersEveryPageInMilliseconds() throws Exception {
        Path file = directory.resolve("million.db");
        Instant start = time.wallTime();
        fill(file);
        Map<String, TaskQuery> queries = new LinkedHashMap<>();
        TaskQuery newest = TaskQuery.newest(50);
        queries.put("all", newest);
        for (TaskState state : TaskState.values()) {
            queries.put(state.toString(), newest.withStates(Set.of(state)));
        }
        queries.put("READY and SCHEDULED", newest.withStates(Set.of(TaskState.READY, TaskState.SCHEDULED)));
        queries.put("rare type", newest.withType("rare"));
        queries.put("frequent type", newest.withType("type-1"));
        queries.put("rare type, READY", newest.withType("rare").withStates(Set.of(TaskState.READY)));
        queries.put("rare type, DEAD", newest.withType("rare").withStates(Set.of(TaskState.DEAD)));
        queries.put("small project", newest.withProject(new ProjectId("small")));
        queries.put("large project", newest.withProject(new ProjectId("project-1")));
        queries.put(
                "large project, READY",
                newest.withProject(new ProjectId("project-1")).withStates(Set.of(TaskState.READY)));
        queries.put(
                "large project, DEAD",
                newest.withProject(new ProjectId("project-1")).withStates(Set.of(TaskState.DEAD)));
        queries.put(
                "large project, rare type",
                newest.withProject(new ProjectId("project-1")).withType("rare"));
        queries.put(
                "small project, DONE",
                newest.withProject(new ProjectId("small")).withStates(Set.of(TaskState.DONE)));
        queries.put("old day", newest.withCreatedBefore(start.plusSeconds(60)));
        queries.put(
                "a minute", newest.withCreatedFrom(start.plusSeconds(80)).withCreatedBefore(start.plusSeconds(140)));
        queries.put(
                "a minute, DEAD",
                newest.withCreatedFrom(start.plusSeconds(80))
                        .withCreatedBefore(start.plusSeconds(140))
                        .withStates(Set.of(TaskState.DEAD)));
        queries.put(
                "old day, large project",
                newest.withCreatedBefore(start.plusSeconds(60)).withProject(new ProjectId("project-1")));

        Map<String, Long> slow = new LinkedHashMap<>();
        try (SqliteStore store = SqliteStore.builder(file).time(time).open()) {
            queries.forEach((name, query) -> {
                long micros = median(() -> store.tasks().list(query));
                List<Task> first = store.tasks().list(query);
                long deep = first.isEmpty() ? 0 : median(() -> store.tasks().list(query.after(MIDDLE)));
                System.out.printf("%-28s %6d us, deep %6d us, %d rows%n", name, micros, deep, first.size());
                if (Math.max(micros, deep) > 10_000) {
                    slow.put(name, Math.max(micros, deep));
                }
            });
            System.out.printf("%-28s %6d us%n", "counts", median(store.tasks()::counts));
        }
        assertThat(slow).as("pages of more than 10 ms, in microseconds").isEmpty();
    }

    private static long median(Runnable call) {
        long[] micros = new long[REPEATS];
        for (int i = 0; i < REPEATS; i++) {
            long before = System.nanoTime();
            call.run();
            micros[i] = (System.nanoTime() - before) / 1_000;
        }
        Arrays.sort(micros);
        return micros[REPEATS / 2];
    }
}
