package dev.architect.cluster.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.json.InvalidFieldException;
import dev.architect.project.ProjectId;
import dev.architect.spi.TaskStore;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that wait for others, on several stores: a task and its parents are of one shard. */
class ShardedGraphTest {

    private static final TaskRequest APOLLO = TaskRequest.prompt("p").withProject(new ProjectId("apollo"));
    private static final TaskRequest GEMINI = TaskRequest.prompt("p").withProject(new ProjectId("gemini"));

    private final ManualTime time = new ManualTime();
    private final ShardedStore store = ShardedStore.builder("first", new InMemoryStore(time))
            .add("second", new InMemoryStore(time))
            .time(time)
            .open();

    @BeforeEach
    void separate() throws Exception {
        store.mover().move(new ProjectId("gemini").shard(), "second", Duration.ZERO);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private TaskStore tasks() {
        return store.tasks();
    }

    private static TaskRequest after(TaskRequest request, TaskId parent) {
        return request.withOptions(TaskOptions.DEFAULT.withParents(List.of(new ParentTask(parent, OnFailure.CANCEL))));
    }

    @Test
    void parentOfAnotherShardIsRefusedBeforeAnythingIsAccepted() {
        TaskId parent = tasks().submit(List.of(APOLLO)).get(0);

        for (Runnable submission : List.<Runnable>of(
                () -> tasks().submit(List.of(APOLLO, after(GEMINI, parent))),
                () -> tasks().submitOnce(List.of(
                        TaskSubmission.of(APOLLO), TaskSubmission.of(after(GEMINI, parent), new IdempotencyKey("k")))),
                () -> tasks().submitGraph(TaskGraph.builder()
                        .task("a", after(GEMINI, parent))
                        .build()))) {
            assertThatThrownBy(submission::run).isInstanceOfSatisfying(ParentRefusedException.class, refused -> {
                assertThat(refused.parent()).isEqualTo(parent);
                assertThat(refused.reason()).isEqualTo(ParentRefusedException.Reason.OTHER_SHARD);
            });
        }
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
    }

    @Test
    void graphOfTwoShardsIsRefused() {
        TaskGraph graph =
                TaskGraph.builder().task("a", APOLLO).task("b", GEMINI).build();

        assertThatThrownBy(() -> tasks().submitGraph(graph))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        wrong -> assertThat(wrong.field()).isEqualTo("project"))
                .hasMessageStartingWith("project of task 'b' is 'gemini', expected one of the same shard");
        assertThat(tasks().counts()).isEmpty();
    }

    @Test
    void eachShardHasItsOwnGraphs() {
        for (TaskRequest request : List.of(APOLLO, GEMINI)) {
            List<TaskId> ids = tasks().submitGraph(TaskGraph.builder()
                    .task("a", request)
                    .task("b", request)
                    .edge("a", "b", OnFailure.CANCEL)
                    .build());

            assertThat(tasks().children(ids.get(0), Optional.empty(), 10))
                    .containsExactly(new TaskLink(ids.get(1), OnFailure.CANCEL, false, Optional.of(TaskState.BLOCKED)));
            tasks().cancel(ids.get(0));
            assertThat(tasks().parents(ids.get(1))).extracting(TaskLink::task).containsExactly(ids.get(0));
            assertThat(tasks().cancelledBy(List.of(ids.get(0)))).containsExactly(ids.get(1));
            assertThat(tasks().parentOutcomes(ids.get(1))).hasSize(1);
        }
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 4L));
    }
}
