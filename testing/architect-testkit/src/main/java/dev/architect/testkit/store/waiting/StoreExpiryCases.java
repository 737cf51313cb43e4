package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.spi.TaskStore;
import dev.architect.submission.AcceptedTask;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.task.TimeLimits;
import dev.architect.task.UniqueKey;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Deadlines: what waits for too long ends as expired. */
public abstract class StoreExpiryCases extends StoreWaitingFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final TaskOptions EXPIRING = TaskOptions.DEFAULT.withExpiry(MINUTE);
    private static final TaskOptions LIMITED =
            TaskOptions.DEFAULT.withTimeLimits(TimeLimits.NONE.withTotal(MINUTE.multipliedBy(2)));

    /** For the contract. */
    protected StoreExpiryCases(StoreHandles handles) {
        super(handles);
    }

    private TaskRequest expiring(String payload) {
        return task(payload).withOptions(EXPIRING);
    }

    private void assertExpired(TaskId id, String error) {
        TaskResult result = tasks().result(id).orElseThrow();
        assertThat(result.state()).isEqualTo(TaskState.EXPIRED);
        assertThat(result.error()).contains(error);
        assertThat(result.output()).isEmpty();
        assertThat(find(id).endedAt()).contains(time.wallTime());
        assertThat(find(id).dueAt()).isEmpty();
        assertThat(tasks().ended(List.of(id))).containsExactly(id);
    }

    @Test
    void expiresWhatHasNotBegunInTime() {
        TaskId other = submit(task("other"));
        TaskId id = submit(expiring("p"));
        assertThat(tasks().untilNextExpiry()).contains(MINUTE);
        time.advance(MINUTE.minusMillis(1));
        assertThat(tasks().expire(10)).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(tasks().untilNextExpiry()).contains(Duration.ZERO);

        assertThat(tasks().expire(10)).containsExactly(id);

        assertExpired(id, TaskStore.NOT_BEGUN);
        assertThat(tasks().expire(10)).isEmpty();
        assertThat(tasks().untilNextExpiry()).isEmpty();
        assertThat(stateOf(other)).isEqualTo(TaskState.READY);
        assertThat(tasks().attempts(id)).isEmpty();
        assertCountsEqualRows();
    }

    @Test
    void claimsNothingWhoseTimeIsOver() {
        TaskId late = submit(expiring("late"));
        TaskId other = submit(task("other"));
        time.advance(MINUTE);

        assertThat(claim(10)).extracting(claimed -> claimed.fencingToken().id()).containsExactly(other);

        assertThat(stateOf(late)).isEqualTo(TaskState.READY);
        assertThat(tasks().expire(10)).containsExactly(late);
    }

    @Test
    void expiresWhateverATaskWaitsFor() {
        TaskId scheduled = submit(expiring("p").withDelay(Duration.ofHours(1)));
        TaskId held = submit(expiring("p"));
        tasks().hold(held);
        TaskId ready = submit(expiring("p"));
        time.advance(MINUTE);

        assertThat(tasks().expire(10)).containsExactlyInAnyOrder(scheduled, held, ready);

        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.EXPIRED, 3L));
        assertThat(tasks().untilNextDue()).isEmpty();
        assertThat(tasks().resume(held, Optional.empty())).isFalse();
    }

    @Test
    void aTaskThatHasBegunDoesNotExpire() {
        TaskId id = submit(expiring("p"));
        FencingToken token = claimOne();
        time.advance(MINUTE.multipliedBy(2));
        assertThat(tasks().expire(10)).isEmpty();
        assertThat(tasks().untilNextExpiry()).isEmpty();

        finish(token, AttemptOutcome.FAILED, TaskState.SCHEDULED);

        assertThat(tasks().expire(10)).isEmpty();
        assertThat(tasks().promoteDue(1)).isEqualTo(1);
        assertThat(claimOne().id()).isEqualTo(id);
    }

    @Test
    void aTaskThatWasOnlyHandedBackHasNotBegun() {
        TaskId id = submit(expiring("p"));
        FencingToken token = claimOne();
        time.advance(MINUTE);
        finish(token, AttemptOutcome.HANDED_BACK, TaskState.READY);

        assertThat(claim(1)).isEmpty();
        assertThat(tasks().expire(10)).containsExactly(id);
    }

    @Test
    void aTaskWhoseNodeDiedHasBegun() throws Exception {
        TaskId id = submit(expiring("p"));
        long dying = store().nodes().join("dying");
        tasks().claim(ClaimRequest.of(dying, 1, Set.of("work")));
        kill(dying);
        assertThat(tasks().reap(dying)).isEqualTo(1);
        time.advance(MINUTE);

        assertThat(tasks().expire(10)).isEmpty();
        assertThat(claimOne().id()).isEqualTo(id);
    }

    @Test
    void theLimitOfAllTriesHoldsAfterTheFirst() {
        TaskId id = submit(task("p").withOptions(LIMITED));
        finish(claimOne(), AttemptOutcome.FAILED, TaskState.SCHEDULED);
        assertThat(tasks().untilNextExpiry()).contains(MINUTE.multipliedBy(2));
        time.advance(MINUTE.multipliedBy(2));
        tasks().promoteDue(1);
        assertThat(claim(1)).isEmpty();

        assertThat(tasks().expire(10)).containsExactly(id);

        assertExpired(id, TaskStore.NOT_DONE);
        assertThat(tasks().attempts(id)).hasSize(1);
    }

    @Test
    void theEarlierOfBothLimitsEndsATaskThatHasNotBegun() {
        TaskId id = submit(task("p").withOptions(LIMITED.withExpiry(MINUTE)));
        TaskId begun = submit(task("p").withOptions(LIMITED.withExpiry(MINUTE)));
        tasks().hold(id);
        assertThat(claimOne().id()).isEqualTo(begun);
        finish(new FencingToken(begun, 1, node()), AttemptOutcome.NEEDS_INPUT, TaskState.HELD);
        time.advance(MINUTE);
        assertThat(tasks().expire(10)).containsExactly(id);
        assertExpired(id, TaskStore.NOT_BEGUN);
        time.advance(MINUTE);

        assertThat(tasks().expire(10)).containsExactly(begun);

        assertExpired(begun, TaskStore.NOT_DONE);
    }

    @Test
    void aRedrivenTaskHasItsTimeAgain() {
        TaskId id = submit(expiring("p"));
        time.advance(MINUTE.multipliedBy(3));
        tasks().expire(10);

        assertThat(tasks().redrive(List.of(id))).containsExactly(id);

        assertThat(tasks().untilNextExpiry()).contains(MINUTE);
        assertThat(tasks().result(id)).isEmpty();
        time.advance(MINUTE);
        assertThat(tasks().expire(10)).containsExactly(id);
        tasks().redrive(List.of(id));
        finish(claimOne(), AttemptOutcome.SUCCEEDED, TaskState.DONE);
        assertThat(tasks().result(id).orElseThrow().isDone()).isTrue();
        assertCountsEqualRows();
    }

    @Test
    void theKeyOfAnExpiredTaskIsFree() {
        TaskRequest request = task("p").withOptions(EXPIRING.withUniqueKey(UniqueKey.rejecting("k")));
        TaskId first = submit(request);
        time.advance(MINUTE);
        // Until it has ended it has the key.
        assertThat(tasks().holderOf(PROJECT, "k")).contains(first);
        tasks().expire(1);

        AcceptedTask second =
                tasks().submitOnce(List.of(TaskSubmission.of(request))).get(0);

        assertThat(second.isNew()).isTrue();
        assertThat(second.id()).isNotEqualTo(first);
    }

    @Test
    void expiresInBatchesTheEarliestFirst() {
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(submit(expiring("p")));
            time.advance(Duration.ofSeconds(1));
        }
        time.advance(MINUTE);

        assertThat(tasks().expire(3)).containsExactlyInAnyOrderElementsOf(ids.subList(0, 3));
        assertThat(tasks().expire(3)).containsExactlyInAnyOrderElementsOf(ids.subList(3, 6));
        assertThat(tasks().expire(3)).containsExactly(ids.get(6));
        assertThat(tasks().ids(TaskFilter.of(TaskState.EXPIRED), Optional.empty(), 10))
                .hasSize(7);
        assertThatThrownBy(() -> tasks().expire(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deletesExpiredTasksAsCancelledOnes() {
        TaskId id = submit(expiring("p"));
        time.advance(MINUTE);
        tasks().expire(1);
        TaskRetention retention = TaskRetention.KEEP_ALL.withCancelled(Duration.ofDays(1));
        time.advance(Duration.ofHours(23));
        assertThat(tasks().purge(retention, Optional.empty(), 10).tasks()).isZero();
        time.advance(Duration.ofHours(2));

        assertThat(tasks().purge(retention, Optional.empty(), 10).tasks()).isEqualTo(1);

        assertThat(tasks().find(id)).isEmpty();
    }

    @Test
    void twoHandlesExpireEachTaskOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            submit(expiring("p"));
        }
        time.advance(MINUTE);
        Queue<TaskId> expired = new ConcurrentLinkedQueue<>();

        onBothHandles((tasks, number) -> {
            List<TaskId> batch = tasks.expire(9);
            while (!batch.isEmpty()) {
                expired.addAll(batch);
                batch = tasks.expire(9);
            }
        });

        assertThat(expired).hasSize(100).doesNotHaveDuplicates();
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.EXPIRED, 100L));
    }
}
