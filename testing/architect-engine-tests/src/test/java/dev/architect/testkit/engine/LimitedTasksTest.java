package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.project.ProjectId;
import dev.architect.task.KeyLimit;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tasks with limit keys. */
final class LimitedTasksTest extends EngineFixture {

    private static TaskRequest limited(String payload) {
        return TaskRequest.of("work", payload).withMaxAttempts(1).withOptions(TaskOptions.DEFAULT.withLimitKey("k"));
    }

    private static TaskState stateOf(Architect architect, TaskHandle handle) {
        return architect.tasks().find(handle.id()).orElseThrow().state();
    }

    @Test
    void runOneAfterTheOther() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Architect architect = start(context -> {
            gate.await();
            return "done";
        });

        List<TaskHandle> handles = architect.tasks().submitAll(List.of(limited("1"), limited("2"), limited("3")));
        advanceUntil(() -> stateOf(architect, handles.get(0)) == TaskState.RUNNING);

        assertThat(stateOf(architect, handles.get(1))).isEqualTo(TaskState.LIMITED);
        gate.countDown();
        advanceUntil(() -> handles.stream().allMatch(handle -> handle.result().isPresent()));
        assertThat(handles).extracting(handle -> stateOf(architect, handle)).containsOnly(TaskState.DONE);
    }

    @Test
    void aHigherLimitLetsMoreRun() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Architect architect = start(context -> {
            gate.await();
            return "done";
        });
        KeyLimit two = new KeyLimit(ProjectId.DEFAULT, "k", 2);
        List<TaskHandle> handles = architect.tasks().submitAll(List.of(limited("1"), limited("2"), limited("3")));

        architect.limits().set(two);

        assertThat(architect.limits().list(Optional.empty(), 10)).containsExactly(two);
        assertThat(stateOf(architect, handles.get(1))).isNotEqualTo(TaskState.LIMITED);
        assertThat(stateOf(architect, handles.get(2))).isEqualTo(TaskState.LIMITED);
        gate.countDown();
        advanceUntil(() -> handles.stream().allMatch(handle -> handle.result().isPresent()));
        assertThat(architect.limits().remove(ProjectId.DEFAULT, "k")).isTrue();
    }

    @Test
    void aLimitIsAtLeastOne() {
        assertThatThrownBy(() -> new KeyLimit(ProjectId.DEFAULT, "k", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("maxRunning is 0, expected 1..");
    }
}
