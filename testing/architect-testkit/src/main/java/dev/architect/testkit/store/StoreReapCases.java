package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.spi.TaskStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reaping: recovering the tasks of a dead node. */
abstract class StoreReapCases extends StoreCases {

    StoreReapCases(StoreContract contract) {
        super(contract);
    }

    private long dyingNode() {
        return store().nodes().join("dying");
    }

    private void killAndDetect(long incarnation) throws Exception {
        kill(incarnation);
        assertThat(store().nodes().deadOwners()).contains(incarnation);
    }

    @Test
    void makesTasksReadyAgainInOrder() throws Exception {
        TaskId id = submit(prompt("p"));
        long dying = dyingNode();
        Instant claimedAt = time.wallTime();
        FencingToken lost = claim(dying, 1).get(0).fencingToken();
        time.advance(Duration.ofSeconds(4));
        TaskId younger = submit(prompt("younger"));
        killAndDetect(dying);

        assertThat(store().tasks().reap(dying)).isEqualTo(1);

        Task back = find(id);
        assertThat(back.state()).isEqualTo(TaskState.READY);
        assertThat(back.attempt()).isZero();
        Attempt attempt = store().tasks().attempts(id).get(0);
        assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.LOST);
        assertThat(attempt.epoch()).isEqualTo(1);
        assertThat(attempt.session()).isEmpty();
        assertThat(attempt.startedAt()).isEqualTo(claimedAt);
        assertThat(attempt.endedAt()).isEqualTo(time.wallTime());
        assertThat(attempt.error()).isPresent();
        List<ClaimedTask> again = claim(2);
        assertThat(again.stream().map(task -> task.fencingToken().id())).containsExactly(id, younger);
        assertThat(again.get(0).attempt()).isEqualTo(1);
        assertThat(again.get(0).fencingToken().epoch()).isEqualTo(2);
        assertThat(finish(done(lost))).isFalse();
        assertThat(finish(done(again.get(0).fencingToken()))).isTrue();
    }

    @Test
    void makesATaskDeadAtItsThirdCrash() throws Exception {
        TaskId id = submit(prompt("poison"));
        for (int crash = 1; crash < TaskStore.MAX_CRASHES; crash++) {
            crashOnce();
            assertThat(find(id).state()).isEqualTo(TaskState.READY);
        }

        crashOnce();

        Task task = find(id);
        assertThat(task.state()).isEqualTo(TaskState.DEAD);
        assertThat(task.endedAt()).contains(time.wallTime());
        assertThat(task.epoch()).isEqualTo(3);
        assertThat(store().tasks().result(id).orElseThrow().error().orElseThrow())
                .isEqualTo("its node died 3 times, expected fewer than 3");
        assertThat(store().tasks().attempts(id))
                .extracting(Attempt::outcome)
                .containsExactly(AttemptOutcome.LOST, AttemptOutcome.LOST, AttemptOutcome.LOST);
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void claimsOneTaskAtATimeThatOneMoreCrashMakesDead() throws Exception {
        List<TaskId> suspects = submit(3);
        for (int crash = 1; crash < TaskStore.MAX_CRASHES; crash++) {
            long dying = dyingNode();
            for (int i = 0; i < suspects.size(); i++) {
                claim(dying, 1);
            }
            killAndDetect(dying);
            assertThat(store().tasks().reap(dying)).isEqualTo(suspects.size());
        }
        TaskId other = submit(prompt("other"));

        List<ClaimedTask> first = claim(10);
        assertThat(ids(first)).hasSize(2).contains(other).containsAnyElementsOf(suspects);
        assertThat(claimWithoutSuspects(10)).isEmpty();
        List<ClaimedTask> second = claim(1);
        List<ClaimedTask> third = claim(1);

        assertThat(ids(second)).hasSize(1);
        assertThat(Stream.of(first, second, third).map(this::ids).flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(suspects.stream(), Stream.of(other)).toList());
        assertThat(claim(10)).isEmpty();
    }

    @Test
    void aSuspectCountsForTheQuotaOfItsTypeAndForTheLimit() throws Exception {
        TaskId suspect = submit(prompt("suspect"));
        for (int crash = 1; crash < TaskStore.MAX_CRASHES; crash++) {
            crashOnce();
        }
        submit(5);

        assertThat(claimWithoutSuspects(2)).hasSize(2);
        List<ClaimedTask> claimed =
                store().tasks().claim(new ClaimRequest(node(), 10, Map.of(TaskRequest.PROMPT, 2), true));
        assertThat(ids(claimed)).hasSize(2).contains(suspect);
        assertThat(claim(10)).hasSize(2);
    }

    private List<ClaimedTask> claimWithoutSuspects(int limit) {
        return store().tasks().claim(new ClaimRequest(node(), limit, Map.of(TaskRequest.PROMPT, limit), false));
    }

    private List<TaskId> ids(List<ClaimedTask> claimed) {
        return claimed.stream().map(task -> task.fencingToken().id()).toList();
    }

    private void crashOnce() throws Exception {
        long dying = dyingNode();
        assertThat(claim(dying, 1)).hasSize(1);
        killAndDetect(dying);
        assertThat(store().tasks().reap(dying)).isEqualTo(1);
    }

    @Test
    void reapsNothingOfALiveNode() {
        FencingToken fencingToken = running().fencingToken();

        assertThat(store().tasks().reap(node())).isZero();

        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.RUNNING);
        assertThat(finish(done(fencingToken))).isTrue();
    }

    @Test
    void reapsOnlyTheTasksOfTheDeadNode() throws Exception {
        submit(4);
        long dying = dyingNode();
        List<ClaimedTask> theirs = claim(dying, 2);
        List<ClaimedTask> ours = claim(2);
        finish(done(ours.get(0).fencingToken()));
        assertThat(store().tasks().finish(List.of(done(theirs.get(0).fencingToken()))))
                .hasSize(1);
        killAndDetect(dying);

        assertThat(store().tasks().reap(dying)).isEqualTo(1);
        assertThat(store().tasks().reap(dying)).isZero();

        assertThat(store().tasks().counts())
                .containsEntry(TaskState.DONE, 2L)
                .containsEntry(TaskState.RUNNING, 1L)
                .containsEntry(TaskState.READY, 1L);
    }

    @Test
    void reapsThousands() throws Exception {
        submit(1_700);
        long dying = dyingNode();
        assertThat(claim(dying, 1_700)).hasSize(1_700);
        killAndDetect(dying);

        assertThat(store().tasks().reap(dying)).isEqualTo(1_700);

        assertThat(store().tasks().counts()).containsOnlyKeys(TaskState.READY);
    }

    @Test
    void reapsTheTasksOfANodeThatLeft() {
        FencingToken fencingToken = running().fencingToken();
        store().nodes().leave(node());
        assertThat(store().nodes().deadOwners()).containsExactly(node());

        assertThat(store().tasks().reap(node())).isEqualTo(1);

        assertThat(find(fencingToken.id()).state()).isEqualTo(TaskState.READY);
        assertThat(store().nodes().deadOwners()).isEmpty();
    }

    @Test
    void listsTheRunningTasksOfEachNode() {
        submit(3);
        long other = dyingNode();
        FencingToken first = claimOne().fencingToken();
        FencingToken second = claim(other, 1).get(0).fencingToken();

        assertThat(store().tasks().runningOf(node())).containsExactly(first);
        assertThat(store().tasks().runningOf(other)).containsExactly(second);
        assertThat(store().tasks().runningOf(other + 99)).isEmpty();
    }
}
