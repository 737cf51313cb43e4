package dev.architect.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.task.Attempt;
import dev.architect.task.AttemptEnd;
import dev.architect.task.AttemptOutcome;
import dev.architect.task.ClaimedTask;
import dev.architect.task.Task;
import dev.architect.task.TaskFence;
import dev.architect.task.TaskId;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ending an attempt promises. */
abstract class StoreFinishCases extends StoreCases {

    StoreFinishCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void recordsStateResultAndAttempt() {
        ClaimedTask claimed = running();
        TaskId id = claimed.fence().id();
        AttemptEnd end = done(claimed.fence());
        time.advance(Duration.ofSeconds(3));

        assertThat(store().tasks().finish(List.of(end))).containsExactly(claimed.fence());

        Task task = find(id);
        assertThat(task.state()).isEqualTo(TaskState.DONE);
        assertThat(task.endedAt()).contains(time.wallTime());
        assertThat(task.epoch()).isEqualTo(1);
        assertThat(store().tasks().result(id)).contains(new TaskResult(id, TaskState.DONE, OUTPUT, null));
        assertThat(store().tasks().attempts(id))
                .containsExactly(
                        new Attempt(id, 1, "llm-1", end.startedAt(), end.endedAt(), AttemptOutcome.SUCCEEDED, null));
        assertThat(store().tasks().runningOf(node())).isEmpty();
    }

    @Test
    void keepsWhyATaskIsDead() {
        ClaimedTask claimed = running();
        TaskId id = claimed.fence().id();

        finish(dead(claimed.fence()));

        assertThat(store().tasks().result(id)).contains(new TaskResult(id, TaskState.DEAD, null, ERROR));
        assertThat(store().tasks().attempts(id).get(0).error()).contains(ERROR);
    }

    @Test
    void keepsNoErrorOfACancelledTask() {
        ClaimedTask claimed = running();
        TaskId id = claimed.fence().id();

        finish(cancelled(claimed.fence()));

        assertThat(store().tasks().result(id)).contains(new TaskResult(id, TaskState.CANCELLED, null, null));
    }

    @Test
    void keepsAnEmptyOutput() {
        TaskFence fence = running().fence();

        finish(new AttemptEnd(
                fence,
                "llm-1",
                time.wallTime(),
                time.wallTime(),
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                "",
                null));

        assertThat(store().tasks().result(fence.id()).orElseThrow().output()).contains("");
    }

    @Test
    void changesNothingWithAWrongFence() {
        TaskFence fence = running().fence();
        Task before = find(fence.id());

        assertThat(store().tasks()
                        .finish(List.of(
                                done(new TaskFence(fence.id(), fence.epoch() - 1, node())),
                                done(new TaskFence(fence.id(), fence.epoch() + 1, node())),
                                done(new TaskFence(fence.id(), fence.epoch(), node() + 1)),
                                done(new TaskFence(new TaskId(fence.id().value() + 1), fence.epoch(), node())))))
                .isEmpty();

        assertThat(find(fence.id())).isEqualTo(before);
        assertThat(store().tasks().attempts(fence.id())).isEmpty();
        assertThat(store().tasks().result(fence.id())).isEmpty();
        assertThat(finish(done(fence))).isTrue();
    }

    @Test
    void recordsAnAttemptOnlyOnce() {
        TaskFence fence = running().fence();
        finish(done(fence));

        assertThat(finish(dead(fence))).isFalse();
        assertThat(finish(retry(fence, Duration.ofSeconds(1)))).isFalse();

        assertThat(find(fence.id()).state()).isEqualTo(TaskState.DONE);
        assertThat(store().tasks().attempts(fence.id())).hasSize(1);
    }

    @Test
    void takesTheFirstOfTwoEndsOfOneAttempt() {
        TaskFence fence = running().fence();

        assertThat(store().tasks().finish(List.of(done(fence), dead(fence)))).containsExactly(fence);

        assertThat(find(fence.id()).state()).isEqualTo(TaskState.DONE);
        assertThat(store().tasks().attempts(fence.id())).hasSize(1);
    }

    @Test
    void endsGoodOnesBesideFencedOnes() {
        submit(5);
        List<ClaimedTask> claimed = claim(5);
        finish(done(claimed.get(2).fence()));
        List<AttemptEnd> ends = new ArrayList<>();
        claimed.forEach(task -> ends.add(done(task.fence())));

        assertThat(store().tasks().finish(ends))
                .containsExactlyInAnyOrder(
                        claimed.get(0).fence(),
                        claimed.get(1).fence(),
                        claimed.get(3).fence(),
                        claimed.get(4).fence());
        assertThat(store().tasks().counts()).containsEntry(TaskState.DONE, 5L);
    }

    @Test
    void triesAgainWhenItIsDue() {
        TaskFence first = running().fence();

        finish(retry(first, Duration.ofSeconds(30)));

        Task waiting = find(first.id());
        assertThat(waiting.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(waiting.dueAt()).contains(time.wallTime().plusSeconds(30));
        assertThat(waiting.attempt()).isEqualTo(1);
        assertThat(store().tasks().result(first.id())).isEmpty();
        assertThat(claim(1)).isEmpty();

        time.advance(Duration.ofSeconds(31));
        assertThat(store().tasks().promoteDue()).isEqualTo(1);
        ClaimedTask second = claimOne();
        assertThat(second.fence()).isEqualTo(new TaskFence(first.id(), 2, node()));
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.waited()).isEqualTo(Duration.ofSeconds(1));
        assertThat(finish(done(first))).isFalse();
        assertThat(finish(done(second.fence()))).isTrue();
        assertThat(store().tasks().attempts(first.id()).stream().map(Attempt::outcome))
                .containsExactly(AttemptOutcome.FAILED, AttemptOutcome.SUCCEEDED);
    }

    @Test
    void handsBackWithItsPlaceAndWithoutCountingTheTry() {
        TaskFence first = running().fence();
        time.advance(Duration.ofSeconds(5));
        TaskId younger = submit(prompt("younger"));

        assertThat(finish(handedBack(first))).isTrue();

        Task back = find(first.id());
        assertThat(back.state()).isEqualTo(TaskState.READY);
        assertThat(back.attempt()).isZero();
        assertThat(back.epoch()).isEqualTo(1);
        List<ClaimedTask> again = claim(2);
        assertThat(again.stream().map(task -> task.fence().id())).containsExactly(first.id(), younger);
        assertThat(again.get(0).attempt()).isEqualTo(1);
        assertThat(again.get(0).fence().epoch()).isEqualTo(2);
        assertThat(store().tasks().attempts(first.id()).get(0).outcome()).isEqualTo(AttemptOutcome.HANDED_BACK);
    }

    @Test
    void acceptsALateEndThatNobodyHasOvertaken() {
        TaskFence fence = running().fence();
        store().nodes().leave(node());
        time.advance(Duration.ofHours(1));

        assertThat(finish(done(fence))).isTrue();
    }

    @Test
    void endsNothingWhenGivenNothing() {
        assertThat(store().tasks().finish(List.of())).isEmpty();
    }
}
