package dev.architect.schedule;

import dev.architect.attempt.AttemptExplanation;
import dev.architect.attempt.FencingToken;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.gateway.ChatGateway;
import dev.architect.lane.Lane;
import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.maintenance.TaskRetention;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.pool.NodeChoices;
import dev.architect.pool.Pins;
import dev.architect.pool.PoolDocuments;
import dev.architect.pool.SessionDrains;
import dev.architect.pool.SessionPool;
import dev.architect.pool.SessionPools;
import dev.architect.pool.SessionReport;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleRun;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task engine of one node. Six loops and one for each role with a thread each, so that none waits for another's store call:
 *
 * <ul>
 *   <li>the {@linkplain NodeLease lease}: beats, and nothing that a beat could wait for
 *   <li>the recovery of the same class: dead nodes, cancel requests, the audit
 *   <li>the {@linkplain TaskClaimer claimer}: claims ready tasks into free slots and starts them
 *   <li>the {@linkplain AttemptRecorder recorder}: records how attempts ended, in groups
 *   <li>the {@linkplain NoteWriter notes}: writes progress and partial output of what runs
 *   <li>the {@linkplain AttemptWatch watch}: interrupts overdue attempts, and starts loops again that have ended
 *   <li>a {@linkplain RoleLoop role} each, of which one node at a time does the work: the {@linkplain RetentionRounds retention}, which deletes
 *       tasks that ended long ago, the {@linkplain RecurringRounds schedules}, and those of the host
 * </ul>
 *
 * <p>Each attempt has a thread of its own. Safe for use by several threads.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /** How long a loop may take to end. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(3);

    /** The most of an orderly stop that is left to interrupted workers, so that they return and their tasks are handed back. */
    private static final Duration RETURN_TIMEOUT = Duration.ofSeconds(3);

    /** The same of a stop that hands back at once, and the time to record what was handed back. */
    private static final Duration QUICK_RETURN_TIMEOUT = Duration.ofSeconds(1);

    /** How long a stop waits before it logs what it waits for, and again each time. */
    private static final Duration WAIT_NOTICE = Duration.ofSeconds(5);

    private final TimeSource time;
    private final Duration stopTimeout;
    private final SessionPools pools;
    private final RunningAttempts running = new RunningAttempts();
    private final AttemptRecorder recorder;
    private final NodeLease lease;
    private final NodeChoices choices;
    private final SessionReport report;
    private final SessionDrains drains;
    private final PoolDocuments poolDocuments;
    private final NoteWriter notes;
    private final TaskClaimer claimer;
    private final AttemptWatch watch;
    private final EngineLoop leaseLoop;
    private final EngineLoop recoveryLoop;
    private final EngineLoop watchLoop;
    private final NodeRoles roles;
    private final OrderHandler orders;
    private volatile boolean handingBack;
    private volatile boolean drained;
    private volatile boolean closed;

    /**
     * What the engine needs to know of its host.
     *
     * @param nodeName the node's name for people
     * @param pools the size of the session pool of each kind
     * @param outageLimit how long a task waits for what it needs before it is dead, asked anew each time
     * @param retention how long ended tasks are kept, asked anew each time
     * @param stopTimeout how long an orderly stop lets running attempts go on before it interrupts them and hands their tasks back
     */
    public record Settings(
            String nodeName,
            Map<String, PoolLimits> pools,
            Supplier<Duration> outageLimit,
            Supplier<TaskRetention> retention,
            Duration stopTimeout) {}

    /**
     * Creates a scheduler that does nothing until it is started.
     *
     * @param workers the workers by the types of tasks that they perform
     * @param capacities how many tasks of each of these types could do their work now
     */
    public Scheduler(
            Store store,
            TimeSource time,
            EngineThreads threads,
            EventListener events,
            Settings settings,
            Map<String, Worker> workers,
            Map<String, IntSupplier> capacities,
            ChatGateway gateway) {
        this.time = time;
        this.stopTimeout = settings.stopTimeout();
        this.pools = new SessionPools(settings.pools(), time, events);
        AttemptRunner runner = new AttemptRunner(workers, new RetryPolicy(time, settings.outageLimit()));
        this.recorder = new AttemptRecorder(store.tasks(), time, events, threads, new Slots(), gateway::flushLedger);
        ClockJumps clock = new ClockJumps(time);
        this.lease = new NodeLease(
                store,
                time,
                events,
                NodeInfo.named(settings.nodeName()).with(version(), workers.keySet()),
                pools::snapshot,
                this::load,
                running,
                recorder,
                clock,
                this::wake,
                this::readOrder);
        this.choices = new NodeChoices(
                store.nodes(), new Pins(store.cluster()), time, lease::incarnation, workers.keySet(), LOG::warn);
        this.report = new SessionReport(store.nodes(), time, pools);
        this.notes = new NoteWriter(store.steps(), time, events, running, threads);
        AttemptStarter starter = new AttemptStarter(
                store.tasks(),
                time,
                clock,
                events,
                threads,
                gateway,
                lease,
                settings.nodeName(),
                choices,
                running,
                runner,
                recorder,
                notes);
        this.claimer = new TaskClaimer(
                store, time, events, threads, pools, lease, choices, running, starter, recorder, capacities);
        this.drains = new SessionDrains(store.cluster(), time, pools, claimer::wakeForReady, LOG::warn);
        this.poolDocuments = new PoolDocuments(store.cluster(), time, pools, claimer::wakeForReady, LOG::warn);
        this.watch = new AttemptWatch(running, runner, recorder, lease, this::checkLoops);
        this.leaseLoop = new EngineLoop("lease", this::leaseStep, time, threads);
        this.recoveryLoop = new EngineLoop("recovery", this::look, time, threads);
        this.watchLoop = new EngineLoop("watch", watch::step, time, threads);
        this.roles = new NodeRoles(store, time, threads, lease, this::mayHoldRoles);
        roles.add(RetentionRounds.ROLE, new RetentionRounds(store.tasks(), settings.retention()));
        store.schedules()
                .ifPresent(schedules -> roles.add(
                        RecurringRounds.ROLE,
                        new RecurringRounds(schedules, (schedule, run) -> fired(schedule, run, events))));
        this.orders = new OrderHandler(claimer, time, threads, events, roles::signal, this::drainByOrder);
    }

    private void fired(Schedule schedule, ScheduleRun run, EventListener events) {
        run.task()
                .ifPresent(task -> events.onEvent(new Event.TaskSubmitted(
                        time.wallTime(), task, schedule.request().task().type())));
        // The task may be due later.
        wake();
    }

    private void readOrder(long incarnation, NodeOrder order) {
        orders.read(incarnation, order);
    }

    private boolean mayHoldRoles() {
        return !closed && !drained && orders.order() != NodeOrder.DRAIN;
    }

    /** Registers the node in the store and starts to claim tasks. Called once. */
    public void start() {
        // Before the node joins, so that the list of sessions that it stores is complete.
        pools.open();
        lease.join();
        // Before the first claim, whose tasks other nodes may be preferred for.
        choices.look();
        roles.start();
        startLoops();
    }

    /** Starts every loop that does not run. The lease and the watch both do this, so that each is watched by the other. */
    private void startLoops() {
        loops().forEach(EngineLoop::start);
    }

    private void checkLoops() {
        startLoops();
        roles.look();
    }

    private List<EngineLoop> loops() {
        List<EngineLoop> loops = new ArrayList<>(
                List.of(leaseLoop, recoveryLoop, claimer.loop(), recorder.loop(), notes.loop(), watchLoop));
        loops.addAll(roles.loops());
        return loops;
    }

    private Duration look() {
        // Before what only chooses and reports: it must not wait for that, nor fail with it.
        Duration untilNext = lease.look();
        choices.look();
        drains.look(lease.incarnation());
        poolDocuments.look();
        report.look(lease.incarnation());
        return untilNext;
    }

    private Duration leaseStep() {
        startLoops();
        return lease.step();
    }

    /** The kinds of session that this node has a pool of. */
    public Set<String> kinds() {
        return pools.kinds();
    }

    /** Starts a round soon, because there may be work. */
    public void wake() {
        claimer.wake();
    }

    /** As {@link #wake}, when all that was added is ready at once: when the next task is due stays as it is. */
    public void wakeForReady() {
        claimer.wakeForReady();
    }

    /** As {@link #wakeForReady()}, when it is known in which lanes. */
    public void wakeForReady(Collection<Lane> lanes) {
        claimer.wakeForReady(lanes);
    }

    /** Others have changed something in the store: starts a round soon when a task may have become ready. */
    public void onChange(Store.Change change) {
        if (change.kinds().contains(Store.ChangeKind.TASK_READY)) {
            wakeForReady();
        }
        if (change.kinds().contains(Store.ChangeKind.NODE)) {
            if (!lease.hasJustBeaten()) {
                leaseLoop.signal();
            }
            roles.signal();
        }
    }

    /** The incarnation of this node, 0 before it has joined and after it has left. */
    public long incarnation() {
        return lease.incarnation();
    }

    /** An order was given to an incarnation by this process; if it is this one, the order is read at once. */
    public void ordered(long incarnation) {
        if (incarnation == lease.incarnation()) {
            leaseLoop.signal();
        }
    }

    /**
     * Does the work of a role whenever this node holds it.
     *
     * @throws IllegalStateException when this node has such a role already, has too many, or is closed
     */
    public RoleRegistration addRole(String name, RoleWork work) {
        return roles.add(name, work);
    }

    /** The sessions of this node as they are now. */
    public List<SessionInfo> sessions() {
        return pools.snapshot();
    }

    /** Lets a session of this node take nothing more, and end when it runs nothing any more; nothing when it does so already or is not there. */
    public void drainSession(String name, boolean isReplaced) {
        if (pools.drain(name, isReplaced)) {
            // The next round closes it.
            claimer.wakeForReady();
        }
    }

    /** The limits that the pool of a kind keeps to on this node; empty when it has none. */
    public Optional<PoolLimits> poolLimits(String kind) {
        return pools.of(kind).map(SessionPool::limits);
    }

    /** The limits that the pool of a kind was configured with on this node; empty when it has none. */
    public Optional<PoolLimits> configuredLimits(String kind) {
        return pools.of(kind).map(SessionPool::configured);
    }

    /** What is set for session pools was changed by this process. */
    public void poolsChanged() {
        poolDocuments.hint();
        recoveryLoop.signal();
    }

    /** The version of this artifact; empty when it does not run from a jar. */
    private static String version() {
        return Objects.requireNonNullElse(Scheduler.class.getPackage().getImplementationVersion(), "");
    }

    private NodeLoad load() {
        List<SessionInfo> sessions = pools.snapshot();
        return new NodeLoad(
                running.count(), sessions.stream().mapToInt(SessionInfo::slots).sum());
    }

    /** What decided where an attempt runs that runs on this node now, with its session; empty when it does not. */
    public Optional<AttemptExplanation> explain(FencingToken fencingToken) {
        RunningAttempt attempt = running.get(fencingToken);
        return attempt == null
                ? Optional.empty()
                : Optional.of(new AttemptExplanation(
                        fencingToken.epoch(),
                        fencingToken.owner(),
                        Optional.of(attempt.basis().nodeName()),
                        attempt.session().name(),
                        Optional.of(attempt.startedAt()),
                        Optional.empty(),
                        Optional.of(attempt.basis())));
    }

    /** Which types of tasks are paused was changed by this process. */
    public void typesChanged() {
        claimer.typesChanged();
    }

    /** How many attempts run on this node now. */
    public int runningCount() {
        return running.count();
    }

    /** How many attempts were written off because their worker ignored its interruption. */
    public int writtenOffCount() {
        return watch.writtenOffCount();
    }

    /** The longest time that a loop of the engine has been silent; a second or less while it is healthy. */
    public Duration longestSilence() {
        return loops().stream()
                .map(EngineLoop::silence)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** How many attempts have ended whose end is not in the store yet. */
    public int unrecordedCount() {
        return recorder.openCount();
    }

    /** Whether the store does not take the ends of attempts at the moment. */
    public boolean isStoreWaiting() {
        return recorder.isStoreWaiting();
    }

    /** Interrupts an attempt on this node, if it runs here, after it has lost its task in the store. */
    public void fenced(FencingToken fencingToken) {
        RunningAttempt attempt = running.get(fencingToken);
        if (attempt != null) {
            attempt.stop(RunningAttempt.Stop.FENCED);
        }
    }

    /** Interrupts the attempts of a task on this node, after the store has noted that it is to be cancelled. */
    public void cancelled(TaskId id) {
        // On the caller's thread, so that a cancellation in this process does not wait for the next step.
        claimer.cancelUnstarted(id);
        running.stop(id, RunningAttempt.Stop.CANCELLED);
    }

    /** Frees slots, each once. */
    private final class Slots implements AttemptRecorder.SlotRelease {

        @Override
        public void recorded(RunningAttempt attempt, boolean isDelayed) {
            free(attempt, running.remove(attempt), isDelayed);
        }

        @Override
        public void released(RunningAttempt attempt) {
            free(attempt, running.removeUnrecorded(attempt), false);
        }

        @Override
        public void groupedRecorded(RunningAttempt attempt, boolean isDelayed) {
            running.recorded(attempt);
            if (isDelayed) {
                claimer.taskDelayed();
            }
        }

        private void free(RunningAttempt attempt, boolean isHeld, boolean isDelayed) {
            if (isHeld) {
                pools.release(attempt.session());
            }
            // Last: what it starts must find the free slot.
            claimer.slotFreed(attempt, isDelayed);
        }
    }

    /**
     * Makes a stop that waits for running attempts, or the next one, interrupt them at once and hand their tasks back. Returns at
     * once.
     */
    public void handBack() {
        handingBack = true;
    }

    /** Claims nothing more until {@link #resume}; what runs goes on. Returns at once. */
    public void pause() {
        claimer.stopClaiming();
    }

    /** Whether nothing is claimed, because of {@link #pause}, {@link #drain}, an order or {@link #close}. */
    public boolean isPaused() {
        return claimer.isStopped();
    }

    /**
     * Claims again after {@link #pause} or {@link #drain}, unless an order forbids it; waits for a drain in progress. Nothing once it is
     * closed.
     */
    public synchronized void resume() {
        if (!closed) {
            drained = false;
            claimer.startClaiming();
            roles.signal();
        }
    }

    /**
     * Claims nothing more, lets running attempts go on, then interrupts them and hands their tasks back, as {@link #close} does. The node
     * stays in the store and goes on after {@link #resume}.
     */
    public synchronized void drain() {
        if (closed) {
            return;
        }
        drained = true;
        roles.signal();
        claimer.stopClaiming();
        await(STOP_GRACE, () -> !claimer.isInRound());
        endRunning(() -> false);
    }

    /** As {@link #drain}, by an order, until it is taken back or the node stops; whether it has come to its end. */
    private boolean drainByOrder(BooleanSupplier isRevoked) {
        // Not under the lock: an orderly stop need not wait for it, and goes on where this ends.
        BooleanSupplier isGivenUp = () -> closed || isRevoked.getAsBoolean();
        await(STOP_GRACE, () -> !claimer.isInRound() || isGivenUp.getAsBoolean());
        endRunning(isGivenUp);
        return !isGivenUp.getAsBoolean() && running.isEmpty();
    }

    /**
     * Stops in order: claims nothing more, lets running attempts go on, then interrupts them and hands their tasks back. All of it
     * takes no longer than the time that a stop may take.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        claimer.stopClaiming();
        // First, so that other nodes do the work of the roles while this one waits for what runs.
        roles.stop();
        // A claim in flight is handed back, so it must be over before anything is waited for.
        claimer.loop().stop();
        claimer.loop().join(STOP_GRACE);
        endRunning(() -> false);
        // The lease goes on until here: without it, other nodes would take the running attempts over.
        List<EngineLoop> rest = List.of(watchLoop, recoveryLoop, leaseLoop, notes.loop(), recorder.loop());
        rest.forEach(EngineLoop::stop);
        rest.forEach(loop -> loop.join(STOP_GRACE));
        pools.close();
        // Last of all: other nodes recover what a node that has left still owns.
        lease.leave();
    }

    /** After the claims were stopped, and none is under way. Ends early when it is given up. */
    private void endRunning(BooleanSupplier isGivenUp) {
        claimer.handBackUnstarted();
        Duration quarter = stopTimeout.dividedBy(4);
        Duration forReturning = quarter.compareTo(RETURN_TIMEOUT) < 0 ? quarter : RETURN_TIMEOUT;
        await(stopTimeout.minus(forReturning), () -> isIdle() || handingBack || isGivenUp.getAsBoolean());
        if (isGivenUp.getAsBoolean()) {
            return;
        }
        running.stopAll(RunningAttempt.Stop.SHUT_DOWN);
        // Interrupted workers get a moment to return; what they had done by then is recorded.
        awaitIdle(handingBack ? QUICK_RETURN_TIMEOUT : forReturning);
        handBackTheRest();
        if (!lease.isSurelyOver()) {
            // Also when the last beats were not confirmed, as after a freeze, and the store may still take this node
            // for a living one; but a
            // store that takes none for longer would only be waited for.
            lease.handBackUnknown();
        }
        awaitIdle(QUICK_RETURN_TIMEOUT);
    }

    /** Workers that ignore their interruption are no longer waited for: their tasks go back, which is no crash of theirs. */
    private void handBackTheRest() {
        if (!running.isEmpty()) {
            LOG.warn("{} do not end although they were interrupted; their tasks are handed back", running.describe());
            watch.writeOffAll();
            awaitIdle(QUICK_RETURN_TIMEOUT);
        }
    }

    /** Whether nothing runs, nothing is about to, and every end is in the store. */
    private boolean isIdle() {
        // In this order: a claim is added to the next before it is removed from the one before.
        return running.isNoneAnnounced() && running.isEmpty() && recorder.openCount() == 0;
    }

    private void awaitIdle(Duration timeout) {
        await(timeout, this::isIdle);
    }

    private void await(Duration timeout, BooleanSupplier isOver) {
        long start = time.nanoTime();
        long deadline = start + timeout.toNanos();
        long nextNotice = start + WAIT_NOTICE.toNanos();
        try {
            while (!isOver.getAsBoolean() && time.nanoTime() - deadline < 0) {
                if (time.nanoTime() - nextNotice >= 0) {
                    nextNotice += WAIT_NOTICE.toNanos();
                    LOG.info(
                            "the stop waits for {}, at most {} s more",
                            running.describe(),
                            Duration.ofNanos(deadline - time.nanoTime()).toSeconds());
                }
                // Polled, because it happens once in the life of a node.
                time.sleep(Duration.ofMillis(10));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
