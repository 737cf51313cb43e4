package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.error.ArchitectException;
import dev.architect.event.ActivityEntry;
import dev.architect.event.Event;
import dev.architect.maintenance.TaskFilter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.project.ProjectId;
import dev.architect.task.NeedsInputException;
import dev.architect.task.PoolLimits;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people do with tasks: answer, hold, resume, redrive, cancel by force; and what is deleted in the end. */
final class TaskOperationsTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p").withMaxAttempts(1);

    @Test
    void waitsForAnAnswerAndGoesOnWithIt() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        Architect architect = start(builder(context -> {
                    seen.add(context.attempt() + " " + context.input());
                    return context.input()
                            .orElseThrow(() -> new NeedsInputException("which branch is to be reviewed?"));
                })
                .pool(new PoolLimits(1, 1, 1)));
        TaskHandle task = architect.submit(WORK);
        TaskHandle next = architect.submit(WORK);

        // Each frees the only slot for the other.
        advanceUntil(() -> state(architect, task) == TaskState.HELD && state(architect, next) == TaskState.HELD);

        assertThat(architect.tasks().question(task.id())).contains("which branch is to be reviewed?");
        assertThat(architect.tasks().find(task.id()).orElseThrow().attempt()).isZero();
        advanceUntil(() -> time.wallTime().isAfter(ManualTime.START.plusSeconds(7_200)), LONG);
        assertThat(task.result()).isEmpty();
        Task resumed = architect.tasks().resume(task.id(), "main");
        assertThat(resumed.id()).isEqualTo(task.id());

        advanceUntil(() -> task.result().isPresent());
        assertThat(task.result().orElseThrow().output()).contains("main");
        assertThat(architect.tasks().attempts(task.id()))
                .extracting(Attempt::outcome)
                .containsExactly(AttemptOutcome.NEEDS_INPUT, AttemptOutcome.SUCCEEDED);
        // With one try at all: the question has given it back.
        assertThat(seen).containsExactly("1 Optional.empty", "1 Optional.empty", "1 Optional[main]");
        assertThat(architect.tasks().question(task.id())).isEmpty();
        await(Event.TaskResumed.class);
        advanceUntil(() -> kinds(architect).containsAll(List.of("attempt-ended", "task-resumed")));
    }

    @Test
    void holdsAndResumesAWaitingTask() throws Exception {
        Architect architect = start(context -> "done");
        TaskHandle task = architect.submit(WORK.withDelay(Duration.ofMinutes(1)));

        assertThat(architect.tasks().hold(task.id()).state()).isEqualTo(TaskState.HELD);
        assertThat(architect.tasks().question(task.id())).isEmpty();
        advanceUntil(() -> time.wallTime().isAfter(ManualTime.START.plusSeconds(300)), LONG);
        assertThat(task.result()).isEmpty();
        architect.tasks().resume(task.id());

        advanceUntil(() -> task.result().isPresent());
        assertThat(task.result().orElseThrow().isDone()).isTrue();
        assertThatThrownBy(() -> architect.tasks().resume(task.id(), "again"))
                .isInstanceOfSatisfying(TaskStateException.class, wrong -> {
                    assertThat(wrong.state()).isEqualTo(TaskState.DONE);
                    assertThat(wrong.id()).isEqualTo(task.id());
                })
                .hasMessage("task " + task.id() + " is done, expected held");
        advanceUntil(() -> kinds(architect).contains("task-held"));
    }

    @Test
    void refusesToHoldARunningTask() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(context -> {
            release.await();
            return "done";
        });
        TaskHandle task = architect.submit(WORK);
        advanceUntil(() -> state(architect, task) == TaskState.RUNNING);

        assertThatThrownBy(() -> architect.tasks().hold(task.id()))
                .isInstanceOf(TaskStateException.class)
                .hasMessageContaining("is running, expected ready, scheduled, blocked or limited");
        assertThatThrownBy(() -> architect.tasks().hold(new TaskId(77))).isInstanceOf(TaskNotFoundException.class);
        assertThatThrownBy(() -> architect.tasks().resume(new TaskId(77), "x"))
                .isInstanceOf(TaskNotFoundException.class);
        assertThatThrownBy(() -> architect.tasks().resume(task.id(), "x".repeat(1_000_001)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input has 1000001 characters, expected at most 1000000");
        release.countDown();
    }

    @Test
    void redrivesADeadTask() throws Exception {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        Architect architect = start(context -> {
            if (isBroken.get()) {
                throw new ArchitectException("mailbox is full, expected room for 1 message");
            }
            return "done";
        });
        TaskHandle task = architect.submit(WORK);
        advanceUntil(() -> task.result().isPresent());
        isBroken.set(false);

        Task ready = architect.tasks().redrive(task.id());

        // It may run again already.
        assertThat(ready.epoch()).isPositive();
        advanceUntil(() -> task.result().filter(result -> result.isDone()).isPresent());
        assertThat(architect.tasks().attempts(task.id())).hasSize(2);
        assertThat(await(Event.TaskRedriven.class).task()).isEqualTo(task.id());
        advanceUntil(() -> kinds(architect).contains("task-redriven"));
        assertThatThrownBy(() -> architect.tasks().redrive(task.id()))
                .isInstanceOf(TaskStateException.class)
                .hasMessageContaining(
                        "is done, expected dead, cancelled or expired: what is done is run again as a new task");
        assertThatThrownBy(() -> architect.tasks().redrive(new TaskId(77))).isInstanceOf(TaskNotFoundException.class);
    }

    @Test
    void redrivesInBulkWhatPassesAFilterAndNothingTwice() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Architect architect = start(context -> {
            calls.incrementAndGet();
            throw new ArchitectException("no");
        });
        ProjectId other = new ProjectId("other");
        architect
                .tasks()
                .submitAll(IntStream.range(0, 1_200)
                        .mapToObj(i -> WORK.withProject(other))
                        .toList());
        architect.tasks().submitAll(IntStream.range(0, 10).mapToObj(i -> WORK).toList());
        advanceUntil(() -> count(architect, TaskState.DEAD) == 1_210);
        TaskFilter filter = TaskFilter.of(TaskState.DEAD, TaskState.CANCELLED)
                .withType("work")
                .withProject(other);

        assertThat(architect.tasks().countRedrivable(filter)).isEqualTo(1_200);
        assertThat(count(architect, TaskState.DEAD)).isEqualTo(1_210);
        assertThat(architect.tasks().redriveAll(filter)).isEqualTo(1_200);

        advanceUntil(() -> calls.get() == 2_410 && count(architect, TaskState.DEAD) == 1_210);
        assertThatThrownBy(() -> architect.tasks().redriveAll(TaskFilter.of(TaskState.DONE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("states have done, expected dead, cancelled and expired only:"
                        + " what is done is run again as a new task");
        assertThatThrownBy(() -> architect.tasks().countRedrivable(TaskFilter.of(TaskState.READY)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cancelsAStubbornTaskByForceAtOnce() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    if (context.request().payload().equals("stubborn")) {
                        started.countDown();
                        awaitUninterruptibly(release);
                    }
                    return "done";
                })
                .pool(new PoolLimits(1, 1, 1)));
        TaskHandle stubborn = architect.submit(TaskRequest.of("work", "stubborn"));
        TaskHandle next = architect.submit(TaskRequest.of("work", "next"));
        advanceUntil(() -> started.getCount() == 0);
        // An ordinary request first, as an operator would.
        stubborn.cancel();

        Task after = architect.tasks().forceCancel(stubborn.id()).orElseThrow();

        assertThat(after.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(stubborn.await(Duration.ofSeconds(1)).state()).isEqualTo(TaskState.CANCELLED);
        // Its slot is written off.
        advanceUntil(() -> next.result().isPresent(), Duration.ofMillis(500));
        assertThat(architect.health().writtenOff()).isEqualTo(1);
        release.countDown();
        advanceUntil(() -> architect.sessions().runningAttempts() == 0);
        assertThat(architect.tasks().attempts(stubborn.id()))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.error()).contains("cancelled by force"));
        assertThat(events.queue.stream()
                        .filter(event -> event instanceof Event.TaskEnded ended
                                && ended.task().equals(stubborn.id())))
                .hasSize(1);
    }

    @Test
    void freesTheSlotOfAWorkerThatReturnsAfterAForcedCancel() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(context -> {
            started.countDown();
            awaitUninterruptibly(release);
            return "paid for, but too late";
        });
        TaskHandle task = architect.submit(WORK);
        advanceUntil(() -> started.getCount() == 0);
        architect.tasks().forceCancel(task.id());
        assertThat(architect.sessions().runningAttempts()).isEqualTo(1);

        release.countDown();

        advanceUntil(() -> architect.sessions().runningAttempts() == 0);
        assertThat(architect.health().writtenOff()).isZero();
        assertThat(architect.health().unrecordedEnds()).isZero();
        assertThat(task.result().orElseThrow().output()).isEmpty();
        assertThat(architect.tasks().attempts(task.id())).hasSize(1);
    }

    @Test
    void interruptsTheWorkerOfAnotherNodeThatIsCancelledByForce() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean isInterrupted = new AtomicBoolean();
        Architect performing = start(context -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                isInterrupted.set(true);
                throw stop;
            }
            return "never";
        });
        Architect operator = start(builder(context -> "never").withoutTaskExecution());
        TaskHandle task = operator.submit(WORK.withTimeout(LONG));
        advanceUntil(() -> started.getCount() == 0);

        assertThat(operator.tasks().forceCancel(task.id()).orElseThrow().state())
                .isEqualTo(TaskState.CANCELLED);

        advanceUntil(() -> performing.sessions().runningAttempts() == 0);
        assertThat(isInterrupted).isTrue();
        assertThat(operator.tasks().attempts(task.id())).hasSize(1);
        assertThat(operator.tasks().forceCancel(new TaskId(77))).isEmpty();
    }

    @Test
    void cancelsByForceWhatDoesNotRun() {
        Architect architect = start(context -> "done");
        TaskHandle waiting = architect.submit(WORK.withDelay(LONG));

        assertThat(architect.tasks().forceCancel(waiting.id()).orElseThrow().state())
                .isEqualTo(TaskState.CANCELLED);
        assertThat(architect.tasks().forceCancel(waiting.id()).orElseThrow().state())
                .isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void deletesOldTasksInStepsWithPauses() throws Exception {
        AtomicInteger purges = new AtomicInteger();
        Queue<Duration> pauses = new ConcurrentLinkedQueue<>();
        long[] last = {time.nanoTime()};
        store.set((method, call) -> {
            if (method.equals("purge")) {
                purges.incrementAndGet();
                pauses.add(Duration.ofNanos(time.nanoTime() - last[0]));
                last[0] = time.nanoTime();
            }
            return call.call();
        });
        Architect architect = start(builder(context -> {
                    if (context.request().payload().equals("dead")) {
                        throw new ArchitectException("no");
                    }
                    return "done";
                })
                .retention(TaskRetention.DEFAULT.withDone(Duration.ofDays(1))));
        architect
                .tasks()
                .submitAll(IntStream.range(0, 1_700).mapToObj(i -> WORK).toList());
        TaskHandle dead = architect.submit(TaskRequest.of("work", "dead"));
        TaskHandle waiting = architect.submit(WORK.withDelay(Duration.ofDays(60)));
        advanceUntil(
                () -> count(architect, TaskState.DONE) == 1_700 && dead.result().isPresent());
        int before = purges.get();
        pauses.clear();

        // At once, and then in small steps: a round that comes late must not find the dead task's month over too.
        time.advance(Duration.ofHours(25));
        advanceUntil(() -> count(architect, TaskState.DONE) == 0);

        assertThat(purges.get() - before).isGreaterThanOrEqualTo(4);
        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(250)) >= 0);
        assertThat(dead.result()).isPresent();
        assertThat(waiting.result()).isEmpty();
        time.advance(Duration.ofDays(30));
        advanceUntil(() -> dead.result().isEmpty());
        assertThat(architect.tasks().find(dead.id())).isEmpty();
        assertThat(architect.tasks().find(waiting.id())).isPresent();
    }

    @Test
    void refusesARetentionOutsideItsRange() {
        assertThatThrownBy(() -> TaskRetention.DEFAULT.withDone(Duration.ofSeconds(59)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("retention of done tasks is PT59S, expected PT1M to PT876000H, or FOREVER");
        assertThatThrownBy(() -> TaskRetention.DEFAULT.withDead(Duration.ofDays(36_501)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TaskRetention.DEFAULT.withCancelled(Duration.ofDays(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TaskRetention.DEFAULT.withCancelled(TaskRetention.FOREVER).of(TaskState.CANCELLED))
                .isEqualTo(TaskRetention.FOREVER);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean isReleased = false;
        while (!isReleased) {
            try {
                isReleased = latch.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                // That is what such a worker does.
                continue;
            }
        }
    }

    private static TaskState state(Architect architect, TaskHandle task) {
        return architect.tasks().find(task.id()).orElseThrow().state();
    }

    private static long count(Architect architect, TaskState state) {
        return architect.tasks().counts().getOrDefault(state, 0L);
    }

    private static List<String> kinds(Architect architect) {
        return architect.activity().newest(500).stream()
                .map(ActivityEntry::kind)
                .toList();
    }
}
