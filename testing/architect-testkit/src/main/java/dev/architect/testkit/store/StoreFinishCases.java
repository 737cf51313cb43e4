package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimHistory;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.model.StopReason;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Ending attempts. */
abstract class StoreFinishCases extends StoreCases {

    StoreFinishCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void recordsTheValidOneOfTwoEndsOfOneTask() {
        FencingToken stale = running().fencingToken();
        assertThat(finish(handedBack(stale))).isTrue();
        FencingToken valid = claimOne().fencingToken();

        assertThat(store().tasks().finish(List.of(done(stale), done(valid)))).containsExactly(valid);
        assertThat(find(valid.id()).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void recordsStateResultAndAttempt() {
        ClaimedTask claimed = running();
        TaskId id = claimed.fencingToken().id();
        AttemptEnd end = done(claimed.fencingToken());
        time.advance(Duration.ofSeconds(3));

        assertThat(store().tasks().finish(List.of(end))).containsExactly(claimed.fencingToken());

        Task task = find(id);
        assertThat(task.state()).isEqualTo(TaskState.DONE);
        assertThat(task.endedAt()).contains(time.wallTime());
        assertThat(task.epoch()).isEqualTo(1);
        assertThat(store().tasks().result(id))
                .contains(new TaskResult(
                        id, TaskState.DONE, Optional.ofNullable(OUTPUT), Optional.empty(), Optional.empty()));
        assertThat(store().tasks().attempts(id))
                .containsExactly(new Attempt(
                                id,
                                1,
                                "llm-1",
                                end.startedAt(),
                                end.endedAt(),
                                AttemptOutcome.SUCCEEDED,
                                Optional.empty())
                        .withIncarnation(node()));
        assertThat(store().tasks().runningOf(node())).isEmpty();
    }

    @Test
    void keepsTheErrorOfADeadTask() {
        ClaimedTask claimed = running();
        TaskId id = claimed.fencingToken().id();

        finish(dead(claimed.fencingToken()));

        assertThat(store().tasks().result(id))
                .contains(new TaskResult(
                        id, TaskState.DEAD, Optional.empty(), Optional.ofNullable(ERROR), Optional.empty()));
        assertThat(store().tasks().attempts(id).get(0).error()).contains(ERROR);
    }

    @Test
    void keepsNoErrorOfACancelledTask() {
        ClaimedTask claimed = running();
        TaskId id = claimed.fencingToken().id();

        finish(cancelled(claimed.fencingToken()));

        assertThat(store().tasks().result(id))
                .contains(
                        new TaskResult(id, TaskState.CANCELLED, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void keepsEveryStopReasonOfATaskThatEnds() {
        for (StopReason reason : StopReason.values()) {
            FencingToken done = running().fencingToken();
            FencingToken dead = running().fencingToken();

            assertThat(finish(withStopReason(done(done), reason))).isTrue();
            assertThat(finish(withStopReason(dead(dead), reason))).isTrue();

            for (TaskId id : List.of(done.id(), dead.id())) {
                assertThat(store().tasks().result(id).orElseThrow().stopReason())
                        .contains(reason);
                assertThat(find(id).stopReason()).contains(reason);
                assertThat(store().tasks().list(TaskQuery.newest(10)).stream()
                                .filter(task -> task.id().equals(id)))
                        .extracting(Task::stopReason)
                        .containsExactly(Optional.of(reason));
            }
        }
    }

    @Test
    void keepsNoStopReasonOfAnAttemptThatIsRetriedOrCancelled() {
        FencingToken first = running().fencingToken();
        finish(withStopReason(retry(first, Duration.ofSeconds(1)), StopReason.LENGTH));
        assertThat(find(first.id()).stopReason()).isEmpty();
        time.advance(Duration.ofSeconds(2));
        store().tasks().promoteDue(1_000);
        FencingToken second = claimOne().fencingToken();
        finish(withStopReason(handedBack(second), StopReason.LENGTH));
        assertThat(find(first.id()).stopReason()).isEmpty();
        FencingToken third = claimOne().fencingToken();
        finish(done(third));
        assertThat(store().tasks().result(first.id()).orElseThrow().stopReason())
                .isEmpty();

        FencingToken cancelled = running().fencingToken();
        finish(withStopReason(cancelled(cancelled), StopReason.LENGTH));
        assertThat(store().tasks().result(cancelled.id()).orElseThrow().stopReason())
                .isEmpty();
        assertThat(find(cancelled.id()).stopReason()).isEmpty();
    }

    private static AttemptEnd withStopReason(AttemptEnd end, StopReason reason) {
        return new AttemptEnd(
                end.fencingToken(),
                end.session(),
                end.startedAt(),
                end.endedAt(),
                end.outcome(),
                end.next(),
                end.retryAfter(),
                end.result().withStopReason(reason));
    }

    @Test
    void keepsAnEmptyOutput() {
        FencingToken fencingToken = running().fencingToken();

        finish(new AttemptEnd(
                fencingToken,
                "llm-1",
                time.wallTime(),
                time.wallTime(),
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                AttemptResult.output("")));

        assertThat(store().tasks().result(fencingToken.id()).orElseThrow().output())
                .contains("");
    }

    @Test
    void changesNothingForAWrongFencingToken() {
        FencingToken fencingToken = running().fencingToken();
        Task before = find(fencingToken.id());

        assertThat(store().tasks()
                        .finish(List.of(
                                done(new FencingToken(fencingToken.id(), fencingToken.epoch() - 1, node())),
                                done(new FencingToken(fencingToken.id(), fencingToken.epoch() + 1, node())),
                                done(new FencingToken(fencingToken.id(), fencingToken.epoch(), node() + 1)),
                                done(new FencingToken(
                                        new TaskId(fencingToken.id().value() + 1), fencingToken.epoch(), node())))))
                .isEmpty();

        assertThat(find(fencingToken.id())).isEqualTo(before);
        assertThat(store().tasks().attempts(fencingToken.id())).isEmpty();
        assertThat(store().tasks().result(fencingToken.id())).isEmpty();
        assertThat(finish(done(fencingToken))).isTrue();
    }

    @Test
    void recordsAnAttemptOnlyOnce() {
        FencingToken fencingToken = running().fencingToken();
        finish(done(fencingToken));

        assertThat(finish(dead(fencingToken))).isFalse();
        assertThat(finish(retry(fencingToken, Duration.ofSeconds(1)))).isFalse();

        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.DONE);
        assertThat(store().tasks().attempts(fencingToken.id())).hasSize(1);
    }

    @Test
    void recordsTheFirstOfTwoEndsOfOneAttempt() {
        FencingToken fencingToken = running().fencingToken();

        assertThat(store().tasks().finish(List.of(done(fencingToken), dead(fencingToken))))
                .containsExactly(fencingToken);

        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.DONE);
        assertThat(store().tasks().attempts(fencingToken.id())).hasSize(1);
    }

    @Test
    void recordsValidEndsBesideFencedOnes() {
        submit(5);
        List<ClaimedTask> claimed = claim(5);
        finish(done(claimed.get(2).fencingToken()));
        List<AttemptEnd> ends = new ArrayList<>();
        claimed.forEach(task -> ends.add(done(task.fencingToken())));

        assertThat(store().tasks().finish(ends))
                .containsExactlyInAnyOrder(
                        claimed.get(0).fencingToken(),
                        claimed.get(1).fencingToken(),
                        claimed.get(3).fencingToken(),
                        claimed.get(4).fencingToken());
        assertThat(store().tasks().counts()).containsEntry(TaskState.DONE, 5L);
    }

    @Test
    void retriesWhenDue() {
        FencingToken first = running().fencingToken();

        finish(retry(first, Duration.ofSeconds(30)));

        Task waiting = find(first.id());
        assertThat(waiting.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(waiting.dueAt()).contains(time.wallTime().plusSeconds(30));
        assertThat(waiting.attempt()).isEqualTo(1);
        assertThat(store().tasks().result(first.id())).isEmpty();
        assertThat(claim(1)).isEmpty();

        time.advance(Duration.ofSeconds(31));
        assertThat(store().tasks().promoteDue(1_000)).isEqualTo(1);
        ClaimedTask second = claimOne();
        assertThat(second.fencingToken()).isEqualTo(new FencingToken(first.id(), 2, node()));
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.waited()).isEqualTo(Duration.ofSeconds(1));
        assertThat(finish(done(first))).isFalse();
        assertThat(finish(done(second.fencingToken()))).isTrue();
        assertThat(store().tasks().attempts(first.id()).stream().map(Attempt::outcome))
                .containsExactly(AttemptOutcome.FAILED, AttemptOutcome.SUCCEEDED);
    }

    @Test
    void handsBackInOrderWithoutCountingTheAttempt() {
        FencingToken first = running().fencingToken();
        time.advance(Duration.ofSeconds(5));
        TaskId younger = submit(prompt("younger"));

        assertThat(finish(handedBack(first))).isTrue();

        Task back = find(first.id());
        assertThat(back.state()).isEqualTo(TaskState.READY);
        assertThat(back.attempt()).isZero();
        assertThat(back.epoch()).isEqualTo(1);
        List<ClaimedTask> again = claim(2);
        assertThat(again.stream().map(task -> task.fencingToken().id())).containsExactly(first.id(), younger);
        assertThat(again.get(0).attempt()).isEqualTo(1);
        assertThat(again.get(0).fencingToken().epoch()).isEqualTo(2);
        assertThat(store().tasks().attempts(first.id()).get(0).outcome()).isEqualTo(AttemptOutcome.HANDED_BACK);
    }

    @Test
    void acceptsALateEndOfATaskThatWasNotReclaimed() {
        FencingToken fencingToken = running().fencingToken();
        store().nodes().leave(node());
        time.advance(Duration.ofHours(1));

        assertThat(finish(done(fencingToken))).isTrue();
    }

    @Test
    void acceptsAnEmptyListOfEnds() {
        assertThat(store().tasks().finish(List.of())).isEmpty();
    }

    @Test
    void namesThoseOfSomeTasksThatHaveEnded() {
        ClaimedTask ended = running();
        finish(done(ended.fencingToken()));
        TaskId waiting = submit(prompt("p"));
        TaskId unknown = TaskId.of(1_000_000, 0, 0);

        assertThat(store().tasks().ended(List.of(ended.fencingToken().id(), waiting, unknown)))
                .containsExactly(ended.fencingToken().id());
        assertThat(store().tasks().ended(List.of())).isEmpty();
    }

    @Test
    void givesTheTryOfASnoozedAttemptBack() {
        ClaimedTask first = running();
        assertThat(finish(snoozed(first.fencingToken(), Duration.ofSeconds(5)))).isTrue();

        Task task = find(first.fencingToken().id());
        assertThat(task.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(task.attempt()).isZero();
        assertThat(store().tasks().attempts(task.id()))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.SNOOZED));
    }

    @Test
    void remembersSinceWhenATaskIsSnoozed() {
        ClaimedTask first = running();
        finish(snoozed(first.fencingToken(), Duration.ofSeconds(5)));
        ClaimedTask second = claimAfter(Duration.ofSeconds(5));
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.history())
                .isEqualTo(new ClaimHistory(0, 1, Optional.of(Duration.ofSeconds(5)), Optional.empty()));

        finish(snoozed(second.fencingToken(), Duration.ofSeconds(60)));
        ClaimedTask third = claimAfter(Duration.ofSeconds(60));
        assertThat(third.history())
                .isEqualTo(new ClaimHistory(0, 2, Optional.of(Duration.ofSeconds(65)), Optional.empty()));
    }

    @Test
    void forgetsASnoozeAfterARealTry() {
        ClaimedTask first = running();
        finish(snoozed(first.fencingToken(), Duration.ofSeconds(5)));
        ClaimedTask second = claimAfter(Duration.ofSeconds(5));
        finish(end(
                second.fencingToken(), AttemptOutcome.FAILED, TaskState.SCHEDULED, Duration.ofSeconds(1), null, ERROR));

        ClaimedTask third = claimAfter(Duration.ofSeconds(1));

        assertThat(third.attempt()).isEqualTo(2);
        assertThat(third.history().snoozedFor()).isEmpty();
    }

    @Test
    void keepsTheTimeOfASnoozeWhenATaskIsHandedBack() {
        ClaimedTask first = running();
        finish(snoozed(first.fencingToken(), Duration.ofSeconds(5)));
        ClaimedTask second = claimAfter(Duration.ofSeconds(5));
        finish(end(
                second.fencingToken(), AttemptOutcome.HANDED_BACK, TaskState.READY, Duration.ZERO, null, "given back"));

        assertThat(claimOne().history().snoozedFor()).contains(Duration.ofSeconds(5));
    }

    private ClaimedTask claimAfter(Duration wait) {
        time.advance(wait);
        store().tasks().promoteDue(1_000);
        return claimOne();
    }

    private AttemptEnd snoozed(FencingToken fencingToken, Duration wait) {
        return end(fencingToken, AttemptOutcome.SNOOZED, TaskState.SCHEDULED, wait, null, ERROR);
    }
}
