package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.error.ArchitectException;
import dev.architect.event.Event;
import dev.architect.spi.TaskStore;
import dev.architect.task.NeedsInputException;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import dev.architect.task.TimeLimits;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Limits of time beside the timeout of an attempt, and answers to tasks that have asked. */
final class TimeLimitsTest extends EngineFixture {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static TaskRequest work(TimeLimits limits) {
        return TaskRequest.of("work", "p")
                .withTimeout(Duration.ofHours(10))
                .withOptions(TaskOptions.DEFAULT.withTimeLimits(limits));
    }

    private static final class Unreachable extends ArchitectException {
        private static final long serialVersionUID = 1L;

        Unreachable() {
            super("mailbox is full, expected room");
        }

        @Override
        public boolean isTransient() {
            return true;
        }
    }

    private static void never() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Test
    void theSoftLimitInterruptsNothing() throws Exception {
        AtomicBoolean wasRequestedAtOnce = new AtomicBoolean(true);
        CountDownLatch asked = new CountDownLatch(1);
        Architect architect = start(context -> {
            wasRequestedAtOnce.set(context.isEndRequested());
            asked.countDown();
            while (!context.isEndRequested()) {
                Thread.onSpinWait();
            }
            return context.isCancelled() || Thread.currentThread().isInterrupted() ? "stopped" : "a part";
        });
        TaskHandle task = architect.submit(work(TimeLimits.NONE.withSoft(MINUTE)));
        advanceUntil(() -> asked.getCount() == 0);

        advanceUntil(() -> task.result().isPresent(), Duration.ofSeconds(5));

        assertThat(task.result().orElseThrow().output()).contains("a part");
        assertThat(wasRequestedAtOnce).isFalse();
        Attempt attempt = architect.tasks().attempts(task.id()).get(0);
        assertThat(Duration.between(attempt.startedAt(), attempt.endedAt())).isGreaterThanOrEqualTo(MINUTE);
    }

    @Test
    void aSilentAttemptIsTimedOutAndTriedAgain() throws Exception {
        Architect architect = start(context -> {
            if (context.attempt() == 1) {
                never();
            }
            return "done";
        });
        TaskHandle task = architect.submit(work(TimeLimits.NONE.withNoHeartbeat(MINUTE)));

        advanceUntil(() -> task.result().isPresent(), Duration.ofSeconds(5));

        assertThat(task.result().orElseThrow().isDone()).isTrue();
        Attempt silent = architect.tasks().attempts(task.id()).get(0);
        assertThat(silent.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
        assertThat(silent.error()).contains("the attempt gave no sign of life for longer than 60000 ms");
        // Far below the timeout of the attempt.
        assertThat(Duration.between(silent.startedAt(), silent.endedAt())).isBetween(MINUTE, LONG);
    }

    @Test
    void heartbeatsKeepAnAttemptAlive() throws Exception {
        AtomicBoolean mayEnd = new AtomicBoolean();
        AtomicInteger beats = new AtomicInteger();
        Architect architect = start(context -> {
            while (!mayEnd.get()) {
                context.heartbeat();
                beats.incrementAndGet();
            }
            return "done";
        });
        TaskHandle task = architect.submit(work(TimeLimits.NONE.withNoHeartbeat(MINUTE)));
        advanceUntil(() -> beats.get() > 0);

        for (int i = 0; i < 10; i++) {
            time.advance(MINUTE.dividedBy(2));
            // The second one has begun after the clock went on.
            int seen = beats.get();
            waitUntil(() -> beats.get() - seen >= 2);
        }
        mayEnd.set(true);
        advanceUntil(() -> task.result().isPresent());

        assertThat(architect.tasks().attempts(task.id()))
                .extracting(Attempt::outcome)
                .containsExactly(AttemptOutcome.SUCCEEDED);
    }

    @Test
    void theTotalLimitEndsARunningAttempt() throws Exception {
        Architect architect = start(context -> {
            never();
            return "never";
        });
        TaskHandle task = architect.submit(work(TimeLimits.NONE.withTotal(MINUTE)));

        advanceUntil(() -> task.result().isPresent(), Duration.ofSeconds(1));

        assertExpired(task.result().orElseThrow());
        Attempt attempt = architect.tasks().attempts(task.id()).get(0);
        assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
        assertThat(attempt.error()).contains(TaskStore.NOT_DONE);
        assertThat(Duration.between(attempt.startedAt(), attempt.endedAt())).isLessThan(LONG);
    }

    private static void assertExpired(TaskResult result) {
        assertThat(result.state()).isEqualTo(TaskState.EXPIRED);
        assertThat(result.error()).contains(TaskStore.NOT_DONE);
    }

    @Test
    void theTotalLimitCountsOverAllTries() throws Exception {
        Architect architect = start(context -> {
            throw new Unreachable();
        });
        TaskHandle task = architect.submit(
                work(TimeLimits.NONE.withTotal(Duration.ofSeconds(20))).withMaxAttempts(20));

        advanceUntil(() -> task.result().isPresent(), Duration.ofSeconds(1));

        assertExpired(task.result().orElseThrow());
        assertThat(architect.tasks().attempts(task.id()).size()).isBetween(1, 19);
        Event.TaskEnded ended = await(Event.TaskEnded.class);
        assertThat(ended.state()).isEqualTo(TaskState.EXPIRED);
    }

    @Test
    void answersATaskThatHasAsked() throws Exception {
        Architect architect =
                start(context -> context.input().orElseThrow(() -> new NeedsInputException("which branch?")));
        TaskHandle task = architect.submit(work(TimeLimits.NONE));
        advanceUntil(() -> count(Event.TaskAttemptEnded.class) == 1);

        assertThat(architect.tasks().signal(task.id(), "main").id()).isEqualTo(task.id());

        advanceUntil(() -> task.result().isPresent());
        assertThat(task.result().orElseThrow().output()).contains("main");
        assertThatThrownBy(() -> architect.tasks().signal(task.id(), "again"))
                .isInstanceOf(TaskStateException.class)
                .hasMessage("task " + task.id() + " is done, expected held by a question of its worker");
        TaskHandle held = architect.submit(work(TimeLimits.NONE).withDelay(LONG));
        architect.tasks().hold(held.id());
        assertThatThrownBy(() -> architect.tasks().signal(held.id(), "x"))
                .isInstanceOfSatisfying(
                        TaskStateException.class,
                        wrong -> assertThat(wrong.state()).isEqualTo(TaskState.HELD));
        assertThatThrownBy(() -> architect.tasks().signal(new TaskId(77), "x"))
                .isInstanceOf(TaskNotFoundException.class);
    }
}
