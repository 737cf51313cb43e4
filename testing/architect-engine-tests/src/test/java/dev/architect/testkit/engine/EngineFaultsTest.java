package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.ClaimRequest;
import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeOrder;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the engine does when its parts fail: nothing is lost, burnt or stuck. */
final class EngineFaultsTest extends EngineFixture {

    @Test
    void outlivesAnOutageWithoutUsingTriesUp() throws Exception {
        AtomicBoolean isDown = new AtomicBoolean(true);
        Architect architect = start(context -> {
            if (isDown.get()) {
                throw unreachable();
            }
            return "done";
        });
        // The test's time runs in steps of a minute, which may all pass while one attempt ends.
        List<TaskHandle> tasks = architect
                .tasks()
                .submitAll(work(200).stream()
                        .map(task -> task.withTimeout(Duration.ofDays(1)))
                        .toList());

        advanceUntil(
                () -> time.wallTime().isAfter(start().plus(Duration.ofHours(3)))
                        && !architect.tasks().attempts(tasks.get(0).id()).isEmpty(),
                Duration.ofMinutes(1));
        assertThat(architect.tasks().counts()).doesNotContainKeys(TaskState.DEAD, TaskState.DONE);
        assertThat(architect.tasks().attempts(tasks.get(0).id()))
                .isNotEmpty()
                .allMatch(attempt -> attempt.outcome() == AttemptOutcome.SNOOZED);
        isDown.set(false);

        advanceUntil(() -> count(architect, TaskState.DONE) == 200, Duration.ofSeconds(10));
        assertThat(architect.tasks().find(tasks.get(0).id()).orElseThrow().attempt())
                .isEqualTo(1);
    }

    /** A lock on the tasks' table, for example: the lease is no reason to give up what runs. */
    @Test
    void beatsWhileALookAtItsTasksTakesLongerThanALease() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger beats = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Architect architect = start(context -> {
            done.await();
            return "done";
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "p").withTimeout(LONG));
        await(Event.TaskStarted.class);
        store.set((method, call) -> {
            if (method.equals("beat")) {
                beats.incrementAndGet();
            } else if (method.equals("cancelRequested")) {
                looking.countDown();
                awaitUninterruptibly(release);
            }
            return call.call();
        });
        advanceUntil(() -> looking.getCount() == 0);
        int before = beats.get();
        Instant from = time.wallTime();

        advanceUntil(() -> time.wallTime().isAfter(from.plusSeconds(30)));

        assertThat(beats.get() - before).isGreaterThan(15);
        assertThat(architect.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.RUNNING);
        release.countDown();
        done.countDown();
        advanceUntil(() -> task.result().isPresent());
        assertThat(architect.tasks().attempts(task.id())).hasSize(1);
    }

    @Test
    void aStopAsksNothingOfAStoreThatTakesNoBeat() throws Exception {
        Set<Thread> asking = ConcurrentHashMap.newKeySet();
        store.set((method, call) -> method.equals("beat")
                ? Optional.of(new NodeBeat(Duration.ofSeconds(10), NodeOrder.WORK))
                : call.call());
        Architect architect = start(context -> "done");
        await(Event.NodeJoined.class);
        store.set((method, call) -> {
            if (method.equals("runningOf")) {
                asking.add(Thread.currentThread());
            }
            throw new StoreException(StoreException.Kind.BUSY, "not to be reached", null);
        });
        // Longer than the last beat holds, whenever it was sent.
        Instant from = time.wallTime();
        advanceUntil(() -> time.wallTime().isAfter(from.plusSeconds(12)));

        Thread closing = new Thread(() -> {
            try {
                architect.close();
            } catch (StoreException unreachable) {
                // It cannot leave.
            }
        });
        closing.start();
        awaitEnd(closing, Duration.ofSeconds(1));

        assertThat(asking).doesNotContain(closing);
    }

    @Test
    void givesUpWhenAnOutageLastsLongerThanItsLimit() throws Exception {
        Architect architect = start(builder(context -> {
                    throw unreachable();
                })
                .outageLimit(Duration.ofMinutes(30)));
        TaskHandle task = architect.submit(TaskRequest.of("work", "p"));

        advanceUntil(() -> task.result().isPresent(), Duration.ofSeconds(30));

        assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.DEAD);
        assertThat(task.result().orElseThrow().error().orElseThrow()).contains("unavailable for");
        assertThat(Duration.between(start(), time.wallTime())).isGreaterThan(Duration.ofMinutes(29));
    }

    @Test
    void claimsNoMoreThanTheWorkerCanTake() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        Worker worker = new LimitedWorker(3, running, context -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            release.await();
            running.decrementAndGet();
            return "done";
        });
        Architect architect = start(builder(context -> "never").worker(worker));
        architect
                .tasks()
                .submitAll(IntStream.range(0, 20)
                        .mapToObj(i -> TaskRequest.of("limited", "p" + i))
                        .toList());

        advanceUntil(() -> running.get() == 3);
        advanceUntil(() -> time.wallTime().isAfter(start().plusSeconds(10)));
        assertThat(count(architect, TaskState.RUNNING)).isEqualTo(3);

        release.countDown();
        advanceUntil(() -> count(architect, TaskState.DONE) == 20);
        assertThat(most).hasValue(3);
    }

    @Test
    void claimsOtherTypesWhenTheCapacityOfOneFails() throws Exception {
        Worker broken = new LimitedWorker(0, new AtomicInteger(), context -> "never") {
            @Override
            public int capacity() {
                throw new NoClassDefFoundError("absent/Gauge");
            }
        };
        Architect architect = start(builder(context -> "done").worker(broken));
        architect.submit(TaskRequest.of("limited", "p"));
        TaskHandle other = architect.submit(TaskRequest.of("work", "p"));

        advanceUntil(() -> other.result().isPresent());

        assertThat(count(architect, TaskState.READY)).isEqualTo(1);
    }

    @Test
    void goesOnAfterAnErrorInEveryStoreCall() throws Exception {
        Architect architect = start(context -> "done");
        Set<String> failed = ConcurrentHashMap.newKeySet();
        store.set((method, call) -> {
            // Each method once, on the threads of the engine, before and without its effect.
            if (Thread.currentThread().getName().startsWith("architect-") && failed.add(method)) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return call.call();
        });

        List<TaskHandle> tasks = architect.tasks().submitAll(work(50));

        advanceUntil(() -> count(architect, TaskState.DONE) == 50);
        assertThat(failed).contains("claim", "finish", "beat");
        assertThat(tasks)
                .allSatisfy(task -> assertThat(architect.tasks().attempts(task.id()))
                        .filteredOn(attempt -> attempt.outcome() == AttemptOutcome.SUCCEEDED)
                        .hasSize(1));
    }

    @Test
    void leavesTasksOfOtherNodesAlone() throws Exception {
        TaskId foreign =
                memory.tasks().submit(List.of(TaskRequest.of("painting", "p"))).get(0);
        Architect architect = start(context -> "done");
        TaskHandle own = architect.submit(TaskRequest.of("work", "p"));

        advanceUntil(() -> own.result().isPresent());
        advanceUntil(() -> time.wallTime().isAfter(start().plusSeconds(30)), Duration.ofSeconds(1));

        assertThat(architect.tasks().find(foreign).orElseThrow().epoch()).isZero();
    }

    @Test
    void startsTasksOneAtATimeThatWereRunningWhenTwoNodesDied() throws Exception {
        List<TaskId> tasks = memory.tasks().submit(work(50));
        for (int death = 0; death < 2; death++) {
            long node = memory.nodes().join("dying");
            assertThat(memory.tasks().claim(ClaimRequest.of(node, 50, Set.of("work"))))
                    .hasSize(50);
            memory.kill(node);
            memory.nodes().deadOwners();
            assertThat(memory.tasks().reap(node)).isEqualTo(50);
        }
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        Architect architect = start(context -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            time.sleep(Duration.ofMillis(100));
            running.decrementAndGet();
            return "done";
        });

        advanceUntil(() -> count(architect, TaskState.DONE) == 50, Duration.ofMillis(200));
        assertThat(most).hasValue(1);
        assertThat(tasks)
                .allMatch(task -> architect.tasks().find(task).orElseThrow().attempt() == 1);
    }

    /** The one that starts may end the node at once, and what is running then counts as crashed. */
    @Test
    void startsATaskOfTwoCrashesWhenTheOthersAreHandedBack() throws Exception {
        memory.tasks().submit(work(50));
        crash();
        crash();
        AtomicLong running = new AtomicLong();
        CountDownLatch started = new CountDownLatch(1);
        // A slow disk: the worker would begin meanwhile.
        store.setEnds(ends -> awaitBriefly(started));

        start(context -> {
            if (started.getCount() > 0) {
                running.set(memory.tasks().counts().getOrDefault(TaskState.RUNNING, 0L));
                started.countDown();
            }
            return "done";
        });

        advanceUntil(() -> started.getCount() == 0, Duration.ofMillis(200));
        assertThat(running).hasValue(1);
    }

    /** Nodes that are killed one after the other would make every task dead whose turn it is. */
    @Test
    void startsATaskOfTwoCrashesOnlyAfterFiveSecondsWithoutADeath() throws Exception {
        TaskId suspect = memory.tasks().submit(work(1)).get(0);
        crash();
        crash();
        Architect architect = start(context -> "done");
        long joined = time.nanoTime();
        TaskHandle other = architect.submit(work(1).get(0));
        advanceUntil(() -> count(architect, TaskState.DONE) == 1, Duration.ofMillis(200));
        assertThat(architect.tasks().find(other.id()).orElseThrow().state()).isEqualTo(TaskState.DONE);

        advanceUntil(() -> count(architect, TaskState.DONE) == 2, Duration.ofMillis(200));

        assertThat(architect.tasks().find(suspect).orElseThrow().state()).isEqualTo(TaskState.DONE);
        assertThat(Duration.ofNanos(time.nanoTime() - joined)).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    private void crash() {
        long node = memory.nodes().join("dying");
        memory.tasks().claim(ClaimRequest.of(node, 50, Set.of("work")));
        memory.kill(node);
        memory.nodes().deadOwners();
        memory.tasks().reap(node);
    }

    @Test
    void handsBackWhatDoesNotStopInTimeAndCountsNoCrash() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    started.countDown();
                    awaitUninterruptibly(release);
                    return "too late";
                })
                .stopTimeout(Duration.ofSeconds(5)));
        TaskHandle task = architect.submit(TaskRequest.of("work", "stubborn"));
        advanceUntil(() -> started.getCount() == 0);
        store.keepOpen();

        close(architect);
        release.countDown();

        assertThat(memory.tasks().attempts(task.id()))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.HANDED_BACK));
        assertThat(memory.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
        long next = memory.nodes().join("next");
        assertThat(memory.tasks().claim(ClaimRequest.of(next, 1, Set.of("work"))))
                .singleElement()
                .satisfies(claimed -> assertThat(claimed.history().crashes()).isZero());
    }

    @Test
    void handsBackAClaimWhoseReplyWasLostBeforeItStops() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        store.set((method, call) -> {
            Object reply = call.call();
            if (method.equals("claim") && !((List<?>) reply).isEmpty()) {
                lost.incrementAndGet();
                throw new StoreException(StoreException.Kind.FAILED, "the reply was lost", null);
            }
            return reply;
        });
        Architect architect = start(context -> "done");
        TaskHandle task = architect.submit(TaskRequest.of("work", "p"));
        advanceUntil(() -> lost.get() > 0);
        store.keepOpen();

        close(architect);

        assertThat(memory.tasks().attempts(task.id()))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.HANDED_BACK));
        assertThat(memory.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
    }

    @Test
    void writesOffAWorkerThatIgnoresItsInterruption() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    if (context.request().payload().equals("stubborn")) {
                        awaitUninterruptibly(release);
                    }
                    return "done";
                })
                .pool(new PoolLimits(1, 1, 1)));
        TaskHandle stubborn = architect.submit(TaskRequest.of("work", "stubborn")
                .withTimeout(Duration.ofSeconds(10))
                .withMaxAttempts(1));
        TaskHandle next = architect.submit(TaskRequest.of("work", "next"));

        advanceUntil(() -> next.result().isPresent(), Duration.ofMillis(500));

        assertThat(stubborn.result().orElseThrow().state()).isEqualTo(TaskState.DEAD);
        assertThat(architect.tasks().attempts(stubborn.id()))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.TIMED_OUT));
        release.countDown();
    }

    @Test
    void cancelsAWorkerThatIgnoresItsInterruption() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(context -> {
            started.countDown();
            awaitUninterruptibly(release);
            return "too late";
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "stubborn"));
        advanceUntil(() -> started.getCount() == 0);

        task.cancel();
        advanceUntil(() -> task.result().isPresent(), Duration.ofMillis(500));
        release.countDown();

        assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void keepsResultsWhileTheStoreIsFull() throws Exception {
        Architect architect = start(context -> "done");
        AtomicInteger refused = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("finish")) {
                refused.incrementAndGet();
                throw new StoreException(StoreException.Kind.FULL, "no space left", null);
            }
            return call.call();
        });
        List<TaskHandle> tasks = architect.tasks().submitAll(work(100));
        advanceUntil(() -> refused.get() > 50);

        store.heal();

        advanceUntil(() -> count(architect, TaskState.DONE) == 100);
        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(architect.tasks().attempts(task.id())).hasSize(1));
    }

    /** Whatever the store calls its failure: it is none of the attempts. */
    @Test
    void keepsResultsWhileTheStoreFails() throws Exception {
        Architect architect = start(context -> "done");
        AtomicInteger refused = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("finish")) {
                refused.incrementAndGet();
                throw new StoreException(StoreException.Kind.FAILED, "input/output error", null);
            }
            return call.call();
        });
        List<TaskHandle> tasks = architect.tasks().submitAll(work(20));
        advanceUntil(() -> refused.get() > 500);

        store.heal();

        advanceUntil(() -> count(architect, TaskState.DONE) == 20);
        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(architect.tasks().attempts(task.id())).hasSize(1));
    }

    /** The first write that succeeds decides nothing about the one before it. */
    @Test
    void keepsAResultWhenTheStoreComesBackBetweenTwoWrites() throws Exception {
        Architect architect = start(context -> "done");
        AtomicInteger refused = new AtomicInteger();
        store.setEnds(ends -> {
            if (refused.incrementAndGet() <= 5) {
                throw new StoreException(StoreException.Kind.FAILED, "input/output error", null);
            }
        });
        TaskHandle task = architect.submit(TaskRequest.of("work", "p"));

        advanceUntil(() -> task.result().isPresent());

        assertThat(task.result().orElseThrow().state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void losesNoEndOfAGroupWhenAPartOfItThrowsAnError() throws Exception {
        Architect architect = start(context -> context.request().payload());
        AtomicInteger errors = new AtomicInteger();
        store.setEnds(ends -> {
            if (ends.size() > 1) {
                throw new IllegalStateException("groups are refused");
            } else if (errors.incrementAndGet() <= 3) {
                throw new OutOfMemoryError("for a moment");
            }
        });

        List<TaskHandle> tasks = architect.tasks().submitAll(work(20));

        advanceUntil(() -> count(architect, TaskState.DONE) == 20);
        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(architect.tasks().attempts(task.id())).hasSize(1));
    }

    @Test
    void readsBackAWriteOfUnknownOutcome() throws Exception {
        Architect architect = start(context -> "done");
        AtomicInteger unknown = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("finish")) {
                int number = unknown.incrementAndGet();
                if (number <= 6) {
                    // Every second one was kept.
                    if (number % 2 == 0) {
                        call.call();
                    }
                    throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "the connection was lost", null);
                }
            }
            return call.call();
        });

        List<TaskHandle> tasks = architect.tasks().submitAll(work(20));

        advanceUntil(() -> ended() == 20);
        assertThat(count(architect, TaskState.DONE)).isEqualTo(20);
        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(architect.tasks().attempts(task.id())).hasSize(1));
    }

    private long ended() {
        return events.queue.stream().filter(Event.TaskEnded.class::isInstance).count();
    }

    @Test
    void recordsTheOthersWhenOneEndCannotBeStored() throws Exception {
        Architect architect = start(context -> context.request().payload());
        store.setEnds(ends -> {
            if (ends.stream()
                    .anyMatch(end ->
                            end.result().output().filter("task 7"::equals).isPresent())) {
                throw new StoreException(StoreException.Kind.FAILED, "a value does not fit", null);
            }
        });

        List<TaskHandle> tasks = architect.tasks().submitAll(work(40));

        advanceUntil(() -> tasks.stream().allMatch(task -> task.result().isPresent()));
        assertThat(count(architect, TaskState.DONE)).isEqualTo(39);
        assertThat(tasks.get(7).result().orElseThrow().error()).contains("its end cannot be stored: StoreException");
    }

    @Test
    void enforcesDeadlinesWhileAStoreCallHangs() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        Architect architect = start(context -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException stop) {
                interrupted.countDown();
                throw stop;
            }
        });
        architect.submit(TaskRequest.of("work", "hang").withTimeout(Duration.ofSeconds(5)));
        advanceUntil(() -> started.getCount() == 0);
        store.set((method, call) -> {
            if (method.equals("claim") || method.equals("untilNextDue")) {
                release.await();
            }
            return call.call();
        });

        advanceUntil(() -> interrupted.getCount() == 0);
        release.countDown();
    }

    @Test
    void worksWhileAListenerBlocks() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(builder(context -> "done").listener(event -> awaitUninterruptibly(release)));

        List<TaskHandle> tasks = architect.tasks().submitAll(work(100));

        advanceUntil(() -> count(architect, TaskState.DONE) == 100);
        assertThat(tasks).hasSize(100);
        release.countDown();
    }

    @Test
    void tellsAListenerHowManyEventsItWasTooSlowFor() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicLong missed = new AtomicLong();
        Architect architect = start(builder(context -> "done").listener(event -> {
            awaitUninterruptibly(release);
            if (event instanceof Event.EventsDropped dropped) {
                missed.addAndGet(dropped.events());
            }
        }));

        architect.tasks().submitAll(work(12_000));
        release.countDown();

        advanceUntil(() -> missed.get() > 0);
    }

    /** Many threads wait on a node that performs nothing; one loop asks for all of their tasks together. */
    @Test
    void wakesThoseWhoAwaitTasksOfAnotherNode() throws Exception {
        Architect waiting = start(builder(context -> "never").withoutTaskExecution());
        Architect performing = start(context -> "done");
        AtomicInteger asked = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("result")) {
                asked.incrementAndGet();
            }
            return call.call();
        });
        TaskHandle delayed = waiting.submit(TaskRequest.of("work", "p").withDelay(Duration.ofSeconds(30)));
        List<Thread> threads = IntStream.range(0, 50)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        delayed.await(LONG);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);

        advanceUntil(() -> threads.stream().noneMatch(Thread::isAlive));

        assertThat(count(performing, TaskState.DONE)).isEqualTo(1);
        // Before the wait and after the signal, and for a few once more when the signal came between.
        assertThat(asked.get()).isLessThanOrEqualTo(150);
    }

    @Test
    void handsBackAClaimThatWasInFlightWhenItStopped() throws Exception {
        CountDownLatch claiming = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(context -> {
            throw new AssertionError("no attempt may start");
        });
        store.set((method, call) -> {
            Object result = call.call();
            if (method.equals("claim") && !((List<?>) result).isEmpty()) {
                claiming.countDown();
                release.await();
            }
            return result;
        });
        List<TaskHandle> tasks = architect.tasks().submitAll(work(20));
        advanceUntil(() -> claiming.getCount() == 0);

        store.keepOpen();
        Thread closing = new Thread(architect::close);
        closing.start();
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        release.countDown();
        awaitEnd(closing, Duration.ofMillis(100));

        assertThat(tasks).allSatisfy(task -> {
            assertThat(memory.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
            assertThat(memory.tasks().attempts(task.id()))
                    .extracting(attempt -> attempt.outcome())
                    .containsOnly(AttemptOutcome.HANDED_BACK);
        });
    }

    @Test
    void measuresWaitsWithoutTheJumpsOfTheWallClock() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    release.await();
                    return "done";
                })
                .pool(new PoolLimits(1, 1, 1)));
        architect.submit(TaskRequest.of("work", "first"));
        await(Event.TaskStarted.class);
        architect.submit(TaskRequest.of("work", "second"));
        time.jumpWall(Duration.ofHours(1));
        time.advance(Duration.ofSeconds(2));
        release.countDown();

        assertThat(await(Event.TaskStarted.class).waited()).isBetween(Duration.ofSeconds(2), Duration.ofMinutes(1));
    }

    @Test
    void startsAnUrgentTaskWhileThousandsBecomeDue() throws Exception {
        memory.tasks()
                .submit(IntStream.range(0, 20_000)
                        .mapToObj(i -> TaskRequest.of("other", "p").withDelay(Duration.ofSeconds(5)))
                        .toList());
        Architect architect = start(context -> "done");
        AtomicInteger promotions = new AtomicInteger();
        AtomicInteger promotionsBefore = new AtomicInteger(-1);
        store.set((method, call) -> {
            if (method.equals("promoteDue")) {
                promotions.incrementAndGet();
            } else if (method.equals("finish")) {
                promotionsBefore.compareAndSet(-1, promotions.get());
            }
            return call.call();
        });
        time.advance(Duration.ofSeconds(5));

        TaskHandle urgent = architect.submit(TaskRequest.of("work", "now"));
        advanceUntil(() -> urgent.result().isPresent());

        assertThat(promotionsBefore.get()).isLessThan(20);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                if (!latch.await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the latch was not released within a minute");
                }
                return;
            } catch (InterruptedException ignored) {
                // That is what such a worker does.
                continue;
            }
        }
    }

    private static Instant start() {
        return ManualTime.START;
    }

    private static List<TaskRequest> work(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> TaskRequest.of("work", "task " + i))
                .toList();
    }

    private static long count(Architect architect, TaskState state) {
        return architect.tasks().counts().getOrDefault(state, 0L);
    }

    private static boolean awaitBriefly(CountDownLatch latch) {
        try {
            return latch.await(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ArchitectException unreachable() {
        return ProviderException.builder(new ModelId("fake", "model"), FailureKind.UNAVAILABLE)
                .delivery(DeliveryStatus.NOT_SENT)
                .build();
    }

    /** A worker that can take as many tasks as it has not yet in work. */
    private static class LimitedWorker implements Worker {
        private final int limit;
        private final AtomicInteger running;
        private final Work work;

        LimitedWorker(int limit, AtomicInteger running, Work work) {
            this.limit = limit;
            this.running = running;
            this.work = work;
        }

        @Override
        public Set<String> types() {
            return Set.of("limited");
        }

        @Override
        public int capacity() {
            return limit - running.get();
        }

        @Override
        public String perform(TaskContext context) throws Exception {
            return work.perform(context);
        }
    }
}
