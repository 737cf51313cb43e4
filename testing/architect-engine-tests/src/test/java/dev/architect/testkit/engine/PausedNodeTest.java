package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A node that takes no tasks for a while. */
final class PausedNodeTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p");

    @Test
    void startsPausedAndTakesTasksOnceResumed() throws Exception {
        Architect architect = start(builder(context -> "done").paused());
        TaskHandle task = architect.submit(WORK);

        advanceBy(Duration.ofSeconds(5));
        assertThat(architect.sessions().isPaused()).isTrue();
        assertThat(architect.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
        assertThat(architect.health().isDegraded()).isFalse();

        architect.sessions().resume();
        advanceUntil(() -> task.result().isPresent());
        assertThat(architect.sessions().isPaused()).isFalse();
    }

    @Test
    void pausedNodeFinishesWhatRunsAndClaimsNothingMore() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    started.countDown();
                    mayEnd.await();
                    return "done";
                })
                .pool(new PoolLimits(1, 1, 1)));
        TaskHandle running = architect.submit(WORK);
        advanceUntil(() -> started.getCount() == 0);
        TaskHandle waiting = architect.submit(WORK);

        architect.sessions().pause();
        mayEnd.countDown();
        advanceUntil(() -> running.result().isPresent());
        advanceBy(Duration.ofSeconds(5));

        assertThat(architect.tasks().find(waiting.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
        architect.sessions().resume();
        advanceUntil(() -> waiting.result().isPresent());
    }

    @Test
    void drainHandsBackWhatDoesNotEndInTimeAndTheNodeGoesOnAfterwards() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Architect architect = start(builder(context -> {
                    if (attempts.incrementAndGet() == 1) {
                        new CountDownLatch(1).await();
                    }
                    return "done";
                })
                .stopTimeout(Duration.ofSeconds(10)));
        TaskHandle task = architect.submit(WORK.withMaxAttempts(1));
        advanceUntil(() -> attempts.get() == 1);

        Instant before = time.wallTime();
        Thread draining = new Thread(() -> architect.sessions().drain());
        draining.start();
        advanceUntil(() -> !draining.isAlive());

        assertThat(Duration.between(before, time.wallTime())).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(12));
        assertThat(architect.sessions().runningAttempts()).isZero();
        assertThat(architect.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
        assertThat(architect.tasks().attempts(task.id()))
                .extracting(Attempt::outcome)
                .isEqualTo(List.of(AttemptOutcome.HANDED_BACK));
        // The node is still one: it takes submissions, and only it keeps the tasks waiting.
        TaskHandle later = architect.submit(WORK);
        assertThat(store.nodes().aliveCount()).isOne();

        architect.sessions().resume();
        advanceUntil(() -> task.result().isPresent() && later.result().isPresent());
        assertThat(task.result().orElseThrow().isDone()).isTrue();
    }

    @Test
    void drainHandsBackAClaimThatIsUnderWay() throws Exception {
        CountDownLatch claiming = new CountDownLatch(1);
        CountDownLatch mayClaim = new CountDownLatch(1);
        AtomicInteger performed = new AtomicInteger();
        Architect architect = start(builder(context -> {
            performed.incrementAndGet();
            return "done";
        }));
        store.set((method, call) -> {
            Object result = call.call();
            if (method.equals("claim") && !((List<?>) result).isEmpty()) {
                claiming.countDown();
                mayClaim.await();
            }
            return result;
        });
        TaskHandle task = architect.submit(WORK);
        advanceUntil(() -> claiming.getCount() == 0);

        Thread draining = new Thread(() -> architect.sessions().drain());
        draining.start();
        // Time stands still, so the drain cannot give up: it waits for the claim.
        while (!architect.sessions().isPaused()) {
            Thread.onSpinWait();
        }
        mayClaim.countDown();
        advanceUntil(() -> !draining.isAlive());

        assertThat(performed).hasValue(0);
        assertThat(architect.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
        architect.sessions().resume();
        advanceUntil(() -> task.result().isPresent());
        assertThat(performed).hasValue(1);
    }

    @Test
    void closedOrWithoutTasksCannotBeResumed() throws Exception {
        Architect observer = start(builder(context -> "done").withoutTaskExecution());
        observer.sessions().resume();
        observer.sessions().drain();
        assertThat(observer.sessions().isPaused()).isTrue();

        Architect architect = builder(context -> "done").build();
        close(architect);
        architect.sessions().resume();
        architect.sessions().drain();
        assertThat(architect.sessions().isPaused()).isTrue();
    }
}
