package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.event.ActivityEntry;
import dev.architect.event.Event;
import dev.architect.node.AmbiguousNodeException;
import dev.architect.node.NodeNotFoundException;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a node does that is asked to claim nothing, to drain, and to go on. */
final class NodeOrdersTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p");

    private long incarnation(Architect architect) {
        return architect.nodes().incarnation().orElseThrow();
    }

    private TaskState state(TaskHandle task) {
        return store.tasks().find(task.id()).orElseThrow().state();
    }

    private boolean hasEvent(Class<? extends Event> kind) {
        return events.queue.stream().anyMatch(kind::isInstance);
    }

    @Test
    void aCordonedNodeFinishesWhatRunsAndClaimsNothingMore() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Architect architect = start(context -> {
            started.countDown();
            mayEnd.await();
            return "done";
        });
        TaskHandle running = architect.submit(WORK);
        advanceUntil(() -> started.getCount() == 0);

        architect.nodes().cordon(incarnation(architect));
        TaskHandle waiting = architect.submit(WORK);
        assertThat(await(Event.NodeCordoned.class).order()).isEqualTo(NodeOrder.CORDON);
        assertThat(architect.sessions().isPaused()).isTrue();
        advanceBy(Duration.ofSeconds(30));
        assertThat(architect.sessions().runningAttempts()).isOne();
        mayEnd.countDown();
        advanceUntil(() -> running.result().isPresent());
        advanceBy(Duration.ofSeconds(5));

        assertThat(state(waiting)).isEqualTo(TaskState.READY);
        assertThat(architect.tasks().attempts(waiting.id())).isEmpty();
        assertThat(hasEvent(Event.NodeDrained.class)).isFalse();
        architect.nodes().resume(incarnation(architect));
        advanceUntil(() -> waiting.result().isPresent());
        await(Event.NodeResumed.class);
        assertThat(architect.sessions().isPaused()).isFalse();
        advanceUntil(() -> architect.activity().newest(100).stream()
                .map(ActivityEntry::kind)
                .toList()
                .containsAll(List.of("node-cordoned", "node-resumed")));
    }

    /** The beat that would bring the order is due in a second; neither kind of order waits for it. */
    @Test
    void followsAnOrderAtOnceWhileTheClockStandsStill() throws Exception {
        Architect architect = start(context -> "done");
        await(Event.NodeJoined.class);

        architect.nodes().cordon(incarnation(architect));
        waitUntil(() -> hasEvent(Event.NodeCordoned.class));
        assertThat(architect.sessions().isPaused()).isTrue();

        // As another process does it: only the store knows, and gives a hint.
        time.advance(Duration.ofMillis(200));
        memory.nodes().order(incarnation(architect), NodeOrder.WORK);
        waitUntil(() -> hasEvent(Event.NodeResumed.class));
        assertThat(architect.sessions().isPaused()).isFalse();
    }

    @Test
    void handsBackWhatItHasClaimedAndNotStarted() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        Architect architect = start(builder(context -> {
                    if (context.request().payload().equals("slow")) {
                        started.incrementAndGet();
                        mayEnd.await();
                    }
                    return "done";
                })
                .pool(new PoolLimits(1, 1, 2)));
        // Short ones first, so that the claimer knows them for short and claims ahead.
        List<TaskHandle> fast = architect
                .tasks()
                .submitAll(IntStream.range(0, 50).mapToObj(i -> WORK).toList());
        advanceUntil(() -> fast.stream().allMatch(task -> task.result().isPresent()), Duration.ofMillis(1));
        List<TaskHandle> slow = architect
                .tasks()
                .submitAll(IntStream.range(0, 20)
                        .mapToObj(i -> TaskRequest.of("work", "slow").withTimeout(LONG))
                        .toList());
        waitUntil(() -> started.get() == 2);

        architect.nodes().cordon(incarnation(architect));
        waitUntil(() -> architect.sessions().isPaused());

        advanceUntil(() ->
                slow.stream().filter(task -> state(task) == TaskState.RUNNING).count() == 2);
        assertThat(slow.stream().filter(task -> state(task) == TaskState.READY)).hasSize(18);
        mayEnd.countDown();
    }

    @Test
    void aDrainedNodeHandsBackWhatDoesNotEndInTimeAndGoesOnBeating() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        AtomicBoolean mayEnd = new AtomicBoolean();
        Architect architect = start(builder(context -> {
                    attempts.incrementAndGet();
                    if (!mayEnd.get()) {
                        new CountDownLatch(1).await();
                    }
                    return "done";
                })
                .stopTimeout(Duration.ofSeconds(10)));
        TaskHandle task = architect.submit(WORK.withMaxAttempts(1).withTimeout(LONG));
        advanceUntil(() -> attempts.get() == 1);
        AtomicInteger beats = new AtomicInteger();
        store.set((method, call) -> {
            beats.addAndGet(method.equals("beat") ? 1 : 0);
            return call.call();
        });
        Instant before = time.wallTime();

        architect.nodes().drain("node");
        await(Event.NodeDrained.class);

        assertThat(Duration.between(before, time.wallTime())).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(13));
        // The clock makes many steps while a thread is waited for.
        assertThat(beats.get()).isGreaterThanOrEqualTo(5);
        mayEnd.set(true);
        assertThat(state(task)).isEqualTo(TaskState.READY);
        assertThat(architect.tasks().attempts(task.id()))
                .extracting(Attempt::outcome)
                .isEqualTo(List.of(AttemptOutcome.HANDED_BACK));
        assertThat(architect.nodes().list())
                .singleElement()
                .satisfies(node -> assertThat(node.state()).isEqualTo(NodeState.DRAINING));
        advanceBy(Duration.ofSeconds(5));
        assertThat(attempts).hasValue(1);

        architect.nodes().resume("node");
        advanceUntil(() -> task.result().isPresent());
        assertThat(task.result().orElseThrow().isDone()).isTrue();
    }

    @Test
    void anOrderToGoOnEndsADrainAndInterruptsNothing() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    started.countDown();
                    mayEnd.await();
                    return "done";
                })
                .stopTimeout(Duration.ofMinutes(2)));
        TaskHandle task = architect.submit(WORK.withTimeout(LONG));
        advanceUntil(() -> started.getCount() == 0);

        architect.nodes().drain(incarnation(architect));
        waitUntil(() -> hasEvent(Event.NodeCordoned.class));
        advanceBy(Duration.ofSeconds(30));
        architect.nodes().resume(incarnation(architect));
        waitUntil(() -> hasEvent(Event.NodeResumed.class));
        TaskHandle next = architect.submit(WORK);
        advanceBy(Duration.ofMinutes(4));

        assertThat(hasEvent(Event.NodeDrained.class)).isFalse();
        mayEnd.countDown();
        advanceUntil(() -> task.result().isPresent() && next.result().isPresent());
        assertThat(architect.tasks().attempts(task.id())).hasSize(1);
    }

    @Test
    void drainsAgainWhenThereWasNoEndToTheDrainBefore() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return "done";
                })
                .stopTimeout(Duration.ofSeconds(20)));
        TaskHandle task = architect.submit(WORK.withTimeout(LONG));
        advanceUntil(() -> started.getCount() == 0);

        architect.nodes().drain(incarnation(architect));
        waitUntil(() -> count(Event.NodeCordoned.class) == 1);
        architect.nodes().cordon(incarnation(architect));
        waitUntil(() -> count(Event.NodeCordoned.class) == 2);
        advanceBy(Duration.ofSeconds(40));
        assertThat(state(task)).isEqualTo(TaskState.RUNNING);
        architect.nodes().drain(incarnation(architect));

        await(Event.NodeDrained.class);
        assertThat(state(task)).isEqualTo(TaskState.READY);
    }

    @Test
    void anOrderEndsWithTheIncarnationThatItWasGivenTo() throws Exception {
        Architect architect = start(context -> "done");
        long first = incarnation(architect);
        architect.nodes().cordon(first);
        await(Event.NodeCordoned.class);
        TaskHandle task = architect.submit(WORK);

        memory.kill(first);
        memory.nodes().deadOwners();
        advanceUntil(() -> task.result().isPresent());

        assertThat(incarnation(architect)).isGreaterThan(first);
        assertThat(architect.sessions().isPaused()).isFalse();
        assertThat(architect.nodes().list())
                .extracting(NodeRecord::state)
                .containsExactly(NodeState.DEAD, NodeState.LIVE);
    }

    @Test
    void aNodeGoesOnWhenNeitherItsHostNorAnOrderForbidsIt() throws Exception {
        Architect architect = start(context -> "done");
        architect.sessions().pause();
        architect.nodes().cordon("node");
        await(Event.NodeCordoned.class);
        TaskHandle task = architect.submit(WORK);

        architect.nodes().resume("node");
        await(Event.NodeResumed.class);
        advanceBy(Duration.ofSeconds(3));
        assertThat(state(task)).isEqualTo(TaskState.READY);

        architect.nodes().cordon("node");
        await(Event.NodeCordoned.class);
        architect.sessions().resume();
        advanceBy(Duration.ofSeconds(3));
        assertThat(state(task)).isEqualTo(TaskState.READY);
        assertThat(architect.sessions().isPaused()).isTrue();

        architect.nodes().resume("node");
        advanceUntil(() -> task.result().isPresent());
    }

    @Test
    void aStopDoesNotWaitForADrainInProgress() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Architect architect = builder(context -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return "done";
                })
                .stopTimeout(Duration.ofMinutes(30))
                .build();
        store.keepOpen();
        TaskHandle task = architect.submit(WORK.withTimeout(LONG));
        advanceUntil(() -> started.getCount() == 0);
        architect.nodes().drain(incarnation(architect));
        await(Event.NodeCordoned.class);

        architect.handBack();
        Instant before = time.wallTime();
        Thread closing = new Thread(architect::close);
        closing.start();
        advanceUntil(() -> !closing.isAlive(), Duration.ofMillis(1));

        assertThat(Duration.between(before, time.wallTime())).isLessThan(Duration.ofMinutes(20));
        assertThat(memory.tasks().find(task.id()).orElseThrow().state()).isEqualTo(TaskState.READY);
        assertThat(memory.tasks().attempts(task.id()))
                .extracting(Attempt::outcome)
                .isEqualTo(List.of(AttemptOutcome.HANDED_BACK));
    }

    @Test
    void namesOfNodesHaveToStandForOneThatLives() throws Exception {
        Architect architect = start(builder(context -> "done").nodeName("worker"));
        long twin = memory.nodes().join("worker");
        long other = memory.nodes().join("other");

        assertThatThrownBy(() -> architect.nodes().cordon("worker"))
                .isInstanceOfSatisfying(AmbiguousNodeException.class, failure -> {
                    assertThat(failure.name()).isEqualTo("worker");
                    assertThat(failure.incarnations()).containsExactly(incarnation(architect), twin);
                });
        assertThatThrownBy(() -> architect.nodes().drain("unknown"))
                .isInstanceOfSatisfying(
                        NodeNotFoundException.class,
                        failure -> assertThat(failure.node()).isEqualTo("unknown"));
        memory.nodes().leave(other);
        assertThatThrownBy(() -> architect.nodes().resume("other")).isInstanceOf(NodeNotFoundException.class);
        assertThatThrownBy(() -> architect.nodes().resume(other))
                .isInstanceOfSatisfying(
                        NodeNotFoundException.class,
                        failure -> assertThat(failure.node()).isEqualTo(String.valueOf(other)));

        memory.nodes().leave(twin);
        architect.nodes().cordon("worker");
        await(Event.NodeCordoned.class);
    }

    @Test
    void anObserverGivesOrdersAndHasNoIncarnation() throws Exception {
        Architect worker = start(builder(context -> "done").nodeName("worker"));
        Architect observer = start(builder(context -> "done").withoutTaskExecution());

        assertThat(observer.nodes().incarnation()).isEmpty();
        observer.nodes().cordon("worker");
        await(Event.NodeCordoned.class);

        assertThat(worker.sessions().isPaused()).isTrue();
        assertThat(observer.nodes().list()).extracting(NodeRecord::order).containsExactly(NodeOrder.CORDON);
    }

    /** A node takes tasks for a worker that only another node has, as long as that node is there. */
    @Test
    void aTaskIsAcceptedWhoseWorkerAnotherNodeHas() throws Exception {
        store.keepOpen();
        Architect first = start(context -> "worked");
        assertThatThrownBy(() -> first.submit(TaskRequest.of("paint", "a picture")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected one of [prompt, work]");
        Architect painter = builder(context -> "worked")
                .worker(new Worker() {
                    @Override
                    public Set<String> types() {
                        return Set.of("paint");
                    }

                    @Override
                    public String perform(TaskContext context) {
                        return "painted";
                    }
                })
                .build();
        advanceBy(Duration.ofSeconds(2));

        TaskHandle task = first.submit(TaskRequest.of("paint", "a picture"));
        advanceUntil(() -> first.tasks().result(task.id()).isPresent());

        assertThat(first.tasks().result(task.id()).orElseThrow().output()).contains("painted");
        close(painter);
        assertThatThrownBy(() -> first.submit(TaskRequest.of("paint", "another one")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** What an orderly stop gives back runs on another node at once, and not when a lease has ended. */
    @Test
    void tasksOfANodeThatStopsRunOnAnotherOneAtOnce() throws Exception {
        store.keepOpen();
        AtomicInteger onFirst = new AtomicInteger();
        AtomicInteger onSecond = new AtomicInteger();
        Architect first = builder(context -> {
                    onFirst.incrementAndGet();
                    new CountDownLatch(1).await();
                    return "";
                })
                .build();
        List<TaskHandle> tasks = first.tasks()
                .submitAll(IntStream.range(0, 50)
                        .mapToObj(i -> WORK.withTimeout(LONG))
                        .toList());
        advanceUntil(() -> onFirst.get() == 50);
        Architect second = start(context -> {
            onSecond.incrementAndGet();
            return "done";
        });
        advanceBy(Duration.ofSeconds(2));

        first.handBack();
        Thread closing = new Thread(first::close);
        closing.start();
        // No time at all passes by the clock of the nodes.
        waitUntil(() -> onSecond.get() == 50);

        advanceUntil(() ->
                tasks.stream().allMatch(task -> second.tasks().result(task.id()).isPresent()));
        assertThat(second.tasks().attempts(tasks.get(0).id()))
                .extracting(Attempt::outcome)
                .containsExactly(AttemptOutcome.HANDED_BACK, AttemptOutcome.SUCCEEDED);
        advanceUntil(() -> !closing.isAlive());
    }
}
