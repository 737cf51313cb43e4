package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneFullException;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneShare;
import dev.architect.lane.StartRate;
import dev.architect.spi.Store;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lanes: the tasks of queues and tenants, each claimed by its share, and the limits of their settings. */
public abstract class StoreLaneCases extends StoreWaitingFixture {

    private static final Lane A = new Lane("reports", "a", TaskOptions.DEFAULT_SESSION_KIND);
    private static final Lane B = new Lane("reports", "b", TaskOptions.DEFAULT_SESSION_KIND);
    private static final LaneScope QUEUE = LaneScope.of("reports");
    private static final int RACE_LIMIT = 3;

    /** For the contract. */
    protected StoreLaneCases(StoreHandles handles) {
        super(handles);
    }

    private static TaskRequest in(Lane lane, String payload) {
        return in(lane, "work", payload);
    }

    private static TaskRequest in(Lane lane, String type, String payload) {
        return TaskRequest.of(type, payload)
                .withOptions(TaskOptions.DEFAULT
                        .withQueue(lane.queue())
                        .withTenant(lane.tenant())
                        .withSessionKind(lane.sessionKind()));
    }

    private static List<TaskRequest> several(Lane lane, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> in(lane, lane.tenant() + i))
                .toList();
    }

    private List<ClaimedTask> claim(int limit, LaneShare... shares) {
        return claim(store(), limit, shares);
    }

    private List<ClaimedTask> claim(Store handle, int limit, LaneShare... shares) {
        return handle.tasks()
                .claim(ClaimRequest.of(node(), limit, Set.of("work", "other")).withShares(Arrays.asList(shares)));
    }

    private static LaneShare share(Lane lane, int limit) {
        return new LaneShare(lane, limit);
    }

    private static List<String> payloads(List<ClaimedTask> claimed) {
        return claimed.stream().map(task -> task.request().payload()).toList();
    }

    @Test
    void aClaimTakesFromTheLanesThatItNames() {
        tasks().submit(List.of(task("free"), in(A, "a"), in(B, "b")));

        assertThat(payloads(claim(10, new LaneShare[0]))).isEmpty();
        assertThat(payloads(claim(10, share(B, 5)))).containsExactly("b");
        assertThat(payloads(claim(10, share(Lane.DEFAULT, 5), share(B, 5)))).containsExactly("free");
        List<ClaimedTask> last = claim(10, share(A, 5));
        assertThat(payloads(last)).containsExactly("a");
        assertThat(last.get(0).request()).isEqualTo(in(A, "a"));
    }

    @Test
    void everyLaneGivesItsShareAtMost() {
        tasks().submit(several(A, 5));
        tasks().submit(several(B, 5));

        assertThat(payloads(claim(10, share(A, 2), share(B, 3)))).containsExactly("a0", "a1", "b0", "b1", "b2");
        // All together give no more than the whole claim may take, the first in order first.
        assertThat(payloads(claim(3, share(A, 9), share(B, 9)))).containsExactly("a2", "a3", "a4");
        assertThat(payloads(claim(9, share(A, 9), share(B, 9)))).containsExactly("b3", "b4");
        assertCountsEqualRows();
    }

    @Test
    void theTypesOfALaneShareItsPlaceInOneOrder() {
        tasks().submit(List.of(
                in(A, "work", "1"), in(A, "other", "2"), in(A, "work", "3"), in(A, "other", "4"), in(B, "other", "5")));
        tasks().submit(List.of(in(A, "other", "now").withPriority(new Priority(0))));

        assertThat(payloads(claim(9, share(A, 3), share(B, 1)))).containsExactly("now", "1", "2", "5");
        assertThat(payloads(tasks().claim(ClaimRequest.of(node(), 9, Set.of("other"))
                        .withShares(List.of(share(A, 9), share(B, 9))))))
                .containsExactly("4");
        assertThat(payloads(claim(9, share(A, 9)))).containsExactly("3");
    }

    @Test
    void anotherHandleClaimsFromLanesThatItHasNeverSeen() throws Exception {
        second();
        tasks().submit(several(A, 1));

        assertThat(payloads(claim(second(), 5, share(A, 5), share(B, 5)))).containsExactly("a0");
    }

    @Test
    void countsWhatIsUnfinishedByLaneTypeAndState() {
        tasks().submit(List.of(
                task("1"),
                in(A, "2"),
                in(A, "3"),
                in(A, "other", "4"),
                in(A, "5").withDelay(Duration.ofHours(1))));
        ClaimedTask claimed = claim(1, share(A, 1)).get(0);

        assertThat(store().lanes().counts())
                .containsExactlyInAnyOrder(
                        new LaneCount(Lane.DEFAULT, "work", TaskState.READY, 1),
                        new LaneCount(A, "work", TaskState.RUNNING, 1),
                        new LaneCount(A, "work", TaskState.READY, 1),
                        new LaneCount(A, "work", TaskState.SCHEDULED, 1),
                        new LaneCount(A, "other", TaskState.READY, 1));
        finish(claimed.fencingToken(), AttemptOutcome.SUCCEEDED, TaskState.DONE);
        assertThat(store().lanes().counts())
                .doesNotContain(new LaneCount(A, "work", TaskState.RUNNING, 1))
                .hasSize(4);
    }

    @Test
    void pagesByTypeHaveTheTasksOfAllLanes() {
        List<TaskId> ids = tasks().submit(List.of(task("1"), in(A, "2"), in(B, "3"), in(B, "other", "4")));

        assertThat(tasks().list(TaskQuery.newest(10).withType("work")))
                .extracting(task -> task.id())
                .containsExactly(ids.get(2), ids.get(1), ids.get(0));
        assertThat(tasks().list(TaskQuery.newest(10).withType("other").withStates(Set.of(TaskState.READY))))
                .extracting(task -> task.request())
                .containsExactly(in(B, "other", "4"));
    }

    @Test
    void keepsSettingsUntilTheyAreRemoved() throws Exception {
        LaneSettings queue = LaneSettings.of(QUEUE)
                .withWeight(3)
                .withMaxRunning(7)
                .withRate(new StartRate(90, Duration.ofMinutes(1)))
                .withMaxWaiting(1_000)
                .withPaused(true);
        LaneSettings tenant = LaneSettings.of(LaneScope.of("reports", "a"));
        store().lanes().save(tenant);
        store().lanes().save(LaneSettings.of(QUEUE));
        store().lanes().save(queue);

        assertThat(second().lanes().settings()).containsExactly(queue, tenant);
        assertThat(store().lanes().remove(QUEUE)).isTrue();
        assertThat(store().lanes().remove(QUEUE)).isFalse();
        assertThat(second().lanes().settings()).containsExactly(tenant);
    }

    @Test
    void nothingOfAPausedQueueOrTenantIsClaimed() throws Exception {
        tasks().submit(several(A, 2));
        tasks().submit(several(B, 2));
        assertThat(payloads(claim(second(), 1, share(A, 1)))).containsExactly("a0");

        store().lanes().save(LaneSettings.of(LaneScope.of("reports", "a")).withPaused(true));
        assertThat(payloads(claim(second(), 9, share(A, 9), share(B, 1)))).containsExactly("b0");
        store().lanes().save(LaneSettings.of(QUEUE).withPaused(true));
        assertThat(payloads(claim(second(), 9, share(A, 9), share(B, 9)))).isEmpty();
        store().lanes().remove(QUEUE);
        assertThat(payloads(claim(second(), 9, share(A, 9), share(B, 9)))).containsExactly("b1");
        store().lanes().save(LaneSettings.of(LaneScope.of("reports", "a")));
        assertThat(payloads(claim(second(), 9, share(A, 9)))).containsExactly("a1");
    }

    @Test
    void noMoreOfAQueueRunThanItsSettingsSay() throws Exception {
        tasks().submit(several(A, 4));
        tasks().submit(several(B, 4));
        store().lanes().save(LaneSettings.of(QUEUE).withMaxRunning(3));
        store().lanes().save(LaneSettings.of(LaneScope.of("reports", "a")).withMaxRunning(2));

        List<ClaimedTask> first = claim(9, share(A, 9));
        assertThat(payloads(first)).containsExactly("a0", "a1");
        assertThat(payloads(claim(second(), 9, share(A, 9), share(B, 9)))).containsExactly("b0");
        assertThat(claim(9, share(A, 9), share(B, 9))).isEmpty();

        finish(first.get(0).fencingToken(), AttemptOutcome.SUCCEEDED, TaskState.DONE);
        assertThat(payloads(claim(second(), 9, share(B, 9), share(A, 9)))).containsExactly("b1");
        kill(node());
        assertThat(tasks().reap(node())).isEqualTo(3);
        long next = store().nodes().join("node-2");
        assertThat(payloads(tasks().claim(ClaimRequest.of(next, 9, Set.of("work"))
                        .withShares(List.of(share(A, 9), share(B, 9))))))
                .hasSize(3);
    }

    @Test
    void aLimitedQueueIsDividedByTurns() {
        tasks().submit(several(A, 4));
        tasks().submit(several(B, 4));
        store().lanes().save(LaneSettings.of(QUEUE).withMaxRunning(3));

        assertThat(payloads(claim(9, share(B, 4), share(A, 4)))).containsExactly("a0", "b0", "b1");
    }

    @Test
    void noMoreOfAQueueStartThanItsRateAllows() throws Exception {
        tasks().submit(several(A, 9));
        store().lanes().save(LaneSettings.of(QUEUE).withRate(new StartRate(1, Duration.ofDays(1))));

        ClaimedTask first = claim(9, share(A, 9)).get(0);
        finish(first.fencingToken(), AttemptOutcome.SUCCEEDED, TaskState.DONE);
        assertThat(claim(9, share(A, 9))).isEmpty();
        assertThat(claim(second(), 9, share(A, 9))).isEmpty();

        store().lanes().save(LaneSettings.of(QUEUE).withRate(StartRate.perSecond(4)));
        assertThat(claim(9, share(A, 9))).isEmpty();
        store().lanes().remove(QUEUE);
        store().lanes().save(LaneSettings.of(QUEUE).withRate(StartRate.perSecond(4)));
        assertThat(claim(9, share(A, 9))).hasSize(4);
    }

    @Test
    void aRateDoesNotLiftTheLimitOfWhatRuns() {
        tasks().submit(several(A, 9));
        store().lanes().save(LaneSettings.of(QUEUE).withMaxRunning(3).withRate(StartRate.perSecond(1_000)));

        assertThat(claim(9, share(A, 9))).hasSize(3);
        assertThat(claim(9, share(A, 9))).isEmpty();

        store().lanes().save(LaneSettings.of(QUEUE).withMaxRunning(9).withRate(new StartRate(1, Duration.ofDays(1))));
        assertThat(claim(9, share(A, 9))).hasSizeLessThanOrEqualTo(1);
        assertThat(claim(9, share(A, 9))).isEmpty();
    }

    @Test
    void aFullQueueRefusesTasksAsAWhole() throws Exception {
        tasks().submit(several(A, 2));
        store().lanes().save(LaneSettings.of(QUEUE).withMaxWaiting(4));
        store().lanes().save(LaneSettings.of(LaneScope.of("reports", "a")).withMaxWaiting(3));

        assertThatThrownBy(() -> tasks().submit(List.of(task("free"), in(A, "x"), in(A, "y"))))
                .isInstanceOfSatisfying(LaneFullException.class, full -> {
                    assertThat(full)
                            .hasMessage("queue 'reports' of tenant 'a' has 2 waiting tasks and gets 2 more,"
                                    + " expected at most 3 (maxWaiting)");
                    assertThat(full.scope()).isEqualTo(LaneScope.of("reports", "a"));
                    assertThat(full.limit()).isEqualTo(3);
                    assertThat(full.retryAfter()).isPresent();
                });
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 2L));
        tasks().submit(List.of(in(A, "x").withDelay(Duration.ofHours(1)), in(B, "y")));
        assertThatThrownBy(() -> tasks().submit(List.of(in(B, "z")))).isInstanceOf(LaneFullException.class);
        assertThatThrownBy(() ->
                        second().tasks().submitOnce(List.of(TaskSubmission.of(in(B, "z"), new IdempotencyKey("k")))))
                .isInstanceOf(LaneFullException.class);
        // What runs does not wait.
        claim(1, share(A, 1));
        tasks().submit(List.of(in(B, "z").withOptions(in(B, "z").options().withUniqueKey(UniqueKey.existing("u")))));
        // It accepts no task.
        tasks().submit(List.of(in(B, "z").withOptions(in(B, "z").options().withUniqueKey(UniqueKey.existing("u")))));
        assertCountsEqualRows();
    }

    @Test
    void aDrainedQueueTakesNoTaskAndWorksOffWhatItHas() throws Exception {
        tasks().submit(several(A, 2));
        store().lanes()
                .save(LaneSettings.of(QUEUE).withMaxWaiting(9).withPaused(true).withDraining(true));

        assertThat(store().lanes().settings())
                .containsExactly(LaneSettings.of(QUEUE)
                        .withMaxWaiting(9)
                        .withPaused(true)
                        .withDraining(true));
        store().lanes().save(LaneSettings.of(QUEUE).withDraining(true));
        assertThat(store().lanes().settings())
                .containsExactly(LaneSettings.of(QUEUE).withDraining(true));
        assertThatThrownBy(() -> tasks().submit(List.of(task("free"), in(A, "x"))))
                .isInstanceOfSatisfying(LaneFullException.class, full -> {
                    assertThat(full)
                            .hasMessage(
                                    "queue 'reports' is being drained and takes no task, expected one that is open");
                    assertThat(full.isDraining()).isTrue();
                    assertThat(full.scope()).isEqualTo(QUEUE);
                    assertThat(full.retryAfter()).isEmpty();
                });
        assertThatThrownBy(() -> tasks().submitOnce(List.of(TaskSubmission.of(in(B, "z"), new IdempotencyKey("k")))))
                .isInstanceOf(LaneFullException.class);
        assertThat(tasks().counts()).isEqualTo(Map.of(TaskState.READY, 2L));
        assertThat(payloads(claim(9, share(A, 9)))).containsExactly("a0", "a1");

        store().lanes().save(LaneSettings.of(QUEUE));
        store().lanes().save(LaneSettings.of(LaneScope.of("reports", "a")).withDraining(true));
        tasks().submit(List.of(in(B, "z")));
        assertThatThrownBy(() -> tasks().submit(List.of(in(A, "z"))))
                .hasMessageStartingWith("queue 'reports' of tenant 'a' is being drained");
        assertCountsEqualRows();
    }

    @Test
    void settingsAreChangedAsLongAsTheyAreWhatIsExpected() throws Exception {
        LaneSettings none = LaneSettings.of(QUEUE);
        LaneSettings first =
                none.withWeight(2).withRate(StartRate.parse("90/1m")).withMaxRunning(3);
        LaneSettings other = none.withWeight(5).withMaxWaiting(7).withPaused(true);

        assertThat(store().lanes().change(other, first)).isFalse();
        assertThat(store().lanes().settings()).isEmpty();
        assertThat(store().lanes().change(first, none)).isTrue();
        assertThat(second().lanes().change(other, none)).isFalse();
        assertThat(second().lanes().settings()).containsExactly(first);
        assertThat(second().lanes().change(other, first)).isTrue();

        assertThat(store().lanes().settings()).containsExactly(other);
        assertThat(store().lanes().change(first, first)).isFalse();
        assertThat(Set.of(none.version(), first.version(), other.version())).hasSize(3);
        assertThat(store().lanes().settings().get(0).version()).isEqualTo(other.version());
    }

    @Test
    void ofSeveralChangesOfTheSameSettingsOneIsMade() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Store another = second();

        onBothHandles((tasks, number) -> {
            Store handle = number < 4 ? store() : another;
            for (int weight = 1; weight < 20; weight++) {
                if (handle.lanes()
                        .change(
                                LaneSettings.of(QUEUE).withWeight(weight + 1),
                                LaneSettings.of(QUEUE).withWeight(weight))) {
                    made.incrementAndGet();
                }
            }
        });

        assertThat(store().lanes().settings().get(0).weight() - 1).isEqualTo(made.get());
    }

    @Test
    void limitsHoldWhenManyClaimAndSubmitAtATime() throws Exception {
        store().lanes().save(LaneSettings.of(QUEUE).withMaxRunning(RACE_LIMIT).withMaxWaiting(20));
        tasks().submit(several(A, 10));
        tasks().submit(several(B, 10));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        onBothHandles((tasks, number) -> {
            for (int round = 0; round < 10; round++) {
                if (number % 4 == 0) {
                    try {
                        tasks.submit(several(number == 0 ? A : B, 2));
                    } catch (LaneFullException full) {
                        refused.incrementAndGet();
                    }
                    continue;
                }
                List<ClaimedTask> claimed = new ArrayList<>(tasks.claim(
                        ClaimRequest.of(node(), 2, Set.of("work")).withShares(List.of(share(A, 1), share(B, 1)))));
                most.accumulateAndGet(running.addAndGet(claimed.size()), Math::max);
                // Before the end is recorded: after it another one may run.
                running.addAndGet(-claimed.size());
                claimed.forEach(task -> finish(task.fencingToken(), AttemptOutcome.SUCCEEDED, TaskState.DONE));
                done.addAndGet(claimed.size());
            }
        });

        assertThat(most.get()).isBetween(1, RACE_LIMIT);
        assertThat(done.get()).isPositive();
        Map<TaskState, Long> counts = tasks().counts();
        assertThat(counts.getOrDefault(TaskState.READY, 0L)).isLessThanOrEqualTo(20);
        assertThat(counts.getOrDefault(TaskState.RUNNING, 0L)).isZero();
        assertThat(counts.get(TaskState.DONE)).isEqualTo(done.get());
        assertCountsEqualRows();
    }
}
