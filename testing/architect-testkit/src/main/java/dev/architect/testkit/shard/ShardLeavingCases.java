package dev.architect.testkit.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimedTask;
import dev.architect.maintenance.TaskRetention;
import dev.architect.shard.MovedTask;
import dev.architect.shard.ShardBatch;
import dev.architect.shard.ShardNotServedException;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.StaleShardException;
import dev.architect.shard.TakenTasks;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A shard that leaves a store. */
abstract class ShardLeavingCases extends ShardCases {

    private static final String OUTPUT = "the output";

    ShardLeavingCases(ShardContract contract) {
        super(contract);
    }

    private ShardBatch take(TakenTasks which) {
        return shards(first()).take(SHARD, MOVE, which, Optional.empty(), 500);
    }

    private static List<TaskId> ids(ShardBatch batch) {
        return batch.tasks().stream().map(moved -> moved.task().id()).toList();
    }

    private Task find(TaskId id) {
        return first().tasks().find(id).orElseThrow();
    }

    @Test
    void handsOutNothingMoreOfAShardThatLeaves() {
        form();
        submit();
        TaskId staying = submit(first(), request(STAYING));
        shards(first()).set(SHARD, MOVE, ShardPhase.LEAVING);

        assertThat(claim()).extracting(claimed -> claimed.fencingToken().id()).containsExactly(staying);
        assertThatThrownBy(this::submit).isInstanceOf(ShardNotServedException.class);
    }

    @Test
    void takesOnlyWhatHasEndedWhileItServes() {
        form();
        submit();
        ClaimedTask ended = claim().get(0);
        finish(first(), done(ended.fencingToken(), OUTPUT));
        TaskId ready = submit();
        shards(first()).set(SHARD, MOVE, ShardPhase.SERVED);

        assertThat(ids(take(TakenTasks.ENDED)))
                .containsExactly(ended.fencingToken().id());
        assertThatThrownBy(() -> take(TakenTasks.IDLE)).isInstanceOf(StaleShardException.class);
        assertThat(claim()).extracting(claimed -> claimed.fencingToken().id()).containsExactly(ready);
    }

    @Test
    void keepsTakenTasksOutOfEverybodysReach() {
        form();
        TaskId ready = submit();
        TaskId scheduled = submit(first(), request(MOVING).withDelay(Duration.ofSeconds(10)));
        TaskId held = submit();
        first().tasks().hold(held);
        TaskId cancelled = submit();
        first().tasks().cancel(cancelled);
        begin(MOVE);

        assertThat(ids(take(TakenTasks.IDLE))).containsExactlyInAnyOrder(ready, scheduled, held, cancelled);

        time.advance(Duration.ofDays(60));
        assertThat(first().tasks().promoteDue(10)).isZero();
        assertThat(first().tasks().untilNextDue()).isEmpty();
        assertThat(claim()).isEmpty();
        assertThat(first().tasks().hold(ready)).isFalse();
        assertThat(first().tasks().resume(held, Optional.empty())).isFalse();
        assertThat(first().tasks().redrive(List.of(cancelled))).isEmpty();
        assertThat(first().tasks().cancel(ready).map(Task::state)).contains(TaskState.READY);
        assertThat(first().tasks().forceCancel(ready)).isEmpty();
        assertThat(first().tasks()
                        .purge(
                                new TaskRetention(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1)),
                                Optional.empty(),
                                500)
                        .tasks())
                .isZero();
        assertThat(first().tasks().counts()).isEmpty();
    }

    @Test
    void stillReadsTakenTasks() {
        form();
        submit();
        ClaimedTask ended = claim().get(0);
        finish(first(), done(ended.fencingToken(), OUTPUT));
        TaskId id = ended.fencingToken().id();
        TaskId scheduled = submit(first(), request(MOVING).withDelay(Duration.ofSeconds(10)));
        Task before = find(scheduled);
        begin(MOVE);
        take(TakenTasks.IDLE);

        assertThat(find(id).state()).isEqualTo(TaskState.DONE);
        assertThat(find(scheduled)).isEqualTo(before);
        assertThat(first().tasks().result(id).orElseThrow().output()).contains(OUTPUT);
        assertThat(first().tasks().result(scheduled)).isEmpty();
        assertThat(first().tasks().ended(List.of(id, scheduled))).containsExactly(id);
        assertThat(first().tasks().attempts(id)).hasSize(1);
        assertThat(first().tasks().list(TaskQuery.newest(10)).size()).isLessThanOrEqualTo(2);
    }

    @Test
    void leavesWhatRunsUntilItHasEnded() {
        form();
        submit();
        ClaimedTask running = claim().get(0);
        begin(MOVE);

        ShardBatch before = take(TakenTasks.IDLE);
        assertThat(before.tasks()).isEmpty();
        assertThat(before.runningCount()).isEqualTo(1);
        assertThat(finish(first(), done(running.fencingToken(), OUTPUT))).isTrue();

        ShardBatch after = take(TakenTasks.IDLE);
        assertThat(after.runningCount()).isZero();
        MovedTask moved = after.tasks().get(0);
        assertThat(moved.result().orElseThrow().output()).contains(OUTPUT);
        assertThat(moved.attempts()).hasSize(1);
    }

    @Test
    void handsBackWhatRunsTooLong() {
        form();
        submit();
        ClaimedTask running = claim().get(0);
        begin(MOVE);

        MovedTask moved = take(TakenTasks.ALL).tasks().get(0);

        assertThat(moved.task().state()).isEqualTo(TaskState.READY);
        assertThat(moved.task().attempt()).isZero();
        assertThat(moved.task().epoch()).isEqualTo(running.fencingToken().epoch());
        assertThat(moved.attempts()).extracting(Attempt::outcome).containsExactly(AttemptOutcome.HANDED_BACK);
        assertThat(finish(first(), done(running.fencingToken(), OUTPUT))).isFalse();
        assertThat(first().tasks().runningOf(running.fencingToken().owner())).isEmpty();
    }

    @Test
    void returnsTakenTasksAgain() {
        form();
        TaskId id = submit();
        begin(MOVE);
        ShardBatch once = take(TakenTasks.IDLE);

        assertThat(ids(take(TakenTasks.IDLE))).containsExactly(id);
        assertThat(take(TakenTasks.ENDED).tasks().size()).isLessThanOrEqualTo(1);
        assertThat(take(TakenTasks.ALL).tasks()).isEqualTo(once.tasks());
    }

    @Test
    void takesALargeShardInParts() {
        form();
        Set<TaskId> all = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            all.add(submit());
            submit(first(), request(STAYING));
        }
        begin(MOVE);

        Set<TaskId> taken = new HashSet<>();
        Optional<TaskId> after = Optional.empty();
        int parts = 0;
        do {
            ShardBatch batch = shards(first()).take(SHARD, MOVE, TakenTasks.IDLE, after, 3);
            assertThat(batch.tasks()).hasSizeLessThanOrEqualTo(3);
            taken.addAll(ids(batch));
            after = batch.next();
            parts++;
        } while (after.isPresent() && parts < 20);

        assertThat(taken).isEqualTo(all);
        assertThat(first().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 7L));
    }

    @Test
    void givesBackWhatWasTakenWhenAMoveIsGivenUp() {
        form();
        TaskId ready = submit();
        TaskId held = submit();
        first().tasks().hold(held);
        TaskId scheduled = submit(first(), request(MOVING).withDelay(Duration.ofSeconds(10)));
        Map<TaskState, Long> counts = first().tasks().counts();
        begin(MOVE);
        take(TakenTasks.IDLE);
        shards(first()).set(SHARD, MOVE + 1, ShardPhase.LEAVING);

        assertThatThrownBy(() -> take(TakenTasks.IDLE)).isInstanceOf(StaleShardException.class);
        Optional<TaskId> after = Optional.empty();
        do {
            after = shards(first()).giveBack(SHARD, MOVE + 1, after, 2);
        } while (after.isPresent());
        assertThat(claim()).isEmpty();
        shards(first()).set(SHARD, MOVE + 2, ShardPhase.SERVED);

        assertThat(first().tasks().counts()).isEqualTo(counts);
        assertThat(claim()).extracting(claimed -> claimed.fencingToken().id()).containsExactly(ready);
        assertThat(first().tasks().resume(held, Optional.of("an input"))).isTrue();
        time.advance(Duration.ofSeconds(11));
        assertThat(first().tasks().promoteDue(10)).isEqualTo(1);
        assertThat(find(scheduled).state()).isEqualTo(TaskState.READY);
    }

    /** What is accepted is taken, however the closing of the shard and a submission meet. */
    @Test
    void losesNoSubmissionThatMeetsTheClosing() throws Exception {
        form();
        int threads = 4;
        ConcurrentLinkedQueue<TaskId> accepted = new ConcurrentLinkedQueue<>();
        List<TaskId> taken = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(threads * 5);
        CountDownLatch ended = new CountDownLatch(threads);
        try (ThreadRunner runner = new ThreadRunner("shard-contract")) {
            for (int i = 0; i < threads; i++) {
                runner.start("submitter", () -> {
                    try {
                        for (int j = 0; j < 10_000; j++) {
                            accepted.add(submit());
                            begun.countDown();
                        }
                    } catch (ShardNotServedException closed) {
                        ended.countDown();
                    }
                });
            }
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            shards(first()).set(SHARD, MOVE, ShardPhase.LEAVING);
            Optional<TaskId> after = Optional.empty();
            do {
                ShardBatch batch = shards(first()).take(SHARD, MOVE, TakenTasks.IDLE, after, 500);
                taken.addAll(ids(batch));
                after = batch.next();
            } while (after.isPresent());
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(taken).containsExactlyInAnyOrderElementsOf(accepted);
    }
}
