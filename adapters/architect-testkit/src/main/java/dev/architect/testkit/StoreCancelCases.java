package dev.architect.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.task.ClaimedTask;
import dev.architect.task.Task;
import dev.architect.task.TaskFence;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cancelling promises. */
abstract class StoreCancelCases extends StoreCases {

    StoreCancelCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void cancelsAReadyTaskAtOnce() {
        TaskId id = submit(prompt("p"));
        time.advance(Duration.ofSeconds(1));

        Task after = store().tasks().cancel(id).orElseThrow();

        assertThat(after.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(after.endedAt()).contains(time.wallTime());
        assertThat(find(id)).isEqualTo(after);
        assertThat(claim(1)).isEmpty();
        assertThat(store().tasks().result(id)).contains(new TaskResult(id, TaskState.CANCELLED, null, null));
        assertThat(store().tasks().attempts(id)).isEmpty();
    }

    @Test
    void cancelsAScheduledTaskAtOnce() {
        TaskId id = submit(prompt("p").delay(Duration.ofSeconds(1)));

        Task after = store().tasks().cancel(id).orElseThrow();

        assertThat(after.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(after.dueAt()).isEmpty();
        time.advance(Duration.ofSeconds(2));
        assertThat(store().tasks().untilNextDue()).isEmpty();
        assertThat(store().tasks().promoteDue()).isZero();
    }

    @Test
    void asksTheOwnerOfARunningTask() {
        TaskFence fence = running().fence();
        submit(prompt("other"));
        TaskFence other = claimOne().fence();

        Task after = store().tasks().cancel(fence.id()).orElseThrow();

        assertThat(after.state()).isEqualTo(TaskState.RUNNING);
        assertThat(after.cancelRequested()).isTrue();
        assertThat(after.epoch()).isEqualTo(fence.epoch());
        assertThat(store().tasks().cancelRequested(List.of(fence, other))).containsExactly(fence);
        assertThat(finish(cancelled(fence))).isTrue();
        assertThat(find(fence.id()).state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void letsARunningTaskSucceedWhenItWasFaster() {
        TaskFence fence = running().fence();
        store().tasks().cancel(fence.id());

        assertThat(finish(done(fence))).isTrue();

        assertThat(store().tasks().result(fence.id()).orElseThrow().isDone()).isTrue();
        assertThat(store().tasks().cancelRequested(List.of(fence))).isEmpty();
    }

    @Test
    void leavesFinalStatesAsTheyAre() {
        TaskFence fence = running().fence();
        finish(done(fence));
        Task before = find(fence.id());
        time.advance(Duration.ofSeconds(1));

        assertThat(store().tasks().cancel(fence.id())).contains(before);
        assertThat(store().tasks().cancel(fence.id())).contains(before);
    }

    @Test
    void knowsNoTaskWithAStrangeId() {
        assertThat(store().tasks().cancel(new TaskId(12345))).isEmpty();
    }

    @Test
    void remembersTheWishWhenTheTaskIsHandedBack() {
        TaskFence fence = running().fence();
        store().tasks().cancel(fence.id());
        finish(handedBack(fence));

        ClaimedTask again = claimOne();

        assertThat(again.cancelRequested()).isTrue();
        assertThat(store().tasks().cancelRequested(List.of(fence))).isEmpty();
        assertThat(store().tasks().cancelRequested(List.of(again.fence()))).containsExactly(again.fence());
    }

    @Test
    void reportsNoWishOfAnotherOwnersTask() {
        TaskFence fence = running().fence();
        store().tasks().cancel(fence.id());

        assertThat(store().tasks().cancelRequested(List.of(new TaskFence(fence.id(), fence.epoch(), node() + 1))))
                .isEmpty();
        assertThat(store().tasks().cancelRequested(List.of())).isEmpty();
    }
}
