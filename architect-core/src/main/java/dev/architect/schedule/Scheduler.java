package dev.architect.schedule;

import dev.architect.error.ArchitectException;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.gateway.ChatGateway;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.spi.Worker;
import dev.architect.task.ClaimedTask;
import dev.architect.task.FencingToken;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskId;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of one node: claims ready tasks into free slots, enforces timeouts and cancellations, and recovers the tasks
 * of dead nodes.
 *
 * <p>One thread does all of it, in rounds. A round is started by a signal (a submit, a freed slot) or by the clock: the
 * earliest of the poll interval, the next due task, and the next deadline. Attempts never run on this thread: each has a thread
 * of its own ({@link AttemptRunner}).
 *
 * <ol>
 *   <li>Every second: send the heartbeat; detect dead nodes and recover their tasks; read the cancel requests of other
 *       processes.
 *   <li>Every ten seconds: audit. A task that runs here by the store, and that memory does not hold in two audits, is a claim
 *       whose reply was lost: it is handed back.
 *   <li>Each round: make due tasks ready; claim as many as there are free slots; grow or shrink the pool; interrupt what is
 *       overdue.
 * </ol>
 *
 * <p>A failing store does not end the loop: the round is skipped, and the next one starts a second later.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /** The longest time between two rounds; finds tasks that another process submitted, for which there is no signal. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    /** The time between two heartbeats, and the wait after a failed round. */
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);

    /** The time between two audits; a lost claim is handed back after two of them. */
    private static final Duration AUDIT_INTERVAL = Duration.ofSeconds(10);

    /** The most tasks of one claim. */
    private static final int CLAIM_LIMIT = 500;

    /** The most of an orderly stop that is left to interrupted workers, so that they return and their tasks are handed back. */
    private static final Duration RETURN_TIMEOUT = HEARTBEAT_INTERVAL.multipliedBy(3);

    /** How long a stop waits before it logs what it waits for, and again each time. */
    private static final Duration WAIT_NOTICE = Duration.ofSeconds(5);

    /** How many of the running tasks a notice names. */
    private static final int NAMED_TASKS = 5;

    private final Store store;
    private final TimeSource time;
    private final EventListener events;
    private final String nodeName;
    private final Duration stopTimeout;
    private final SessionPool pool;
    private final AttemptRunner attempts;
    private final ThreadRunner runner;
    private final WakeUp wake;
    private final Map<FencingToken, RunningAttempt> running = new ConcurrentHashMap<>();
    // These four belong to the dispatcher thread, so they need no lock.
    private Set<FencingToken> unknownClaims = Set.of();
    private long nextHeartbeat;
    private long nextAudit;
    private boolean workWaits;
    // Volatile: close() reads it on another thread.
    private volatile long incarnation;
    private @Nullable Thread dispatcher;
    private volatile boolean closing;
    private volatile boolean handingBack;
    private volatile boolean closed;

    /** Creates a scheduler that does nothing until it is started. */
    public Scheduler(
            Store store,
            TimeSource time,
            ThreadRunner runner,
            EventListener events,
            String nodeName,
            PoolLimits limits,
            Duration stopTimeout,
            Map<String, Worker> workers,
            ChatGateway gateway) {
        this.stopTimeout = stopTimeout;
        this.store = store;
        this.time = time;
        this.runner = runner;
        this.events = events;
        this.nodeName = nodeName;
        this.wake = time.newWakeUp();
        this.pool = new SessionPool(limits, time, events);
        this.attempts = new AttemptRunner(store.tasks(), time, events, workers, gateway, this::ended);
    }

    /** Registers the node in the store and starts to claim tasks. Called once. */
    public void start() {
        // Before the node joins, so that the list of sessions that it stores is complete.
        pool.open();
        join();
        dispatcher = runner.startPlatform("dispatcher", this::loop);
    }

    /** Starts a round soon, because there may be work. */
    public void wake() {
        wake.signal();
    }

    /** The sessions of this node as they are now. */
    public List<SessionInfo> sessions() {
        return pool.snapshot();
    }

    /** How many attempts run on this node now. */
    public int runningCount() {
        return running.size();
    }

    /** Interrupts the attempts of a task on this node, after the store has noted that it is to be cancelled. */
    public void cancelled(TaskId id) {
        // On the caller's thread, so that a cancellation in this process does not wait for the next round.
        running.forEach((fencingToken, attempt) -> {
            if (fencingToken.id().equals(id)) {
                attempt.stop(RunningAttempt.Stop.CANCELLED);
            }
        });
    }

    private void loop() {
        while (!closed) {
            Duration wait = POLL_INTERVAL;
            try {
                wait = round();
            } catch (ArchitectException failure) {
                // Without a stack trace: a store that is down fails each second until it recovers.
                LOG.warn("the dispatcher skipped a round: {}", failure.getMessage());
                wait = HEARTBEAT_INTERVAL;
            } catch (RuntimeException failure) {
                LOG.error("the dispatcher skipped a round", failure);
                wait = HEARTBEAT_INTERVAL;
            }
            try {
                wake.await(wait);
            } catch (InterruptedException stop) {
                // Only the runner interrupts this thread, when it closes.
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** One round; returns how long the next one may wait for a signal. */
    private Duration round() {
        long now = time.nanoTime();
        if (now >= nextHeartbeat) {
            // Set before the call, so that a heartbeat that fails is not repeated at once.
            nextHeartbeat = now + HEARTBEAT_INTERVAL.toNanos();
            sendHeartbeat();
        }
        if (now >= nextAudit) {
            nextAudit = now + AUDIT_INTERVAL.toNanos();
            audit();
        }
        Duration untilDue = store.tasks().untilNextDue().orElse(POLL_INTERVAL);
        if (untilDue.isZero() || untilDue.isNegative()) {
            store.tasks().promoteDue();
            untilDue = POLL_INTERVAL;
        }
        // While the node closes, the rounds go on: attempts that still run need heartbeats and timeouts.
        if (!closing) {
            claim();
        }
        if (pool.adapt(workWaits)) {
            store.nodes().saveSessions(incarnation, pool.snapshot());
            // The new slots may be filled at once.
            wake.signal();
        }
        return shortest(POLL_INTERVAL, untilDue, pool.untilNextAdapt(), stopOverdue());
    }

    private void sendHeartbeat() {
        if (!store.nodes().heartbeat(incarnation)) {
            LOG.warn("this node counts as dead in the store; it stops {} attempts and joins again", running.size());
            // Another node may run these tasks already, and no write of these attempts would match.
            running.values().forEach(attempt -> attempt.stop(RunningAttempt.Stop.FENCED));
            join();
        }
        // Every node does this; the store recovers each task once, whichever node comes first.
        for (long dead : store.nodes().deadOwners()) {
            int recovered = store.tasks().reap(dead);
            if (recovered > 0) {
                events.onEvent(new Event.TasksRecovered(time.wallTime(), dead, recovered));
            }
        }
        if (!running.isEmpty()) {
            store.tasks().cancelRequested(running.keySet()).forEach(fencingToken -> {
                RunningAttempt attempt = running.get(fencingToken);
                if (attempt != null) {
                    attempt.stop(RunningAttempt.Stop.CANCELLED);
                }
            });
        }
    }

    private void join() {
        incarnation = store.nodes().join(nodeName);
        store.nodes().saveSessions(incarnation, pool.snapshot());
        events.onEvent(new Event.NodeJoined(time.wallTime(), incarnation));
    }

    private void audit() {
        Set<FencingToken> unknown = new HashSet<>(store.tasks().runningOf(incarnation));
        // Memory is read after the store, so an attempt that ends in between looks unknown once. Only two audits in a
        // row count.
        unknown.removeAll(running.keySet());
        Set<FencingToken> lost = new HashSet<>(unknown);
        lost.retainAll(unknownClaims);
        if (!lost.isEmpty()) {
            LOG.warn("{} claimed tasks were never started; they are handed back", lost.size());
            attempts.handBack(lost);
        }
        unknownClaims = unknown;
    }

    /** Claims once. When more may wait, a slot that is free or becomes free starts the next round, so heartbeats are never late. */
    private void claim() {
        int free = Math.min(pool.freeSlots(), CLAIM_LIMIT);
        workWaits = free == 0;
        if (free > 0) {
            List<ClaimedTask> claimed = store.tasks().claim(incarnation, free);
            claimed.forEach(this::begin);
            workWaits = claimed.size() == free;
            if (workWaits && pool.freeSlots() > 0) {
                wake.signal();
            }
        }
    }

    private void begin(ClaimedTask claimed) {
        RunningAttempt attempt = attempts.prepare(claimed, pool.acquire());
        // Before the thread starts: otherwise a fast attempt could end, and be removed, before it was put here.
        running.put(claimed.fencingToken(), attempt);
        // It was cancelled while an earlier attempt ran, which ended without recording it.
        if (claimed.cancelRequested()) {
            attempt.stop(RunningAttempt.Stop.CANCELLED);
        }
        runner.run("attempt", () -> attempts.run(attempt));
    }

    private void ended(RunningAttempt attempt) {
        running.remove(attempt.fencingToken());
        pool.release(attempt.session());
        // Last: the round that it starts must find the free slot.
        wake.signal();
    }

    /** Interrupts overdue attempts and returns how long until the next one is overdue. */
    private Duration stopOverdue() {
        long now = time.nanoTime();
        Duration next = POLL_INTERVAL;
        for (RunningAttempt attempt : running.values()) {
            Duration timeLeft = attempt.timeLeft(now);
            if (timeLeft.isZero() || timeLeft.isNegative()) {
                attempt.stop(RunningAttempt.Stop.TIMED_OUT);
            } else {
                next = shortest(next, timeLeft);
            }
        }
        return next;
    }

    private static Duration shortest(Duration... durations) {
        Duration shortest = durations[0];
        for (Duration duration : durations) {
            shortest = duration.compareTo(shortest) < 0 ? duration : shortest;
        }
        return shortest;
    }

    /**
     * Makes a stop that waits for running attempts, or the next one, interrupt them at once and hand their tasks back. Returns at
     * once.
     */
    public void handBack() {
        handingBack = true;
    }

    /**
     * Stops in order: claims nothing more, lets running attempts go on, then interrupts them and hands their tasks back. All of it
     * takes no longer than the time that a stop may take.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closing = true;
        Duration quarter = stopTimeout.dividedBy(4);
        Duration forReturning = shortest(RETURN_TIMEOUT, quarter);
        awaitIdle(stopTimeout.minus(forReturning), true);
        running.values().forEach(attempt -> attempt.stop(RunningAttempt.Stop.SHUT_DOWN));
        // Interrupted workers get a moment to return, so that their tasks are handed back and need no recovery.
        awaitIdle(handingBack ? HEARTBEAT_INTERVAL : forReturning, false);
        if (!running.isEmpty()) {
            LOG.warn("{} do not end although they were interrupted; another node takes them over", runningText());
        }
        closed = true;
        awaitDispatcher();
        pool.close();
        // Zero when the start failed before the node had joined.
        if (incarnation > 0) {
            // Last of all: other nodes recover what a node that has left still owns.
            store.nodes().leave(incarnation);
            events.onEvent(new Event.NodeLeft(time.wallTime(), incarnation));
        }
    }

    /** Lets the round in progress end, so that nothing is claimed and no heartbeat is sent after the node has left. */
    private void awaitDispatcher() {
        wake.signal();
        try {
            if (dispatcher != null) {
                // Bounded: a round may hang in the store, and closing must end all the same.
                dispatcher.join(HEARTBEAT_INTERVAL.multipliedBy(3).toMillis());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitIdle(Duration timeout, boolean canBeCutShort) {
        long start = time.nanoTime();
        long deadline = start + timeout.toNanos();
        long nextNotice = start + WAIT_NOTICE.toNanos();
        try {
            while (!running.isEmpty() && time.nanoTime() < deadline && !(canBeCutShort && handingBack)) {
                if (time.nanoTime() >= nextNotice) {
                    nextNotice += WAIT_NOTICE.toNanos();
                    LOG.info(
                            "the stop waits for {}, at most {} s more",
                            runningText(),
                            Duration.ofNanos(deadline - time.nanoTime()).toSeconds());
                }
                // Polled, because it happens once in the life of a node.
                time.sleep(Duration.ofMillis(10));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private String runningText() {
        List<String> ids = running.keySet().stream()
                .map(fencingToken -> fencingToken.id().toString())
                .limit(NAMED_TASKS)
                .toList();
        return running.size() + " running tasks (" + String.join(", ", ids)
                + (running.size() > NAMED_TASKS ? ", …)" : ")");
    }
}
