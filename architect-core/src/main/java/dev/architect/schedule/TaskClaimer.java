package dev.architect.schedule;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.gateway.ChatGateway;
import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.AttemptEnd;
import dev.architect.task.ClaimRequest;
import dev.architect.task.ClaimedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims ready tasks into free slots and starts them; makes due tasks ready; lets the pool grow and shrink. A round is started
 * by a signal (a submit, a freed slot) or by the clock. Attempts never run on its thread.
 *
 * <p>Only what can run is claimed: tasks of types that this node performs, as many as there are free slots, and no more of a
 * type than its capacity can take.
 */
final class TaskClaimer {

    private static final Logger LOG = LoggerFactory.getLogger(TaskClaimer.class);

    /** The longest time between two rounds; finds tasks that another process submitted, for which there is no signal. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    /** The most tasks of one claim. */
    private static final int CLAIM_LIMIT = 500;

    /** The most due tasks that one round makes ready: urgent tasks are claimed between the rounds. */
    private static final int PROMOTION_LIMIT = 1_000;

    /** The longest random wait before the next round after a full one, which keeps several nodes from promoting in step. */
    private static final Duration PROMOTION_JITTER = Duration.ofMillis(5);

    /** How long a task is held back that another death would make dead, while the store may know of another such one here. */
    private static final Duration SUSPECT_DELAY = Duration.ofSeconds(1);

    private final Store store;
    private final TimeSource time;
    private final ClockJumps clock;
    private final EventListener events;
    private final EngineThreads threads;
    private final ChatGateway gateway;
    private final SessionPool pool;
    private final NodeLease lease;
    private final RunningAttempts running;
    private final AttemptRunner runner;
    private final AttemptRecorder recorder;
    private final Map<String, IntSupplier> capacities;
    private final EngineLoop loop;
    // These two belong to the loop.
    private final Set<String> withoutCapacity = new HashSet<>();
    private boolean workWaits;
    private volatile boolean closing;

    /** Creates the claimer; {@code capacities} has how many tasks of each type could do their work now. */
    TaskClaimer(
            Store store,
            TimeSource time,
            ClockJumps clock,
            EventListener events,
            EngineThreads threads,
            ChatGateway gateway,
            SessionPool pool,
            NodeLease lease,
            RunningAttempts running,
            AttemptRunner runner,
            AttemptRecorder recorder,
            Map<String, IntSupplier> capacities) {
        this.store = store;
        this.time = time;
        this.clock = clock;
        this.events = events;
        this.threads = threads;
        this.gateway = gateway;
        this.pool = pool;
        this.lease = lease;
        this.running = running;
        this.runner = runner;
        this.recorder = recorder;
        this.capacities = Map.copyOf(capacities);
        this.loop = new EngineLoop("claimer", this::step, time, threads);
    }

    EngineLoop loop() {
        return loop;
    }

    /** Claims nothing more from now on. A claim in progress is handed back. */
    void stopClaiming() {
        closing = true;
    }

    private Duration step() {
        Duration untilDue = promote();
        if (!closing && lease.mayStart()) {
            claim();
        }
        if (pool.adapt(workWaits)) {
            store.nodes().saveSessions(lease.incarnation(), pool.snapshot());
            // The new slots may be filled at once.
            loop.signal();
        }
        return shortest(shortest(POLL_INTERVAL, untilDue), pool.untilNextAdapt());
    }

    private Duration promote() {
        Duration untilDue = store.tasks().untilNextDue().orElse(POLL_INTERVAL);
        if (!untilDue.isZero() && !untilDue.isNegative()) {
            return untilDue;
        }
        return store.tasks().promoteDue(PROMOTION_LIMIT) < PROMOTION_LIMIT
                ? POLL_INTERVAL
                : Duration.ofNanos(1 + time.random(PROMOTION_JITTER.toNanos()));
    }

    /** Claims once. When more may wait, a slot that is free or becomes free starts the next round. */
    private void claim() {
        int free = Math.min(pool.freeSlots(), CLAIM_LIMIT);
        workWaits = free == 0;
        ClaimRequest request = new ClaimRequest(lease.incarnation(), free, quotas(free), !running.hasSuspect());
        if (request.isEmpty()) {
            return;
        }
        List<ClaimedTask> claimed = store.tasks().claim(request);
        // All at once: starting hundreds takes a while, and the audit must not take the last ones for lost.
        running.announce(claimed);
        try {
            begin(claimed);
        } finally {
            running.forget(claimed);
        }
        workWaits = claimed.size() == free;
        if (workWaits && pool.freeSlots() > 0) {
            loop.signal();
        }
    }

    private Map<String, Integer> quotas(int free) {
        Map<String, Integer> quotas = new TreeMap<>();
        capacities.forEach((type, capacity) -> {
            // What was claimed and has not asked for its capacity yet will need it.
            int left = capacityOf(type, capacity) - running.countBeforeRequest(type);
            quotas.put(type, Math.max(0, Math.min(free, left)));
        });
        return quotas;
    }

    private int capacityOf(String type, IntSupplier capacity) {
        try {
            int stated = capacity.getAsInt();
            withoutCapacity.remove(type);
            return stated;
        } catch (Throwable failure) {
            // It is code of the host: the tasks of other types must be claimed all the same.
            if (withoutCapacity.add(type)) {
                LOG.error("the capacity for tasks of type {} is unknown, so none is claimed", type, failure);
            }
            return 0;
        }
    }

    private void begin(List<ClaimedTask> claimed) {
        Deque<ClaimedTask> waiting = new ArrayDeque<>(claimed);
        try {
            returnSuspects(waiting);
            while (!waiting.isEmpty()) {
                ClaimedTask task = waiting.removeFirst();
                if (closing) {
                    recorder.endUnstarted(returned(task, Duration.ZERO, "the node stopped"));
                } else {
                    begin(task);
                }
            }
        } finally {
            // Only after a failure: what was claimed with it must not stay in the store as running.
            waiting.forEach(
                    task -> recorder.endUnstarted(returned(task, Duration.ZERO, "the node could not start it")));
        }
    }

    /**
     * Leaves one suspect at most, and that only when nothing else that is suspect is running here by the store: if it ends the node, all
     * of those would count as crashed for the third time.
     */
    private void returnSuspects(Deque<ClaimedTask> claimed) {
        List<ClaimedTask> suspects =
                claimed.stream().filter(TaskClaimer::isSuspect).toList();
        if (suspects.isEmpty() || closing) {
            return;
        }
        claimed.removeAll(suspects);
        List<AttemptEnd> ends = suspects.stream()
                .map(task -> returned(task, SUSPECT_DELAY, "its node died twice, and such tasks start one at a time"))
                .toList();
        if (!running.hasSuspect() && !recorder.hasUnstarted() && areReturned(ends.subList(1, ends.size()))) {
            claimed.addLast(suspects.get(0));
            ends = List.of();
        }
        ends.forEach(recorder::endUnstarted);
    }

    private static boolean isSuspect(ClaimedTask task) {
        return task.history().crashes() == TaskStore.MAX_CRASHES - 1;
    }

    /** Records these hand-backs, and those of claims whose reply was lost; false when the store does not take them now. */
    private boolean areReturned(List<AttemptEnd> suspects) {
        try {
            List<AttemptEnd> ends = new ArrayList<>(lease.unknownEnds());
            ends.addAll(suspects);
            if (!ends.isEmpty()) {
                recorder.endUnstartedNow(ends);
            }
            return true;
        } catch (Throwable failure) {
            // An Error as well: the suspects must not stay in the store as running.
            LOG.warn("a task whose node died twice waits for the store: {}", failure.getMessage());
            return false;
        }
    }

    private void begin(ClaimedTask claimed) {
        SessionPool.Session session = pool.acquire();
        RunningAttempt attempt = new RunningAttempt(claimed, session, time, gateway);
        // Before the thread starts: otherwise a fast attempt could end, and be removed, before it was put here.
        running.add(attempt);
        events.onEvent(new Event.TaskStarted(
                attempt.startedAt(), claimed.fencingToken(), session.name(), claimed.attempt(), waited(attempt)));
        // It was cancelled while an earlier attempt ran, which ended without recording it.
        if (claimed.cancelRequested()) {
            attempt.stop(RunningAttempt.Stop.CANCELLED);
        }
        try {
            threads.run("attempt", () -> run(attempt));
        } catch (Throwable noThread) {
            attempt.returned();
            if (attempt.tryEnd()) {
                recorder.end(
                        attempt,
                        AttemptRunner.handedBack(
                                claimed,
                                session.name(),
                                attempt.startedAt(),
                                attempt.endedAt(),
                                Duration.ZERO,
                                "the node could not start a thread"),
                        Worker.Acknowledgement.DURABLE);
            }
            throw noThread;
        }
    }

    /** The store measures by the wall clock alone, because the task may have become ready in another process. */
    private Duration waited(RunningAttempt attempt) {
        return clock.since(attempt.startedAt().minus(attempt.claimed().waited()));
    }

    private void run(RunningAttempt attempt) {
        AttemptEnd end = runner.perform(attempt);
        // False when the worker took too long to stop: the task went on without it.
        if (attempt.tryEnd()) {
            recorder.end(attempt, end, runner.acknowledgement(attempt));
        }
    }

    private AttemptEnd returned(ClaimedTask task, Duration delay, String reason) {
        Instant now = time.wallTime();
        return AttemptRunner.handedBack(task, "", now, now, delay, reason);
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
