package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The task engine through its facade, on an in-memory store, with manual time. */
final class TaskEngineTest extends EngineFixture {

    @Test
    void performsATaskAndPublishesItsEvents() throws Exception {
        Architect architect = start(context -> "done: " + context.request().payload());

        TaskHandle task = architect.submit(TaskRequest.of("work", "tidy up"));

        TaskResult result = task.await(LONG);
        assertThat(result.output()).contains("done: tidy up");
        assertThat(architect.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.DONE);
        assertThat(architect.tasks().attempts(task.id()))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.SUCCEEDED));
        await(Event.TaskEnded.class);
    }

    @Test
    void retriesATransientFailureAfterAJitteredDelay() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Architect architect = start(context -> {
            if (tries.incrementAndGet() < 3) {
                throw transientFailure(null);
            }
            return "third time lucky";
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "try"));

        for (int failed = 0; failed < 2; failed++) {
            Event.TaskAttemptEnded ended = await(Event.TaskAttemptEnded.class);
            assertThat(ended.next()).isEqualTo(TaskState.SCHEDULED);
        }

        assertThat(await(Event.TaskAttemptEnded.class).next()).isEqualTo(TaskState.DONE);
        assertThat(task.result().orElseThrow().output()).contains("third time lucky");
        assertThat(architect.tasks().attempts(task.id())).hasSize(3);
    }

    @Test
    void waitsForTheRetryAfterOfTheProvider() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Architect architect = start(context -> {
            if (tries.incrementAndGet() == 1) {
                throw transientFailure(Duration.ofSeconds(40));
            }
            return "now";
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "try"));
        await(Event.TaskAttemptEnded.class);

        Duration wait = Duration.between(
                architect.tasks().attempts(task.id()).get(0).endedAt(),
                architect.tasks().find(task.id()).orElseThrow().dueAt().orElseThrow());
        assertThat(wait).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(41));
    }

    @Test
    void isDeadAfterFourAttempts() throws Exception {
        Architect architect = start(context -> {
            throw transientFailure(null);
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "try"));

        for (int failed = 1; failed <= 3; failed++) {
            assertThat(await(Event.TaskAttemptEnded.class).next()).isEqualTo(TaskState.SCHEDULED);
        }

        assertThat(await(Event.TaskAttemptEnded.class).next()).isEqualTo(TaskState.DEAD);
        assertThat(task.result().orElseThrow().error())
                .hasValueSatisfying(error -> assertThat(error).contains("PROTOCOL"));
    }

    @Test
    void doesNotRetryPermanentFailures() throws Exception {
        Architect architect = start(context -> {
            throw ProviderException.builder(new ModelId("fake", "model"), FailureKind.INVALID_REQUEST)
                    .build();
        });

        TaskResult result = architect.submit(TaskRequest.of("work", "try")).await(LONG);

        assertThat(result.state()).isEqualTo(TaskState.DEAD);
    }

    @Test
    void omitsMessagesOfOtherExceptionsFromTheError() throws Exception {
        Architect architect = start(context -> {
            throw new IllegalStateException("the secret prompt");
        });

        TaskResult result = architect
                .submit(TaskRequest.of("work", "try").withMaxAttempts(1))
                .await(LONG);

        assertThat(result.error()).contains("java.lang.IllegalStateException");
    }

    @Test
    void interruptsAnAttemptThatTakesTooLong() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Architect architect = start(context -> {
            started.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "hang")
                .withTimeout(Duration.ofSeconds(30))
                .withMaxAttempts(1));
        started.await();

        Event.TaskAttemptEnded ended = await(Event.TaskAttemptEnded.class);
        assertThat(ended.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT);
        assertThat(task.result().orElseThrow().error())
                .hasValueSatisfying(error -> assertThat(error).contains("30000 ms"));
    }

    @Test
    void interruptsTimedOutTasksWhileABacklogFillsEveryFreeSlot() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger performed = new AtomicInteger();
        List<Boolean> interruptedInTime = new CopyOnWriteArrayList<>();
        Worker worker = new WorkWorker(context -> {
            if (context.request().payload().equals("hang")) {
                try {
                    new CountDownLatch(1).await();
                } finally {
                    interrupted.countDown();
                }
            }
            int number = performed.incrementAndGet();
            if (number == 10) {
                time.advance(Duration.ofMinutes(1));
            } else if (number == 90) {
                interruptedInTime.add(interrupted.await(60, TimeUnit.SECONDS));
            }
            return "done";
        });
        store.tasks()
                .submit(List.of(TaskRequest.of("work", "hang")
                        .withTimeout(Duration.ofSeconds(30))
                        .withMaxAttempts(1)));
        store.tasks().submit(Collections.nCopies(100, TaskRequest.of("work", "quick")));

        start(Architect.builder()
                .store(store)
                .router((providers, clock) -> new NoRouter())
                .worker(worker)
                .time(time)
                .pool(new PoolLimits(1, 1, 8)));

        advanceUntil(() -> performed.get() == 100);
        assertThat(interruptedInTime).containsExactly(true);
    }

    @Test
    void interruptsARunningTaskThatIsCancelled() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Architect architect = start(context -> {
            started.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "hang"));
        started.await();

        task.cancel();

        assertThat(await(Event.TaskAttemptEnded.class).outcome()).isEqualTo(AttemptOutcome.CANCELLED);
        assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void cancelsAWaitingTaskAtOnce() throws Exception {
        Architect architect = start(context -> "done");
        TaskHandle task = architect.submit(TaskRequest.of("work", "later").withDelay(Duration.ofMinutes(5)));

        task.cancel();
        task.cancel();

        assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(await(Event.TaskEnded.class).state()).isEqualTo(TaskState.CANCELLED);
        assertThat(events.queue).noneMatch(Event.TaskEnded.class::isInstance);
    }

    @Test
    void startsADelayedTaskWhenItIsDue() throws Exception {
        Architect architect = start(context -> "done");
        TaskHandle task = architect.submit(TaskRequest.of("work", "later").withDelay(Duration.ofMinutes(5)));

        time.advance(Duration.ofMinutes(4));
        assertThat(architect.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.SCHEDULED);
        time.advance(Duration.ofMinutes(1));

        assertThat(await(Event.TaskEnded.class).task()).isEqualTo(task.id());
    }

    @Test
    void rejectsATaskWithoutAWorker() {
        Architect architect = start(context -> "done");

        assertThatThrownBy(() -> architect.submit(TaskRequest.of("paint", "a picture")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("task type is 'paint', expected one of [prompt, work]");
        assertThat(architect.tasks().counts()).isEmpty();
    }

    @Test
    void growsThePoolWhileWorkWaitsAndShrinksItAfterFiveMinutes() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(new PoolLimits(2, 10, 2), context -> {
            release.await();
            return "done";
        });
        assertThat(architect.sessions().list()).hasSize(2);

        architect
                .tasks()
                .submitAll(IntStream.range(0, 30)
                        .mapToObj(number -> TaskRequest.of("work", "task " + number))
                        .toList());
        advanceUntil(() ->
                architect.sessions().list().size() == 10 && architect.sessions().runningAttempts() == 20);

        release.countDown();
        advanceUntil(() -> architect.tasks().counts().getOrDefault(TaskState.DONE, 0L) == 30);
        assertThat(architect.sessions().list()).hasSize(10);
        advanceUntil(() -> architect.sessions().list().size() == 2, Duration.ofSeconds(5));
        assertThat(Duration.between(ManualTime.START, time.wallTime())).isGreaterThan(Duration.ofMinutes(4));
    }

    @Test
    void handsBackRunningTasksWhenItStops() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Architect architect = start(context -> {
            started.countDown();
            new CountDownLatch(1).await();
            return "never";
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "hang"));
        started.await();

        close();

        assertThat(events.queue.stream().filter(Event.TaskAttemptEnded.class::isInstance))
                .singleElement()
                .satisfies(event -> {
                    Event.TaskAttemptEnded ended = (Event.TaskAttemptEnded) event;
                    assertThat(ended.fencingToken().id()).isEqualTo(task.id());
                    assertThat(ended.outcome()).isEqualTo(AttemptOutcome.HANDED_BACK);
                    assertThat(ended.next()).isEqualTo(TaskState.READY);
                });
    }

    @Test
    void recoversTheTasksOfADeadNode() throws Exception {
        long dead = store.nodes().join("other");
        FencingToken fencingToken;
        store.tasks().submit(List.of(TaskRequest.of("work", "orphan")));
        fencingToken = store.tasks()
                .claim(ClaimRequest.of(dead, 1, Set.of("work")))
                .get(0)
                .fencingToken();
        memory.kill(dead);

        Architect architect = start(context -> "saved");

        assertThat(await(Event.TasksRecovered.class).tasks()).isEqualTo(1);
        advanceUntil(() -> architect.tasks().result(fencingToken.id()).isPresent());
        assertThat(architect.tasks().attempts(fencingToken.id()))
                .extracting(attempt -> attempt.outcome())
                .containsExactly(AttemptOutcome.LOST, AttemptOutcome.SUCCEEDED);
    }

    @Test
    void handsBackAClaimWhoseResponseWasLost() throws Exception {
        AtomicBoolean wasLost = new AtomicBoolean();
        store.set((method, call) -> {
            Object reply = call.call();
            if (method.equals("claim") && !((List<?>) reply).isEmpty() && wasLost.compareAndSet(false, true)) {
                throw new StoreException(StoreException.Kind.FAILED, "the reply was lost", null);
            }
            return reply;
        });
        Architect architect = start(context -> "done");
        TaskHandle stray = architect.submit(TaskRequest.of("work", "stray"));

        advanceUntil(() -> stray.result().isPresent());

        assertThat(architect.tasks().attempts(stray.id()))
                .extracting(attempt -> attempt.outcome())
                .containsExactly(AttemptOutcome.HANDED_BACK, AttemptOutcome.SUCCEEDED);
    }

    @Test
    void performsAThousandTasksOnce() throws Exception {
        AtomicInteger performed = new AtomicInteger();
        Architect architect = start(context -> {
            performed.incrementAndGet();
            return "done";
        });

        List<TaskHandle> tasks = architect
                .tasks()
                .submitAll(IntStream.range(0, 1_000)
                        .mapToObj(number -> TaskRequest.of("work", "task " + number))
                        .toList());

        advanceUntil(() -> architect.tasks().counts().getOrDefault(TaskState.DONE, 0L) == 1_000);
        assertThat(performed).hasValue(1_000);
        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(architect.tasks().attempts(task.id())).hasSize(1));
    }

    @Test
    void onlyDelayedTasksMakeTheEngineReadTheNextDueTime() throws Exception {
        Architect architect = start(context -> "done");
        // Time stands still, so the clock is no reason to read it.
        perform(architect, TaskRequest.of("work", "first"));
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        store.set((method, call) -> {
            calls.add(method);
            return call.call();
        });

        perform(architect, TaskRequest.of("work", "ready"));

        assertThat(calls).contains("claim").doesNotContain("untilNextDue");

        architect.submit(TaskRequest.of("work", "later").withDelay(Duration.ofHours(1)));
        waitUntil(() -> calls.contains("untilNextDue"));
    }

    private void perform(Architect architect, TaskRequest request) throws Exception {
        TaskHandle task = architect.submit(request);
        waitUntil(() -> task.result().isPresent());
    }

    private Architect start(PoolLimits limits, Work work) {
        return start(builder(work).pool(limits));
    }

    private static ArchitectException transientFailure(Duration retryAfter) {
        return ProviderException.builder(new ModelId("fake", "model"), FailureKind.PROTOCOL)
                .retryAfter(retryAfter)
                .build();
    }
}
