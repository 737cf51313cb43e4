package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimHistory;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Forced cancellation, and making ended tasks ready again. */
abstract class StoreRedriveCases extends StoreCases {

    StoreRedriveCases(StoreContract contract) {
        super(contract);
    }

    private TaskId deadTask() {
        FencingToken fencingToken = running().fencingToken();
        assertThat(finish(dead(fencingToken))).isTrue();
        return fencingToken.id();
    }

    @Test
    void makesADeadTaskReadyAsIfItWereNew() {
        TaskId id = deadTask();
        time.advance(Duration.ofSeconds(5));

        assertThat(store().tasks().redrive(List.of(id))).containsExactly(id);

        Task task = find(id);
        assertThat(task.state()).isEqualTo(TaskState.READY);
        assertThat(task.attempt()).isZero();
        assertThat(task.epoch()).isEqualTo(1);
        assertThat(task.endedAt()).isEmpty();
        assertThat(task.stopReason()).isEmpty();
        assertThat(store().tasks().result(id)).isEmpty();
        assertThat(store().tasks().ended(List.of(id))).isEmpty();
        assertThat(store().tasks().attempts(id)).extracting(Attempt::outcome).containsExactly(AttemptOutcome.FAILED);
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        ClaimedTask again = claimOne();
        assertThat(again.fencingToken().epoch()).isEqualTo(2);
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.waited()).isZero();
        assertThat(finish(done(again.fencingToken()))).isTrue();
        assertThat(store().tasks().result(id).orElseThrow().output()).contains(OUTPUT);
        assertThat(store().tasks().result(id).orElseThrow().error()).isEmpty();
    }

    @Test
    void forgetsCrashesAndSnoozes() throws Exception {
        TaskId id = submit(prompt("p"));
        FencingToken snoozed = claimOne().fencingToken();
        finish(end(snoozed, AttemptOutcome.SNOOZED, TaskState.SCHEDULED, Duration.ZERO, null, ERROR));
        store().tasks().promoteDue(1);
        finish(handedBack(claimOne().fencingToken()));
        assertThat(claimOne().history().snoozes()).isEqualTo(2);
        finish(handedBack(new FencingToken(id, 3, node())));
        for (int death = 0; death < 3; death++) {
            long dying = store().nodes().join("dying");
            assertThat(claim(dying, 1)).hasSize(1);
            kill(dying);
            store().nodes().deadOwners();
            assertThat(store().tasks().reap(dying)).isEqualTo(1);
        }
        assertThat(find(id).state()).isEqualTo(TaskState.DEAD);

        assertThat(store().tasks().redrive(List.of(id))).containsExactly(id);

        ClaimedTask again = claimOne();
        assertThat(again.history()).isEqualTo(ClaimHistory.NONE);
        assertThat(again.fencingToken().epoch()).isEqualTo(7);
        assertThat(store().tasks().attempts(id)).hasSize(6);
    }

    @Test
    void makesACancelledTaskReadyWithoutItsCancellation() {
        FencingToken fencingToken = running().fencingToken();
        store().tasks().cancel(fencingToken.id());
        finish(cancelled(fencingToken));

        assertThat(store().tasks().redrive(List.of(fencingToken.id()))).containsExactly(fencingToken.id());

        ClaimedTask again = claimOne();
        assertThat(again.cancelRequested()).isFalse();
        assertThat(store().tasks().cancelRequested(List.of(again.fencingToken())))
                .isEmpty();
    }

    @Test
    void keepsAnOldHolderFromWritingARedrivenTask() {
        FencingToken old = running().fencingToken();
        finish(dead(old));
        store().tasks().redrive(List.of(old.id()));

        assertThat(finish(done(old))).isFalse();
        FencingToken now = claimOne().fencingToken();
        assertThat(finish(done(old))).isFalse();

        assertThat(find(old.id()).state()).isEqualTo(TaskState.RUNNING);
        assertThat(finish(dead(now))).isTrue();
        assertThat(store().tasks().attempts(old.id())).hasSize(2);
    }

    @Test
    void leavesOtherTasksAsTheyAre() {
        FencingToken doneToken = running().fencingToken();
        finish(done(doneToken));
        FencingToken running = running().fencingToken();
        TaskId scheduled = submit(prompt("p").withDelay(Duration.ofHours(1)));
        TaskId held = submit(prompt("p"));
        store().tasks().hold(held);
        TaskId ready = submit(prompt("p"));
        TaskId dead = deadTaskBeside(ready);

        assertThat(store().tasks()
                        .redrive(List.of(doneToken.id(), running.id(), scheduled, held, ready, new TaskId(99), dead)))
                .containsExactly(dead);

        assertThat(store().tasks().result(doneToken.id()).orElseThrow().isDone())
                .isTrue();
        assertThat(store().tasks().counts())
                .isEqualTo(Map.of(
                        TaskState.DONE, 1L,
                        TaskState.RUNNING, 1L,
                        TaskState.SCHEDULED, 1L,
                        TaskState.HELD, 1L,
                        TaskState.READY, 2L));
        assertThat(store().tasks().redrive(List.of())).isEmpty();
    }

    private TaskId deadTaskBeside(TaskId ready) {
        TaskId other = submit(TaskRequest.of("other", "p"));
        FencingToken token = store().tasks()
                .claim(ClaimRequest.of(node(), 1, Set.of("other")))
                .get(0)
                .fencingToken();
        assertThat(token.id()).isEqualTo(other).isNotEqualTo(ready);
        finish(dead(token));
        return other;
    }

    @Test
    void redrivesAFullBatch() {
        List<TaskId> ids = submit(500);
        claim(500).forEach(claimed -> finish(dead(claimed.fencingToken())));

        assertThat(store().tasks().redrive(ids)).hasSize(500);

        assertThat(claimIds(500)).containsExactlyElementsOf(ids);
    }

    @Test
    void pagesThroughTheIdsThatPassAFilter() {
        ProjectId other = new ProjectId("other");
        List<TaskId> wanted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            wanted.add(submit(TaskRequest.of("a", "p").withProject(other)));
            submit(TaskRequest.of("b", "p").withProject(other));
            submit(TaskRequest.of("a", "p"));
        }
        TaskId waiting = submit(TaskRequest.of("a", "p").withProject(other).withDelay(Duration.ofHours(1)));
        store().tasks()
                .claim(ClaimRequest.of(node(), 100, Set.of("a", "b")))
                .forEach(claimed -> finish(dead(claimed.fencingToken())));
        wanted.sort(null);
        TaskFilter filter =
                TaskFilter.of(TaskState.DEAD, TaskState.CANCELLED).withType("a").withProject(other);

        List<TaskId> first = store().tasks().ids(filter, Optional.empty(), 3);
        List<TaskId> second = store().tasks().ids(filter, Optional.of(first.get(2)), 3);

        assertThat(first).containsExactlyElementsOf(wanted.subList(0, 3));
        assertThat(second).containsExactlyElementsOf(wanted.subList(3, 5));
        assertThat(store().tasks().ids(TaskFilter.of(TaskState.DEAD), Optional.empty(), 5_000))
                .hasSize(15);
        assertThat(store().tasks().ids(TaskFilter.of(TaskState.DEAD).withType("absent"), Optional.empty(), 10))
                .isEmpty();
        assertThat(store().tasks().ids(TaskFilter.of(TaskState.SCHEDULED), Optional.empty(), 10))
                .containsExactly(waiting);
    }

    @Test
    void cancelsARunningTaskByForce() {
        FencingToken fencingToken = running().fencingToken();
        time.advance(Duration.ofSeconds(3));

        assertThat(store().tasks().forceCancel(fencingToken.id())).contains(fencingToken);

        Task task = find(fencingToken.id());
        assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(task.endedAt()).contains(time.wallTime());
        assertThat(store().tasks().runningOf(node())).isEmpty();
        assertThat(store().tasks().cancelRequested(List.of(fencingToken))).isEmpty();
        Attempt attempt = store().tasks().attempts(task.id()).get(0);
        assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.CANCELLED);
        assertThat(attempt.epoch()).isEqualTo(1);
        assertThat(attempt.startedAt()).isEqualTo(time.wallTime().minusSeconds(3));
        assertThat(attempt.endedAt()).isEqualTo(time.wallTime());
        assertThat(attempt.error()).contains("cancelled by force");
        assertThat(store().tasks().result(task.id()).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 1L));
    }

    @Test
    void recordsNothingOfAHolderThatWasCancelledByForce() {
        FencingToken fencingToken = running().fencingToken();
        store().tasks().forceCancel(fencingToken.id());
        Task before = find(fencingToken.id());

        assertThat(finish(done(fencingToken))).isFalse();
        assertThat(store().tasks().forceCancel(fencingToken.id())).isEmpty();

        assertThat(find(fencingToken.id())).isEqualTo(before);
        assertThat(store().tasks().attempts(fencingToken.id())).hasSize(1);
        assertThat(store().tasks().result(fencingToken.id()).orElseThrow().output())
                .isEmpty();
    }

    @Test
    void forcesNothingThatDoesNotRun() {
        TaskId ready = submit(prompt("p"));

        assertThat(store().tasks().forceCancel(ready)).isEmpty();
        assertThat(store().tasks().forceCancel(new TaskId(12345))).isEmpty();

        assertThat(find(ready).state()).isEqualTo(TaskState.READY);
    }

    @Test
    void redrivesWhatWasCancelledByForce() {
        FencingToken fencingToken = running().fencingToken();
        store().tasks().cancel(fencingToken.id());
        store().tasks().forceCancel(fencingToken.id());

        assertThat(store().tasks().redrive(List.of(fencingToken.id()))).hasSize(1);

        ClaimedTask again = claimOne();
        assertThat(again.cancelRequested()).isFalse();
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.fencingToken().epoch()).isEqualTo(2);
    }
}
