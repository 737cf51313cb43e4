package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.spi.TaskStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskCommandTest {

    @TempDir
    private Path folder;

    private SqliteStore open() {
        return SqliteStore.at(folder.resolve("architect.db"));
    }

    @BeforeEach
    void makeADatabase() {
        open().close();
    }

    private GaiaRun task(String command, String... more) {
        return reading("", command, more);
    }

    private GaiaRun reading(String typed, String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of("task", command, "--data", folder.toString()));
        arguments.addAll(List.of(more));
        return GaiaRun.gaiaReading(typed, arguments.toArray(String[]::new));
    }

    private TaskId submit(String... more) {
        GaiaRun run = task("submit", more);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return TaskId.parse(run.out().strip());
    }

    private Task find(TaskId id) {
        try (SqliteStore store = open()) {
            return store.tasks().find(id).orElseThrow();
        }
    }

    @Test
    void listsAndChangesWhatPassesAFilter() {
        TaskId night = submit("--queue", "night", "--project", "web", "later");
        TaskId day = submit("--project", "web", "now");
        submit("other");

        GaiaRun listed = task("list", "--filter", "project:web created:-1d");
        GaiaRun one = task("list", "--filter", "project:web", "--limit", "1");
        GaiaRun held = task("bulk", "hold", "--filter", "-queue:night project:web");
        GaiaRun left = task("list", "--filter", "-state:held project:web", "--before", day.toString());

        assertThat(listed.out().lines().map(line -> line.split("  ")[0]))
                .containsExactly(day.toString(), night.toString());
        assertThat(one.out()).startsWith(day + "  ready  prompt  web  ");
        assertThat(one.err()).contains("there may be more: --before " + day);
        assertThat(held.out()).contains("1 task changed");
        assertThat(find(day).state()).isEqualTo(TaskState.HELD);
        assertThat(left.out().lines().map(line -> line.split("  ")[0])).containsExactly(night.toString());
    }

    @Test
    void saysWhatIsWrongWithAFilter() {
        assertThat(task("list", "--filter", "tipe:a").err())
                .contains("--filter has the unknown field 'tipe' at position 1, did you mean 'type'");
        assertThat(task("list", "--filter", "priority:3").err()).contains("no index finds");
        assertThat(task("list", "--zone", "Mars").err()).contains("--zone is 'Mars', expected such as Europe/Berlin");
        assertThat(task("bulk", "cancel").err()).contains("--state and --filter are missing");
        assertThat(task("bulk", "cancel", "--filter", "state:done").err()).contains("--filter: states have done");
        assertThat(task("bulk", "cancel", "--filter", "type:a", "--type", "b").err())
                .contains("expected within it");
        assertThat(task("redrive", "--filter", "type:a").err()).contains("--filter names no state");
        assertThat(task("redrive", "--filter", "state:dead type:a").out()).contains("0 tasks ready again");
    }

    /** Runs the next task to an end of that kind. */
    private void end(AttemptOutcome outcome, TaskState next, String error) {
        try (SqliteStore store = open()) {
            TaskStore tasks = store.tasks();
            long node = store.nodes().join("node");
            ClaimedTask claimed =
                    tasks.claim(ClaimRequest.of(node, 1, Set.of("prompt"))).get(0);
            Instant now = Instant.now();
            tasks.finish(List.of(new AttemptEnd(
                    claimed.fencingToken(),
                    "llm-1",
                    now,
                    now,
                    outcome,
                    next,
                    Duration.ZERO,
                    AttemptResult.error(error))));
            store.nodes().leave(node);
        }
    }

    @Test
    void submitsATask() {
        TaskId id = submit("Summarise it", "--project", "web", "--priority", "1", "--delay", "2h");
        TaskId piped = TaskId.parse(reading("from a pipe", "submit", "-").out().strip());

        TaskRequest request = find(id).request();
        assertThat(request.type()).isEqualTo("prompt");
        assertThat(request.payload()).contains("Summarise it");
        assertThat(request.attribution().project().name()).isEqualTo("web");
        assertThat(request.priority().level()).isEqualTo(1);
        assertThat(request.delay()).isEqualTo(Duration.ofHours(2));
        assertThat(find(piped).request().payload()).contains("from a pipe");
    }

    @Test
    void submitsOnceWithAKey() {
        TaskId first = submit("hello", "--key", "order-7");

        assertThat(submit("hello", "--key", "order-7")).isEqualTo(first);
        assertThat(task("submit", "goodbye", "--key", "order-7").errLines())
                .containsExactly("gaia: idempotencyKey is 'order-7', which was used for task " + first
                        + " with another request, expected the same request or another key");
        try (SqliteStore store = open()) {
            assertThat(store.tasks().list(TaskQuery.newest(10))).hasSize(1);
        }
    }

    @Test
    void refusesBadTasksBeforeItAcceptsThem() {
        assertThat(task("submit", "p", "--delay=-1s").errLines())
                .containsExactly("gaia: delay is PT-1S, expected zero or more");
        assertThat(task("submit", "p", "--delay", "367d").errLines())
                .containsExactly("gaia: delay is PT8808H, expected at most 366 days");
        assertThat(task("submit", "p", "--delay", "soon").errLines())
                .containsExactly("gaia: --delay is 'soon', expected a time such as 90s, 5m or 2h");
        assertThat(task("submit", "p", "--type", "paint").errLines())
                .containsExactly("gaia: task type is 'paint', expected one of [prompt]");
        assertThat(task("submit", "p", "--priority", "12").errLines())
                .containsExactly("gaia: priority is 12, expected 0..9");
        assertThat(task("submit", "p", "--key", "x".repeat(256)).errLines())
                .containsExactly("gaia: idempotencyKey has 256 characters, expected at most 255");
        GaiaRun large = reading("x".repeat(1_000_001), "submit", "--type", "prompt", "-");
        assertThat(large.exitCode()).isEqualTo(1);
        assertThat(large.err()).contains("characters, expected at most 1000000");
        try (SqliteStore store = open()) {
            assertThat(store.tasks().list(TaskQuery.newest(10))).isEmpty();
        }
    }

    @Test
    void holdsAndResumes() {
        TaskId id = submit("hello");
        assertThat(task("hold", id.toString()).out()).isEqualToIgnoringNewLines(id + "  held");

        assertThat(task("hold", id.toString()).errLines())
                .containsExactly("gaia: task " + id + " is held, expected ready, scheduled, blocked or limited");
        assertThat(task("resume", id.toString()).out()).isEqualToIgnoringNewLines(id + "  ready");
        assertThat(task("resume", id.toString()).errLines())
                .containsExactly("gaia: task " + id + " is ready, expected held");
    }

    @Test
    void showsWhatATaskWaitsForAndWhatWaitsForIt() {
        TaskId parent = submit("hello");
        TaskId child;
        try (SqliteStore store = open()) {
            child = store.tasks()
                    .submit(List.of(TaskRequest.prompt("p")
                            .withOptions(TaskOptions.DEFAULT.withParents(
                                    List.of(new ParentTask(parent, ParentTask.OnFailure.CANCEL))))))
                    .get(0);
        }

        assertThat(task("show", child.toString()).out().lines())
                .containsExactly(child + "  blocked", "waits for " + parent + "  ready, on failure cancel");
        assertThat(task("show", parent.toString()).out().lines())
                .containsExactly(parent + "  ready", "child " + child + "  blocked, on failure cancel");
    }

    @Test
    void showsAQuestionAndTakesTheAnswer() {
        TaskId id = submit("hello");
        end(AttemptOutcome.NEEDS_INPUT, TaskState.HELD, "which branch?");

        assertThat(task("show", id.toString()).out().lines())
                .containsExactly(id + "  held", "asks: which branch?", "attempt 1  needs input: which branch?");
        assertThat(reading("main", "resume", id.toString(), "--input", "-").exitCode())
                .isZero();

        try (SqliteStore store = open()) {
            long node = store.nodes().join("node");
            assertThat(store.tasks()
                            .claim(ClaimRequest.of(node, 1, Set.of("prompt")))
                            .get(0)
                            .input())
                    .contains("main");
        }
    }

    @Test
    void editsATaskThatWaits() {
        TaskId id = submit("hello", "--delay", "2h");
        assertThat(task("edit", id.toString(), "--priority", "1", "--delay", "0s")
                        .out())
                .isEqualToIgnoringNewLines(id + "  ready");
        assertThat(find(id).request().priority().level()).isEqualTo(1);
        assertThat(task("edit", id.toString()).errLines())
                .containsExactly("gaia: edit is empty, expected at least one change");
        assertThat(task("run-now", id.toString()).out()).isEqualToIgnoringNewLines(id + "  ready");
    }

    @Test
    void changesAllThatPass() {
        TaskId first = submit("hello");
        TaskId web = submit("other", "--project", "web");

        assertThat(task("bulk", "cancel", "--state", "ready,scheduled", "--dry-run")
                        .out())
                .isEqualToIgnoringNewLines("2 tasks would be changed");
        assertThat(task("bulk", "priority", "--priority", "9", "--state", "ready", "--project", "web")
                        .out())
                .isEqualToIgnoringNewLines("1 task changed");
        assertThat(find(web).request().priority().level()).isEqualTo(9);
        assertThat(task("bulk", "cancel", "--state", "ready", "--after", first.toString())
                        .out())
                .isEqualToIgnoringNewLines("1 task changed");
        assertThat(find(first).state()).isEqualTo(TaskState.READY);
        assertThat(find(web).state()).isEqualTo(TaskState.CANCELLED);
        assertThat(task("bulk", "hold", "--state", "done").errLines())
                .containsExactly("gaia: states have done, expected ready, scheduled, blocked, limited only to hold");
        assertThat(task("bulk", "stop", "--state", "ready").errLines())
                .containsExactly("gaia: ACTION is 'stop', expected cancel, hold, resume, redrive, priority");
    }

    @Test
    void submitsWithAUniqueKey() {
        TaskId first = submit("hello", "--unique-key", "k", "--expires", "2h");

        assertThat(submit("other", "--unique-key", "k", "--on-conflict", "existing"))
                .isEqualTo(first);
        assertThat(task("submit", "other", "--unique-key", "k").errLines())
                .containsExactly("gaia: uniqueKey is 'k', which task " + first
                        + " has, expected one that no unfinished task of the project has");
        assertThat(find(first).request().options().expiresAfter()).contains(Duration.ofHours(2));
    }

    @Test
    void cancelsAndRedrives() {
        TaskId cancelled = submit("hello");
        assertThat(task("cancel", cancelled.toString()).out()).isEqualToIgnoringNewLines(cancelled + "  cancelled");
        TaskId dead = submit("other", "--project", "web");
        end(AttemptOutcome.FAILED, TaskState.DEAD, "no");

        assertThat(task("redrive", "--state", "dead,cancelled", "--dry-run").out())
                .isEqualToIgnoringNewLines("2 tasks would be ready again");
        assertThat(task("redrive", "--state", "dead", "--project", "web").out())
                .isEqualToIgnoringNewLines("1 task ready again");
        assertThat(find(dead).state()).isEqualTo(TaskState.READY);
        assertThat(find(cancelled).state()).isEqualTo(TaskState.CANCELLED);
        assertThat(task("redrive", cancelled.toString()).out()).isEqualToIgnoringNewLines(cancelled + "  ready");
        assertThat(task("redrive", cancelled.toString()).errLines())
                .containsExactly("gaia: task " + cancelled + " is ready, expected dead, cancelled or expired");
        assertThat(task("redrive", "--state", "done").errLines())
                .containsExactly("gaia: --state is 'done', expected dead, cancelled, expired");
        assertThat(task("redrive").errLines())
                .containsExactly("gaia: expected the id of a task, or --state or --filter, and not both");
        assertThat(GaiaRun.gaia("activity", "--data", folder.toString(), "--kind", "task-redriven")
                        .out()
                        .lines())
                .hasSize(2);
    }

    @Test
    void cancelsARunningTaskByForce() {
        TaskId id = submit("hello");
        try (SqliteStore server = open()) {
            long node = server.nodes().join("server");
            server.tasks().claim(ClaimRequest.of(node, 1, Set.of("prompt")));

            assertThat(task("cancel", id.toString()).out()).isEqualToIgnoringNewLines(id + "  running");
            assertThat(task("cancel", "--force", id.toString()).out()).isEqualToIgnoringNewLines(id + "  cancelled");

            assertThat(server.tasks().runningOf(node)).isEmpty();
        }
    }

    @Test
    void namesWhatIsWrong() {
        assertThat(task("show", "nothing").errLines())
                .containsExactly("gaia: the task is 'nothing', expected the id of a task, 13 characters");
        assertThat(task("cancel", new TaskId(7).toString()).errLines())
                .containsExactly(
                        "gaia: task " + new TaskId(7) + " does not exist, expected the id of a submitted task");
        assertThat(GaiaRun.gaia("task").exitCode()).isEqualTo(2);
        Path empty = folder.resolve("empty");
        assertThat(GaiaRun.gaia("task", "submit", "p", "--data", empty.toString())
                        .errLines())
                .containsExactly(
                        "gaia: " + empty + "/architect.db is not there, expected the database of a server or a demo");
    }
}
