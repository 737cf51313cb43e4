package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Cancelling tasks. */
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
        assertThat(store().tasks().result(id))
                .contains(
                        new TaskResult(id, TaskState.CANCELLED, Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(store().tasks().attempts(id)).isEmpty();
    }

    @Test
    void cancelsAScheduledTaskAtOnce() {
        TaskId id = submit(prompt("p").withDelay(Duration.ofSeconds(1)));

        Task after = store().tasks().cancel(id).orElseThrow();

        assertThat(after.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(after.dueAt()).isEmpty();
        time.advance(Duration.ofSeconds(2));
        assertThat(store().tasks().untilNextDue()).isEmpty();
        assertThat(store().tasks().promoteDue(1_000)).isZero();
    }

    @Test
    void requestsCancellationFromTheOwnerOfARunningTask() {
        FencingToken fencingToken = running().fencingToken();
        submit(prompt("other"));
        FencingToken other = claimOne().fencingToken();

        Task after = store().tasks().cancel(fencingToken.id()).orElseThrow();

        assertThat(after.state()).isEqualTo(TaskState.RUNNING);
        assertThat(after.cancelRequested()).isTrue();
        assertThat(after.epoch()).isEqualTo(fencingToken.epoch());
        assertThat(store().tasks().cancelRequested(List.of(fencingToken, other)))
                .containsExactly(fencingToken);
        assertThat(finish(cancelled(fencingToken))).isTrue();
        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void letsARunningTaskSucceedWhenItEndsFirst() {
        FencingToken fencingToken = running().fencingToken();
        store().tasks().cancel(fencingToken.id());

        assertThat(finish(done(fencingToken))).isTrue();

        assertThat(store().tasks().result(fencingToken.id()).orElseThrow().isDone())
                .isTrue();
        assertThat(store().tasks().cancelRequested(List.of(fencingToken))).isEmpty();
    }

    @Test
    void leavesFinalStatesAsTheyAre() {
        FencingToken fencingToken = running().fencingToken();
        finish(done(fencingToken));
        Task before = find(fencingToken.id());
        time.advance(Duration.ofSeconds(1));

        assertThat(store().tasks().cancel(fencingToken.id())).contains(before);
        assertThat(store().tasks().cancel(fencingToken.id())).contains(before);
    }

    @Test
    void returnsNothingForAnUnknownId() {
        assertThat(store().tasks().cancel(new TaskId(12345))).isEmpty();
    }

    @Test
    void keepsTheCancelRequestWhenTheTaskIsHandedBack() {
        FencingToken fencingToken = running().fencingToken();
        store().tasks().cancel(fencingToken.id());
        finish(handedBack(fencingToken));

        ClaimedTask again = claimOne();

        assertThat(again.cancelRequested()).isTrue();
        assertThat(store().tasks().cancelRequested(List.of(fencingToken))).isEmpty();
        assertThat(store().tasks().cancelRequested(List.of(again.fencingToken())))
                .containsExactly(again.fencingToken());
    }

    @Test
    void reportsNoCancelRequestToAnotherOwner() {
        FencingToken fencingToken = running().fencingToken();
        store().tasks().cancel(fencingToken.id());

        assertThat(store().tasks()
                        .cancelRequested(
                                List.of(new FencingToken(fencingToken.id(), fencingToken.epoch(), node() + 1))))
                .isEmpty();
        assertThat(store().tasks().cancelRequested(List.of())).isEmpty();
    }
}
