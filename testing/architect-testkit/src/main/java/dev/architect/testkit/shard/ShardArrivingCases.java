package dev.architect.testkit.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.shard.MovedKey;
import dev.architect.shard.ShardPhase;
import dev.architect.shard.StaleShardException;
import dev.architect.shard.TakenTasks;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.TimeLimits;
import dev.architect.task.UniqueKey;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A shard that arrives in a store. */
abstract class ShardArrivingCases extends ShardCases {

    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    ShardArrivingCases(ShardContract contract) {
        super(contract);
    }

    /** Everything that is read of a task. */
    private record Seen(Task task, Optional<?> result, List<?> attempts) {

        static Seen in(Store store, TaskId id) {
            return new Seen(
                    store.tasks().find(id).orElseThrow(),
                    store.tasks().result(id),
                    // Incarnations belong to the store that gave them.
                    store.tasks().attempts(id).stream()
                            .map(attempt -> attempt.withIncarnation(0))
                            .toList());
        }
    }

    private ClaimedTask claimed(TaskRequest request) {
        submit(first(), request);
        return claim().get(0);
    }

    /** A task in every state but running, with what may belong to one. */
    private List<TaskId> everyKind() {
        List<TaskId> ids = new ArrayList<>();
        ClaimedTask done = claimed(request(MOVING)
                .withAttribution(Attribution.of(MOVING)
                        .withUser("a user \u0000 \ud83d\ude00")
                        .withTag("team", "blue"))
                .withAttribute("a", "b\ud800"));
        finish(first(), done(done.fencingToken(), "text with \u0000, \ud83d\ude00 and \udc00 alone"));
        ids.add(done.fencingToken().id());
        ClaimedTask dead = claimed(request(MOVING).withMaxAttempts(1));
        finish(first(), end(dead.fencingToken(), AttemptOutcome.FAILED, TaskState.DEAD, null));
        ids.add(dead.fencingToken().id());
        ClaimedTask retried = claimed(request(MOVING)
                .withTimeout(Duration.ofSeconds(7))
                .withOptions(TaskOptions.DEFAULT.withTimeLimits(TimeLimits.NONE.withSoft(Duration.ofSeconds(5)))));
        finish(first(), end(retried.fencingToken(), AttemptOutcome.FAILED, TaskState.SCHEDULED, null));
        ids.add(retried.fencingToken().id());
        ClaimedTask asking = claimed(request(MOVING));
        finish(first(), end(asking.fencingToken(), AttemptOutcome.NEEDS_INPUT, TaskState.HELD, null));
        ids.add(asking.fencingToken().id());
        ClaimedTask snoozed = claimed(request(MOVING));
        finish(first(), end(snoozed.fencingToken(), AttemptOutcome.SNOOZED, TaskState.SCHEDULED, null));
        ids.add(snoozed.fencingToken().id());
        TaskId cancelled = submit();
        first().tasks().cancel(cancelled);
        ids.add(cancelled);
        ids.add(submit(first(), request(MOVING).withPriority(Priority.HIGH)));
        ids.add(submit(first(), TaskRequest.of("other", "{}").withProject(MOVING)));
        return ids;
    }

    @Test
    void keepsEverythingThatBelongsToATask() {
        form();
        List<TaskId> ids = everyKind();
        List<Seen> before = ids.stream().map(id -> Seen.in(first(), id)).toList();
        Map<TaskState, Long> counts = first().tasks().counts();

        move(first(), second(), MOVE);

        assertThat(ids.stream().map(id -> Seen.in(second(), id)).toList()).isEqualTo(before);
        assertThat(ids.stream().flatMap(id -> second().tasks().attempts(id).stream()))
                .isNotEmpty()
                .allSatisfy(attempt -> assertThat(attempt.incarnation()).isZero());
        assertThat(second().tasks().counts()).isEqualTo(counts);
        assertThat(second().tasks().list(TaskQuery.newest(50)))
                .extracting(Task::id)
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(second().tasks().list(TaskQuery.newest(50).withProject(MOVING)))
                .hasSize(ids.size());
        assertThat(ids).allSatisfy(id -> assertThat(first().tasks().find(id)).isEmpty());
        assertThat(first().tasks().counts()).isEmpty();
    }

    @Test
    void keepsUniqueKeysAndDeadlines() {
        form();
        TaskOptions options = TaskOptions.DEFAULT
                .withUniqueKey(UniqueKey.existing("k"))
                .withExpiry(Duration.ofMinutes(1))
                .withTimeLimits(TimeLimits.NONE.withTotal(Duration.ofMinutes(2)));
        ClaimedTask begun = claimed(request(MOVING).withOptions(options.withUniqueKey(UniqueKey.existing("b"))));
        finish(first(), end(begun.fencingToken(), AttemptOutcome.FAILED, TaskState.SCHEDULED, null));
        TaskId waiting = submit(first(), request(MOVING).withOptions(options));
        TaskId expired =
                submit(first(), request(MOVING).withOptions(TaskOptions.DEFAULT.withExpiry(Duration.ofMillis(1))));
        time.advance(Duration.ofMillis(1));
        assertThat(first().tasks().expire(9)).containsExactly(expired);

        move(first(), second(), MOVE);

        assertThat(second().tasks().result(expired).orElseThrow().error()).contains(TaskStore.NOT_BEGUN);
        assertThat(second().tasks().holderOf(MOVING, "k")).contains(waiting);
        assertThat(submit(second(), request(MOVING).withOptions(options))).isEqualTo(waiting);
        time.advance(Duration.ofMinutes(1));
        assertThat(second().tasks().expire(9)).containsExactly(waiting);
        time.advance(Duration.ofMinutes(1));
        assertThat(second().tasks().expire(9))
                .containsExactly(begun.fencingToken().id());
        assertThat(second().tasks()
                        .result(begun.fencingToken().id())
                        .orElseThrow()
                        .error())
                .contains(TaskStore.NOT_DONE);
        assertThat(second().tasks().holderOf(MOVING, "b")).isEmpty();
    }

    @Test
    void goesOnWithATaskWhereTheOtherStoreStopped() {
        form();
        ClaimedTask asking = claimed(request(MOVING));
        finish(first(), end(asking.fencingToken(), AttemptOutcome.NEEDS_INPUT, TaskState.HELD, null));
        TaskId id = asking.fencingToken().id();
        first().tasks().resume(id, Optional.of("an input \u0000"));
        ClaimedTask again = claim().get(0);
        finish(first(), end(again.fencingToken(), AttemptOutcome.SNOOZED, TaskState.SCHEDULED, null));
        move(first(), second(), MOVE);
        long node = second().nodes().join("node-2");

        time.advance(Duration.ofSeconds(31));
        assertThat(second().tasks().promoteDue(10)).isEqualTo(1);
        ClaimedTask claimed = claim(second(), node).get(0);

        assertThat(claimed.fencingToken().epoch()).isEqualTo(3);
        assertThat(claimed.input()).contains("an input \u0000");
        assertThat(claimed.history().snoozes()).isEqualTo(1);
        assertThat(claimed.history().snoozedFor()).isPresent();
        assertThat(finish(second(), done(claimed.fencingToken(), "output"))).isTrue();
        assertThat(finish(first(), done(again.fencingToken(), "late"))).isFalse();
        assertThat(second().tasks().attempts(id)).hasSize(3);
    }

    @Test
    void keepsTheOrderOfService() {
        form();
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(submit());
            time.advance(Duration.ofMillis(3));
        }
        move(first(), second(), MOVE);

        assertThat(claim(second(), second().nodes().join("node-2")))
                .extracting(claimed -> claimed.fencingToken().id())
                .containsExactlyElementsOf(ids);
    }

    @Test
    void handsOutNothingBeforeItServes() {
        form();
        TaskId id = submit();
        long node = second().nodes().join("node-2");
        begin(MOVE);
        copy(first(), second(), MOVE, 10);

        assertThat(claim(second(), node)).isEmpty();
        shards(second()).set(SHARD, MOVE, ShardPhase.SERVED);
        assertThat(claim(second(), node))
                .extracting(claimed -> claimed.fencingToken().id())
                .containsExactly(id);
    }

    @Test
    void addsATaskOnce() {
        form();
        TaskId id = submit();
        begin(MOVE);
        assertThat(copy(first(), second(), MOVE, 10)).isEqualTo(1);
        assertThat(copy(first(), second(), MOVE, 10)).isEqualTo(1);

        assertThat(second().tasks().counts()).isEqualTo(Map.of(TaskState.READY, 1L));
        shards(second()).set(SHARD, MOVE, ShardPhase.SERVED);
        assertThat(second().tasks().cancel(id)).isPresent();
        assertThatThrownBy(() -> copy(first(), second(), MOVE, 10)).isInstanceOf(StaleShardException.class);
        assertThat(second().tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 1L));
    }

    @Test
    void refusesTasksOfOtherShards() {
        form();
        submit();
        begin(MOVE);
        var batch = shards(first()).take(SHARD, MOVE, TakenTasks.IDLE, Optional.empty(), 10);
        shards(second()).set(STAYING.shard(), MOVE, ShardPhase.ARRIVING);

        assertThatThrownBy(() -> shards(second()).add(STAYING.shard(), MOVE, batch.tasks()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(second().tasks().counts()).isEmpty();
    }

    @Test
    void knowsTheKeysOfEarlierSubmissions() {
        form();
        List<TaskSubmission> submissions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submissions.add(TaskSubmission.of(request(MOVING), new IdempotencyKey("key-" + i)));
        }
        List<AcceptedTask> accepted = first().tasks().submitOnce(submissions);
        first().tasks().submitOnce(List.of(TaskSubmission.of(request(STAYING), new IdempotencyKey("key-0"))));
        assertThat(shards(first()).keys(SHARD, Optional.empty(), 500))
                .extracting(MovedKey::task)
                .containsExactlyInAnyOrderElementsOf(
                        accepted.stream().map(AcceptedTask::id).toList());

        move(first(), second(), MOVE);

        assertThat(second().tasks().submitOnce(submissions))
                .isEqualTo(accepted.stream()
                        .map(task -> new AcceptedTask(task.id(), false))
                        .toList());
        assertThat(shards(first()).keys(SHARD, Optional.empty(), 500)).isEmpty();
        assertThat(shards(first()).keys(STAYING.shard(), Optional.empty(), 500)).hasSize(1);
    }

    @Test
    void comesBackAsItWent() {
        form();
        List<TaskId> ids = everyKind();
        List<Seen> before = ids.stream().map(id -> Seen.in(first(), id)).toList();
        first().ledger().record(List.of(call(before.get(0).task().id(), 1)));

        move(first(), second(), MOVE);
        move(second(), first(), MOVE + 1);

        assertThat(ids.stream().map(id -> Seen.in(first(), id)).toList()).isEqualTo(before);
        assertThat(second().tasks().counts()).isEmpty();
        assertThat(submit().store()).isZero();
    }

    /** Entries stay where they were booked, and so does what tells whether they were accepted. */
    @Test
    void leavesTheLedgerAsItWas() {
        form();
        ClaimedTask done = claimed(request(MOVING));
        FencingToken token = done.fencingToken();
        first().ledger().record(List.of(call(token.id(), token.epoch())));
        finish(first(), done(token, "output"));
        var before = first().ledger().spend(ALL);
        assertThat(before.get(0).requests()).isEqualTo(1);

        move(first(), second(), MOVE);

        assertThat(first().ledger().spend(ALL)).isEqualTo(before);
        assertThat(second().ledger().spend(ALL)).isEmpty();
    }

    private LedgerEntry call(TaskId task, long epoch) {
        ModelId model = new ModelId("claude", "small");
        return new LedgerEntry(
                "call-1",
                new CallOrigin("request-1", Optional.of(task), epoch, Attribution.of(MOVING)),
                new CallRoute(Complexity.SIMPLE, 0, model, model),
                new CallTiming(time.wallTime(), Duration.ofMillis(100)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(
                        Cost.priced(new Money(1_000)), Optional.empty(), Cost.priced(new Money(3_000)), "2026-11-22"),
                Optional.empty());
    }
}
