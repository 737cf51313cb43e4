package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tasks that wait for a person. */
abstract class StoreHoldCases extends StoreCases {

    private static final String QUESTION = "which branch is to be reviewed?";

    StoreHoldCases(StoreContract contract) {
        super(contract);
    }

    private AttemptEnd needsInput(FencingToken fencingToken) {
        return end(fencingToken, AttemptOutcome.NEEDS_INPUT, TaskState.HELD, Duration.ZERO, null, QUESTION);
    }

    @Test
    void holdsATaskThatNeedsAnInputAndGivesTheTryBack() {
        FencingToken fencingToken = running().fencingToken();

        assertThat(finish(needsInput(fencingToken))).isTrue();

        Task task = find(fencingToken.id());
        assertThat(task.state()).isEqualTo(TaskState.HELD);
        assertThat(task.attempt()).isZero();
        assertThat(task.dueAt()).isEmpty();
        assertThat(task.endedAt()).isEmpty();
        assertThat(claim(1)).isEmpty();
        time.advance(Duration.ofDays(300));
        assertThat(store().tasks().promoteDue(10)).isZero();
        assertThat(store().tasks().untilNextDue()).isEmpty();
        assertThat(store().tasks().result(task.id())).isEmpty();
        assertThat(store().tasks().runningOf(node())).isEmpty();
        Attempt attempt = store().tasks().attempts(task.id()).get(0);
        assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.NEEDS_INPUT);
        assertThat(attempt.error()).contains(QUESTION);
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.HELD, 1L));
    }

    @Test
    void givesTheNextClaimTheInputThatAHeldTaskIsResumedWith() {
        FencingToken first = running().fencingToken();
        finish(needsInput(first));

        assertThat(store().tasks().resume(first.id(), Optional.of("feature/résumé \"1\"")))
                .isTrue();

        assertThat(find(first.id()).state()).isEqualTo(TaskState.READY);
        ClaimedTask again = claimOne();
        assertThat(again.input()).contains("feature/résumé \"1\"");
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.fencingToken().epoch()).isEqualTo(2);
        assertThat(again.waited()).isZero();
    }

    @Test
    void keepsTheLastInput() {
        TaskId id = running().fencingToken().id();
        finish(needsInput(new FencingToken(id, 1, node())));
        store().tasks().resume(id, Optional.of("first"));
        finish(needsInput(claimOne().fencingToken()));
        store().tasks().resume(id, Optional.of("second"));
        finish(retry(claimOne().fencingToken(), Duration.ofSeconds(1)));
        time.advance(Duration.ofSeconds(1));
        store().tasks().promoteDue(10);
        ClaimedTask retried = claimOne();
        assertThat(retried.input()).contains("second");
        finish(needsInput(retried.fencingToken()));

        store().tasks().resume(id, Optional.empty());

        assertThat(claimOne().input()).contains("second");
    }

    @Test
    void takesInputsOfEverySize() {
        TaskId id = running().fencingToken().id();
        finish(needsInput(new FencingToken(id, 1, node())));
        store().tasks().resume(id, Optional.of(""));
        ClaimedTask empty = claimOne();
        assertThat(empty.input()).contains("");
        finish(needsInput(empty.fencingToken()));
        String longest = "ä".repeat(1_000_000);

        store().tasks().resume(id, Optional.of(longest));

        assertThat(claimOne().input()).contains(longest);
    }

    @Test
    void servesAResumedTaskAsIfItHadJustBeenSubmitted() {
        TaskId held = submit(prompt("held"));
        assertThat(store().tasks().hold(held)).isTrue();
        time.advance(Duration.ofSeconds(1));
        TaskId other = submit(prompt("other"));
        time.advance(Duration.ofSeconds(1));

        store().tasks().resume(held, Optional.empty());

        assertThat(claimIds(10)).containsExactly(other, held);
    }

    @Test
    void holdsAReadyTask() {
        TaskId id = submit(prompt("p"));

        assertThat(store().tasks().hold(id)).isTrue();

        assertThat(find(id).state()).isEqualTo(TaskState.HELD);
        assertThat(claim(1)).isEmpty();
        assertThat(store().tasks().resume(id, Optional.empty())).isTrue();
        assertThat(claimOne().input()).isEmpty();
    }

    @Test
    void holdsAScheduledTask() {
        TaskId id = submit(prompt("p").withDelay(Duration.ofSeconds(1)));
        Instant due = find(id).dueAt().orElseThrow();

        assertThat(store().tasks().hold(id)).isTrue();

        assertThat(find(id).dueAt()).contains(due);
        time.advance(Duration.ofMinutes(1));
        assertThat(store().tasks().promoteDue(10)).isZero();
        assertThat(store().tasks().resume(id, Optional.empty())).isTrue();
        assertThat(find(id).dueAt()).isEmpty();
        assertThat(claimIds(1)).containsExactly(id);
    }

    @Test
    void aTaskThatIsResumedBeforeItsTimeWaitsForIt() {
        TaskId one = submit(prompt("one").withDelay(Duration.ofHours(8)));
        TaskId many = submit(prompt("many").withDelay(Duration.ofHours(8)));
        Instant due = find(one).dueAt().orElseThrow();

        assertThat(store().tasks().hold(one)).isTrue();
        assertThat(store().tasks().change(List.of(many), TaskAction.HOLD)).isEqualTo(Map.of(many, TaskState.HELD));
        assertThat(store().tasks().untilNextDue()).isEmpty();
        assertThat(store().tasks().resume(one, Optional.empty())).isTrue();
        assertThat(store().tasks().change(List.of(many), TaskAction.RESUME))
                .isEqualTo(Map.of(many, TaskState.SCHEDULED));

        assertThat(claim(2)).isEmpty();
        assertThat(find(one).state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(find(one).dueAt()).contains(due);
        assertThat(find(many).dueAt()).contains(due);
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.SCHEDULED, 2L));
        assertThat(store().tasks().untilNextDue()).contains(Duration.ofHours(8));
        time.advance(Duration.ofHours(8));
        assertThat(store().tasks().promoteDue(10)).isEqualTo(2);
        assertThat(claimIds(2)).containsExactlyInAnyOrder(one, many);
    }

    @Test
    void aRetryThatIsHeldAndResumedIsNotMadeBeforeItsTime() {
        FencingToken first = running().fencingToken();
        finish(retry(first, Duration.ofMinutes(5)));

        store().tasks().hold(first.id());
        time.advance(Duration.ofMinutes(4));
        store().tasks().resume(first.id(), Optional.empty());

        assertThat(claim(1)).isEmpty();
        time.advance(Duration.ofMinutes(1));
        store().tasks().promoteDue(10);
        assertThat(claimIds(1)).containsExactly(first.id());
    }

    @Test
    void theDelayOfAHeldTaskIsChanged() {
        TaskId later = submit(prompt("later"));
        TaskId now = submit(prompt("now").withDelay(Duration.ofHours(8)));
        for (TaskId id : List.of(later, now)) {
            store().tasks().hold(id);
        }

        store().tasks().edit(later, TaskEdit.NONE.withDelay(Duration.ofHours(1)));
        store().tasks().edit(now, TaskEdit.NONE.withDelay(Duration.ZERO));
        for (TaskId id : List.of(later, now)) {
            assertThat(find(id).state()).isEqualTo(TaskState.HELD);
            store().tasks().resume(id, Optional.empty());
        }

        assertThat(claimIds(2)).containsExactly(now);
        assertThat(find(later).dueAt()).contains(time.wallTime().plus(Duration.ofHours(1)));
    }

    @Test
    void holdsNothingThatRunsOrHasEnded() {
        FencingToken fencingToken = running().fencingToken();
        assertThat(store().tasks().hold(fencingToken.id())).isFalse();
        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.RUNNING);
        assertThat(finish(done(fencingToken))).isTrue();

        assertThat(store().tasks().hold(fencingToken.id())).isFalse();
        assertThat(store().tasks().hold(new TaskId(12345))).isFalse();
        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void resumesHeldTasksOnlyAndOnce() {
        TaskId ready = submit(prompt("p"));
        assertThat(store().tasks().resume(ready, Optional.of("no"))).isFalse();
        assertThat(store().tasks().hold(ready)).isTrue();
        assertThat(store().tasks().hold(ready)).isFalse();

        assertThat(store().tasks().resume(ready, Optional.of("yes"))).isTrue();
        assertThat(store().tasks().resume(ready, Optional.of("again"))).isFalse();
        assertThat(store().tasks().resume(new TaskId(12345), Optional.of("x"))).isFalse();

        assertThat(claimOne().input()).contains("yes");
    }

    @Test
    void cancelsAHeldTaskAtOnce() {
        FencingToken fencingToken = running().fencingToken();
        finish(needsInput(fencingToken));
        time.advance(Duration.ofSeconds(1));

        Task after = store().tasks().cancel(fencingToken.id()).orElseThrow();

        assertThat(after.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(after.endedAt()).contains(time.wallTime());
        assertThat(store().tasks().resume(fencingToken.id(), Optional.empty())).isFalse();
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 1L));
    }

    @Test
    void letsTheNextClaimCancelWhatWasToBeCancelledBeforeItNeededAnInput() {
        FencingToken fencingToken = running().fencingToken();
        store().tasks().cancel(fencingToken.id());

        finish(needsInput(fencingToken));

        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.READY);
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        assertThat(store().tasks().hold(fencingToken.id())).isFalse();
        assertThat(claimOne().cancelRequested()).isTrue();
    }

    @Test
    void listsHeldTasks() {
        TaskId held = submit(prompt("p"));
        submit(2);
        store().tasks().hold(held);

        assertThat(store().tasks().list(TaskQuery.newest(10).withStates(Set.of(TaskState.HELD))))
                .extracting(Task::id)
                .containsExactly(held);
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.HELD, 1L, TaskState.READY, 2L));
    }
}
