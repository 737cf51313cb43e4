package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.event.Event;
import dev.architect.graph.ParentOutcome;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.json.InvalidFieldException;
import dev.architect.spi.TaskContext;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tasks that wait for others. */
final class DependentTasksTest extends EngineFixture {

    private static TaskRequest work(String payload) {
        return TaskRequest.of("work", payload).withMaxAttempts(1);
    }

    private static TaskRequest after(String payload, OnFailure onFailure, TaskHandle parent) {
        return work(payload)
                .withOptions(TaskOptions.DEFAULT.withParents(List.of(new ParentTask(parent.id(), onFailure))));
    }

    private static TaskState stateOf(Architect architect, TaskHandle handle) {
        return architect.tasks().find(handle.id()).orElseThrow().state();
    }

    /** Fails for some payloads; else returns its payload and, in brackets, what its parents returned. */
    private static String perform(TaskContext context) {
        if (context.request().payload().startsWith("fails")) {
            throw new IllegalStateException("as asked");
        }
        String parents = context.parents().stream()
                .map(parent -> parent.output().orElse(parent.state().name()))
                .collect(Collectors.joining(", "));
        return context.request().payload() + "(" + parents + ")";
    }

    private void awaitAll(Map<String, TaskHandle> handles) throws Exception {
        advanceUntil(() ->
                handles.values().stream().allMatch(handle -> handle.result().isPresent()));
    }

    @Test
    void resultsArePassedOn() throws Exception {
        Architect architect = start(DependentTasksTest::perform);

        Map<String, TaskHandle> handles = architect
                .tasks()
                .submit(TaskGraph.builder()
                        .task("sum", work("sum"))
                        .task("left", work("left"))
                        .task("right", work("right"))
                        .task("fails", work("fails"))
                        .edge("right", "sum")
                        .edge("left", "sum")
                        .edge("fails", "sum", OnFailure.PROCEED)
                        .build());

        assertThat(handles.keySet()).containsExactly("sum", "left", "right", "fails");
        awaitAll(handles);
        assertThat(handles.get("sum").result().orElseThrow().output()).contains("sum(right(), left(), DEAD)");
        TaskId sum = handles.get("sum").id();
        assertThat(architect.tasks().parents(sum))
                .extracting(TaskLink::task)
                .containsExactly(
                        handles.get("right").id(),
                        handles.get("left").id(),
                        handles.get("fails").id());
        assertThat(architect.tasks().children(handles.get("left").id()))
                .containsExactly(new TaskLink(sum, OnFailure.BLOCK, true, Optional.of(TaskState.DONE)));
        assertThat(architect.tasks().children(handles.get("left").id(), sum, 10))
                .isEmpty();
    }

    @Test
    void whatIsCancelledWithItsParentIsAnnounced() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Architect architect = start(context -> {
            gate.await();
            return perform(context);
        });
        TaskHandle parent = architect.tasks().submit(work("fails"));
        TaskHandle child = architect.tasks().submit(after("child", OnFailure.CANCEL, parent));
        TaskHandle grandchild = architect.tasks().submit(after("grandchild", OnFailure.CANCEL, child));

        gate.countDown();
        advanceUntil(() -> stateOf(architect, grandchild) == TaskState.CANCELLED);

        assertThat(stateOf(architect, parent)).isEqualTo(TaskState.DEAD);
        advanceUntil(() -> ends(grandchild) > 0);
        assertThat(ends(child)).isEqualTo(1);
        assertThat(ends(grandchild)).isEqualTo(1);
    }

    private long ends(TaskHandle handle) {
        return events.queue.stream()
                .filter(event -> event instanceof Event.TaskEnded ended
                        && ended.task().equals(handle.id())
                        && ended.state() == TaskState.CANCELLED)
                .count();
    }

    @Test
    void childOfACancelledTaskIsCancelledAndAnnounced() throws Exception {
        Architect architect = start(DependentTasksTest::perform);
        TaskHandle parent = architect.tasks().submit(work("p").withDelay(Duration.ofHours(1)));
        TaskHandle child = architect.tasks().submit(after("child", OnFailure.CANCEL, parent));

        architect.tasks().cancel(parent.id());
        TaskHandle late = architect.tasks().submit(after("late", OnFailure.CANCEL, parent));

        assertThat(stateOf(architect, child)).isEqualTo(TaskState.CANCELLED);
        assertThat(stateOf(architect, late)).isEqualTo(TaskState.CANCELLED);
        advanceUntil(() -> ends(child) == 1 && ends(late) == 1);
    }

    @Test
    void redrivenParentIsDoneAndItsChildRuns() throws Exception {
        Architect architect = start(context -> context.attempt() == 1
                        && context.fencingToken().epoch() == 1
                        && context.parents().isEmpty()
                ? perform("fails")
                : perform(context));
        TaskHandle parent = architect.tasks().submit(work("parent"));
        advanceUntil(() -> stateOf(architect, parent) == TaskState.DEAD);
        TaskHandle child = architect.tasks().submit(after("child", OnFailure.BLOCK, parent));
        assertThat(stateOf(architect, child)).isEqualTo(TaskState.BLOCKED);

        architect.tasks().redrive(parent.id());

        advanceUntil(() -> child.result().isPresent());
        assertThat(child.result().orElseThrow().output()).contains("child(parent())");
    }

    private static String perform(String error) {
        throw new IllegalStateException(error);
    }

    @Test
    void whatCannotBeWaitedForIsRefused() {
        Architect architect = start(DependentTasksTest::perform);
        TaskId unknown = new TaskId(987_654L << 18);

        assertThatThrownBy(() -> architect
                        .tasks()
                        .submit(work("child")
                                .withOptions(TaskOptions.DEFAULT.withParents(
                                        List.of(new ParentTask(unknown, OnFailure.BLOCK))))))
                .isInstanceOf(ParentRefusedException.class)
                .hasMessage("parents has the task " + unknown + ", expected a task that the store has");
        assertThatThrownBy(() -> architect
                        .tasks()
                        .submit(TaskGraph.builder()
                                .task("good", work("p"))
                                .task("bad", TaskRequest.of("other", "p"))
                                .build()))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class,
                        wrong -> assertThat(wrong.field()).isEqualTo("tasks.bad.type"));
        assertThat(architect.tasks().counts()).isEmpty();
    }

    @Test
    void outcomeShowsNoOutput() {
        assertThat(new ParentOutcome(new TaskId(7), TaskState.DONE, Optional.of("secret")).toString())
                .doesNotContain("secret");
    }
}
