package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.attempt.NodeReason;
import dev.architect.attempt.RouteChoice;
import dev.architect.attempt.RouteChoice.Called;
import dev.architect.attempt.RouteChoice.Chosen;
import dev.architect.attempt.RouteChoice.Skipped;
import dev.architect.attempt.SessionReason;
import dev.architect.event.ActivityEntry;
import dev.architect.graph.TaskLink;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.node.NodeLoad;
import dev.architect.route.ExclusionReason;
import dev.architect.route.SelectionReason;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia task why}, parents of {@code gaia task submit}, and {@code gaia type}, {@code limit}, {@code pool} and {@code session}. */
final class EngineCommandsTest {

    @TempDir
    private Path folder;

    private SqliteStore open() {
        return SqliteStore.at(folder.resolve("architect.db"));
    }

    @BeforeEach
    void makeADatabase() {
        open().close();
    }

    private GaiaRun gaia(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    private TaskId submit(String... more) {
        List<String> all = new ArrayList<>(List.of("task", "submit", "p"));
        all.addAll(List.of(more));
        GaiaRun run = gaia(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return TaskId.parse(run.out().strip());
    }

    /** Does something while a node is alive that has two sessions. */
    private void withNode(Consumer<SqliteStore> work) {
        try (SqliteStore store = open()) {
            long node = store.nodes().join("box-1");
            store.nodes().beat(node, new NodeLoad(1, 256));
            store.nodes()
                    .saveSessions(
                            node,
                            List.of(new SessionInfo("llm-1", "llm", 128, 1), new SessionInfo("llm-2", "llm", 128, 0)));
            work.accept(store);
            store.nodes().leave(node);
        }
    }

    @Test
    void saysWhyAnAttemptRanWhereItRan() {
        TaskId id = submit();
        assertThat(gaia("task", "why", id.toString()).err()).contains("It has not begun.");
        try (SqliteStore store = open()) {
            long node = store.nodes().join("box-1");
            FencingToken token = store.tasks()
                    .claim(ClaimRequest.of(node, 1, List.of("prompt")))
                    .get(0)
                    .fencingToken();
            ModelId big = new ModelId("claude", "big");
            AttemptBasis basis = new AttemptBasis(
                    "box-1",
                    NodeReason.FIRST_TO_CLAIM,
                    2,
                    SessionReason.OLDEST_FREE,
                    1,
                    List.of(new RouteChoice(
                            Optional.of("r-1"),
                            List.of(
                                    new Chosen(new ModelId("openai", "mid"), SelectionReason.MEETS_FLOOR, 70),
                                    new Chosen(big, SelectionReason.MEETS_FLOOR, 90)),
                            List.of(new Skipped(new ModelId("ollama", "small"), ExclusionReason.BELOW_FLOOR)),
                            List.of(
                                    new Called(new ModelId("openai", "mid"), Optional.of(FailureKind.RATE_LIMITED)),
                                    new Called(big, Optional.empty())),
                            Optional.empty())));
            store.tasks()
                    .finish(List.of(new AttemptEnd(
                                    token,
                                    "llm-2",
                                    Instant.now(),
                                    Instant.now(),
                                    AttemptOutcome.SUCCEEDED,
                                    TaskState.DONE,
                                    Duration.ZERO,
                                    AttemptResult.output("done"))
                            .withBasis(basis)));
            store.nodes().leave(node);
        }

        assertThat(gaia("task", "why", id.toString()).out().lines())
                .containsExactly(
                        id + "  done",
                        "attempt 1  succeeded",
                        "  Node box-1 (incarnation 1) made it: it had a free slot and claimed the task first, with 2"
                                + " others that perform such tasks.",
                        "  Session llm-2 ran it: it is the oldest with a free slot.",
                        "  Request r-1 was answered by claude/big; candidates: openai/mid (meets floor, quality 70),"
                                + " claude/big (meets floor, quality 90); failed before: openai/mid (rate limited);"
                                + " skipped: ollama/small (below floor).");
        assertThat(gaia("task", "why", "0000000000001").exitCode()).isEqualTo(1);
    }

    @Test
    void submitsATaskWithParentsAndAnAffinityKey() {
        TaskId first = submit();
        TaskId second = submit();

        TaskId child = submit("--parent", first.toString(), "--parent", second + ":proceed", "--affinity", "repo-1");

        try (SqliteStore store = open()) {
            assertThat(store.tasks().find(child).orElseThrow().state()).isEqualTo(TaskState.BLOCKED);
            assertThat(store.tasks()
                            .find(child)
                            .orElseThrow()
                            .request()
                            .options()
                            .affinity())
                    .contains("repo-1");
            assertThat(store.tasks().parents(child))
                    .extracting(TaskLink::onFailure)
                    .containsExactly(OnFailure.BLOCK, OnFailure.PROCEED);
        }
        assertThat(gaia("task", "submit", "p", "--parent", first + ":explode").errLines())
                .containsExactly(
                        "gaia: --parent is '" + first + ":explode', expected block, cancel or proceed after the id");
        assertThat(gaia("task", "submit", "p", "--parent", "nothing").errLines())
                .containsExactly("gaia: the task is 'nothing', expected the id of a task, 13 characters");
        assertThat(gaia("task", "submit", "p", "--parent", "0000000000001").err())
                .contains("0000000000001");
        assertThat(gaia("task", "submit", "p", "--affinity", " ").err()).contains("affinity is");
        assertThat(gaia("task", "submit", "p", "--pin").errLines())
                .containsExactly("gaia: --pin is given without --affinity, expected both");
        TaskId pinned = submit("--affinity", "repo-1", "--pin");
        try (SqliteStore store = open()) {
            assertThat(store.tasks()
                            .find(pinned)
                            .orElseThrow()
                            .request()
                            .options()
                            .isPinned())
                    .isTrue();
        }
    }

    @Test
    void pausesAndResumesTypes() {
        assertThat(gaia("type", "list").err()).contains("No type is paused.");
        assertThat(gaia("type", "pause", "prompt").out().strip()).isEqualTo("type prompt is paused");
        assertThat(gaia("type", "pause", "prompt").out().strip()).isEqualTo("type prompt was paused already");
        assertThat(gaia("type", "list").out().strip()).isEqualTo("prompt");
        assertThat(gaia("type", "resume", "prompt").out().strip()).isEqualTo("type prompt goes on");
        assertThat(gaia("type", "resume", "prompt").out().strip()).isEqualTo("type prompt was not paused");
        assertThat(gaia("type", "pause", " ").err()).contains("type is");
        assertThat(GaiaRun.gaia("type").err()).contains("what to do is missing, expected one of list, pause, resume");
    }

    @Test
    void setsListsAndRemovesLimits() {
        assertThat(gaia("limit", "list").err()).contains("No key has a limit of its own.");
        assertThat(gaia("limit", "set", "repo 1", "3", "--project", "web").out().strip())
                .isEqualTo("key repo 1 of project web has the limit 3");
        assertThat(gaia("limit", "list").out()).contains("web", "repo 1", "3");
        assertThat(gaia("limit", "remove", "repo 1").err())
                .contains("key repo 1 of project default has no limit of its own, expected one that has");
        assertThat(gaia("limit", "remove", "repo 1", "--project", "web").out().strip())
                .isEqualTo("key repo 1 of project web has the limit 1 again");
        assertThat(gaia("limit", "set", "k", "0").err()).contains("maxRunning is 0, expected 1..2147483647");
        assertThat(gaia("limit", "set", "k", "1", "--project", "No Name").err()).contains("project");
        assertThat(GaiaRun.gaia("limit").err()).contains("what to do is missing, expected one of list, set, remove");
    }

    @Test
    void listsAndShowsPoolsAndSessions() {
        assertThat(gaia("pool", "list").err()).contains("No living node has sessions.");
        assertThat(gaia("session", "list").err()).contains("No living node has such sessions.");
        withNode(store -> {
            store.activity()
                    .append(List.of(
                            new ActivityEntry(
                                    0,
                                    Instant.now(),
                                    "session-opened",
                                    Optional.empty(),
                                    "Session llm-2 opened: work waits and no slot is free."),
                            new ActivityEntry(
                                    0,
                                    Instant.now(),
                                    "session-opened",
                                    Optional.empty(),
                                    "Session browser-2 opened: work waits and no slot is free.")));
            assertThat(gaia("pool", "list").out()).contains("llm", "256");
            assertThat(gaia("pool", "list", "--json").out().strip())
                    .isEqualTo("{\"kind\":\"llm\",\"nodes\":1,\"sessionCount\":2,\"slots\":256,\"busy\":1}");
            assertThat(gaia("pool", "show", "llm").out())
                    .contains("llm-1", "llm-2", "box-1", "Session llm-2 opened: work waits and no slot is free.")
                    .doesNotContain("browser-2");
            assertThat(gaia("pool", "show", "browser").err())
                    .contains("pool 'browser' does not exist, expected a kind of session");
            assertThat(gaia("session", "list", "--kind", "llm", "--node", "box-1")
                            .out())
                    .contains("llm-1", "llm-2");
            assertThat(gaia("session", "list", "--kind", "browser").err())
                    .contains("No living node has such sessions.");
            assertThat(gaia("session", "list", "--json").out())
                    .contains("{\"name\":\"llm-1\",\"kind\":\"llm\",\"node\":\"box-1\"");
            assertThat(gaia("session", "show", "box-1", "llm-1").out())
                    .contains("busy     1 of 128 slots", "node     box-1");
            assertThat(gaia("session", "show", "box-1", "llm-9").err())
                    .contains("session 'llm-9' of node 'box-1' does not exist");
            assertThat(gaia("session", "show", "box-7", "llm-1").err()).contains("node 'box-7' does not exist");
            assertThat(gaia("session", "drain", "box-1", "llm-1").out().strip())
                    .isEqualTo("session llm-1 of box-1 (1) takes nothing more, and ends when it runs nothing any more");
            assertThat(gaia("session", "drain", "box-1", "llm-1").out()).contains("was asked for that before");
            assertThat(gaia("session", "restart", "box-1", "llm-1").out()).contains("gives way to another one");
            assertThat(gaia("session", "show", "box-1", "llm-1").out()).contains("state    draining");
            assertThat(gaia("session", "list").out().lines().toList().get(2)).contains("llm-2", "idle");
            assertThat(gaia("session", "drain", "box-1", "llm-9").err())
                    .contains("session 'llm-9' of node 'box-1' does not exist");
        });
        assertThat(GaiaRun.gaia("pool").err()).contains("what to do is missing, expected one of list, show");
        assertThat(GaiaRun.gaia("session").err())
                .contains("what to do is missing, expected one of list, show, drain, restart");
    }
}
