package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spi.TaskStore;
import dev.architect.task.KeyLimit;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Limit keys: how many tasks with one key may be ready or run at once. */
public abstract class StoreLimitCases extends StoreWaitingFixture {

    private static final int KEYS = 3;
    private static final int ROUNDS = 20;

    /** For the contract. */
    protected StoreLimitCases(StoreHandles handles) {
        super(handles);
    }

    private static TaskRequest limited(String payload) {
        return limited(payload, "k");
    }

    private static TaskRequest limited(String payload, String key) {
        return task(payload).withOptions(TaskOptions.DEFAULT.withLimitKey(key));
    }

    private List<TaskId> submitThree() {
        return tasks().submit(List.of(limited("1"), limited("2"), limited("3")));
    }

    private List<TaskState> states(List<TaskId> ids) {
        return ids.stream().map(this::stateOf).toList();
    }

    @Test
    void oneWithAKeyIsReadyAtATime() {
        List<TaskId> ids = submitThree();
        TaskId free = submit(task("free"));

        assertThat(states(ids)).containsExactly(TaskState.READY, TaskState.LIMITED, TaskState.LIMITED);
        assertThat(stateOf(free)).isEqualTo(TaskState.READY);
        List<ClaimedTask> claimed = claim(10);
        assertThat(claimed).extracting(task -> task.fencingToken().id()).containsExactly(ids.get(0), free);
        assertThat(claim(10)).isEmpty();
        assertThat(tasks().promoteLimited(10)).isZero();
        assertCountsEqualRows();

        finish(claimed.get(0).fencingToken(), AttemptOutcome.SUCCEEDED, TaskState.DONE);

        assertThat(states(ids)).containsExactly(TaskState.DONE, TaskState.READY, TaskState.LIMITED);
        assertThat(claim(10)).extracting(task -> task.fencingToken().id()).containsExactly(ids.get(1));
        assertCountsEqualRows();
    }

    @Test
    void theMostUrgentOfAKeyIsNext() {
        List<TaskId> ids = tasks().submit(List.of(
                limited("late").withPriority(new Priority(9)), limited("soon").withPriority(new Priority(0))));

        assertThat(states(ids)).containsExactly(TaskState.LIMITED, TaskState.READY);
    }

    @Test
    void keysOfDifferentProjectsAreDifferent() {
        List<TaskId> ids = tasks().submit(List.of(
                limited("1"), limited("2").withAttribution(Attribution.of(new ProjectId("other"))), limited("3", "K")));

        assertThat(states(ids)).containsOnly(TaskState.READY);
    }

    @Test
    void whoeverEndsTheHoldingPromotesTheNext() {
        List<TaskId> ids = new ArrayList<>(submitThree());
        ids.addAll(submitThree());

        tasks().cancel(ids.get(0));
        assertThat(stateOf(ids.get(1))).isEqualTo(TaskState.READY);
        assertThat(tasks().hold(ids.get(1))).isTrue();
        assertThat(stateOf(ids.get(2))).isEqualTo(TaskState.READY);
        finish(claimOne(), AttemptOutcome.FAILED, TaskState.DEAD);
        assertThat(stateOf(ids.get(3))).isEqualTo(TaskState.READY);
        claimOne();
        assertThat(tasks().forceCancel(ids.get(3))).isPresent();
        assertThat(stateOf(ids.get(4))).isEqualTo(TaskState.READY);
        FencingToken snoozed = claimOne();
        assertThat(tasks().finish(List.of(end(snoozed, AttemptOutcome.SNOOZED, TaskState.SCHEDULED))))
                .hasSize(1);
        assertThat(stateOf(ids.get(5))).isEqualTo(TaskState.READY);
        assertCountsEqualRows();
    }

    private AttemptEnd end(FencingToken token, AttemptOutcome outcome, TaskState next) {
        return new AttemptEnd(
                token,
                "llm-1",
                time.wallTime(),
                time.wallTime(),
                outcome,
                next,
                next == TaskState.SCHEDULED ? Duration.ofSeconds(5) : Duration.ZERO,
                next == TaskState.DONE ? AttemptResult.output("out") : AttemptResult.error("later"));
    }

    @Test
    void waitsForItsPermitOnEveryWayToReady() {
        TaskId due = submit(limited("due").withDelay(Duration.ofSeconds(1)));
        TaskId dead = submit(limited("dead"));
        finish(claimOne(), AttemptOutcome.FAILED, TaskState.DEAD);
        TaskId held = submit(limited("held"));
        assertThat(tasks().hold(held)).isTrue();
        TaskId holder = submit(limited("holder"));
        time.advance(Duration.ofSeconds(2));

        assertThat(tasks().promoteDue(10)).isEqualTo(1);
        assertThat(tasks().resume(held, Optional.empty())).isTrue();
        assertThat(tasks().redrive(List.of(dead))).containsExactly(dead);

        assertThat(states(List.of(due, held, dead))).containsOnly(TaskState.LIMITED);
        assertThat(claim(10)).extracting(task -> task.fencingToken().id()).containsExactly(holder);
        assertCountsEqualRows();
    }

    @Test
    void aTaskThatComesBackKeepsItsPermit() throws Exception {
        List<TaskId> ids = submitThree();

        FencingToken token = claimOne();
        tasks().finish(List.of(end(token, AttemptOutcome.HANDED_BACK, TaskState.READY)));
        assertThat(states(ids)).containsExactly(TaskState.READY, TaskState.LIMITED, TaskState.LIMITED);

        claimOne();
        kill(node());
        assertThat(tasks().reap(node())).isEqualTo(1);
        assertThat(states(ids)).containsExactly(TaskState.READY, TaskState.LIMITED, TaskState.LIMITED);
    }

    @Test
    void waitingTasksCanBeCancelledHeldAndExpired() {
        List<TaskId> ids = tasks().submit(List.of(
                limited("1"),
                limited("2"),
                limited("3"),
                task("4").withOptions(TaskOptions.DEFAULT.withLimitKey("k").withExpiry(Duration.ofSeconds(1)))));

        tasks().cancel(ids.get(1));
        assertThat(tasks().hold(ids.get(2))).isTrue();
        time.advance(Duration.ofSeconds(2));
        assertThat(tasks().expire(10)).containsExactly(ids.get(3));

        assertThat(states(ids))
                .containsExactly(TaskState.READY, TaskState.CANCELLED, TaskState.HELD, TaskState.EXPIRED);
        assertCountsEqualRows();
    }

    @Test
    void limitsAreSetListedAndRemoved() {
        List<TaskId> ids = submitThree();
        KeyLimit two = new KeyLimit(PROJECT, "k", 2);
        KeyLimit other = new KeyLimit(new ProjectId("other"), "a", 7);

        tasks().setLimit(new KeyLimit(PROJECT, "k", 5));
        tasks().setLimit(other);
        assertThat(states(ids)).containsOnly(TaskState.READY);
        tasks().setLimit(two);

        assertThat(tasks().limits(Optional.empty(), 10)).containsExactly(two, other);
        assertThat(tasks().limits(Optional.empty(), 1)).containsExactly(two);
        assertThat(tasks().limits(Optional.of(two), 10)).containsExactly(other);
        assertThat(stateOf(submit(limited("4")))).isEqualTo(TaskState.LIMITED);
        assertThat(tasks().removeLimit(PROJECT, "k")).isTrue();
        assertThat(tasks().removeLimit(PROJECT, "k")).isFalse();
        assertThat(tasks().limits(Optional.empty(), 10)).containsExactly(other);
    }

    @Test
    void permitsAreNeverExceededAndNeverLost() throws Exception {
        tasks().setLimit(new KeyLimit(PROJECT, "k1", 2));
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        Queue<String> exceeded = new ConcurrentLinkedQueue<>();

        onBothHandles((tasks, number) -> {
            for (int round = 0; round < ROUNDS; round++) {
                TaskId id =
                        tasks.submit(List.of(limited("p", "k" + round % KEYS))).get(0);
                if (round % 5 == 0) {
                    tasks.cancel(id);
                }
                perform(tasks, running, exceeded);
            }
        });

        while (perform(tasks(), running, exceeded) > 0) {
            // Each end makes the next of its key ready.
        }
        tasks().promoteLimited(TaskStore.MAX_BATCH);
        while (perform(tasks(), running, exceeded) > 0) {
            // And so does each of those that were passed over because another transaction held them.
            tasks().promoteLimited(TaskStore.MAX_BATCH);
        }
        assertThat(exceeded).isEmpty();
        assertThat(tasks().counts()).containsOnlyKeys(TaskState.DONE, TaskState.CANCELLED);
        assertCountsEqualRows();
    }

    private int perform(TaskStore tasks, Map<String, AtomicInteger> running, Queue<String> exceeded) {
        List<ClaimedTask> claimed = tasks.claim(ClaimRequest.of(node(), 4, Set.of("work")));
        for (ClaimedTask task : claimed) {
            String key = task.request().options().limitKey().orElseThrow();
            int now = count(running, key).incrementAndGet();
            if (now > (key.equals("k1") ? 2 : 1)) {
                exceeded.add(key);
            }
        }
        for (ClaimedTask task : claimed) {
            // Before the end is recorded, after which another one may begin.
            count(running, task.request().options().limitKey().orElseThrow()).decrementAndGet();
            tasks.finish(List.of(end(task.fencingToken(), AttemptOutcome.SUCCEEDED, TaskState.DONE)));
        }
        return claimed.size();
    }

    private static AtomicInteger count(Map<String, AtomicInteger> running, String key) {
        return running.computeIfAbsent(key, each -> new AtomicInteger());
    }

    @Test
    void limitsDoNotDisturbOthers() {
        List<TaskId> ids = submitThree();
        TaskId free = submit(task("free"));

        assertThat(tasks().list(TaskQuery.newest(10).withStates(Set.of(TaskState.LIMITED))))
                .extracting(Task::id)
                .containsExactly(ids.get(2), ids.get(1));
        assertThat(claim(10)).extracting(task -> task.fencingToken().id()).containsExactly(ids.get(0), free);
    }
}
