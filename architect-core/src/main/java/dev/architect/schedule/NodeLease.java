package dev.architect.schedule;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.FencingToken;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's membership in the store: its beats, and what every node does for the others.
 *
 * <ol>
 *   <li>Every second: a beat.
 *   <li>Every second: cancel requests of other processes are read, and attempts that have lost their task are stopped.
 *   <li>Four times a second: dead nodes are detected and their tasks recovered.
 *   <li>Every ten seconds: an audit. A task that runs here by the store, and that memory does not hold in two audits, is a claim
 *       whose reply was lost: it is handed back.
 * </ol>
 *
 * <p>The time of a lease is measured here from before the beat was sent, by the monotonic clock, so it ends here before it ends
 * for the other nodes. {@link #step} and {@link #look} belong to a loop each; the other methods are safe for use by several threads.
 */
final class NodeLease {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);

    private static final Duration BEAT_INTERVAL = Duration.ofSeconds(1);

    /** The shortest time between two beats, however many hints of orders come. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    /** So often it looks whether what runs here is to be stopped. */
    private static final Duration OWN_LOOK_INTERVAL = Duration.ofSeconds(1);

    /** So often it looks for nodes that have died, whose tasks then run again within a second. */
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private static final Duration AUDIT_INTERVAL = Duration.ofSeconds(10);

    /** How long no node must have died before a task is claimed that another death makes dead. */
    private static final Duration CALM = Duration.ofSeconds(5);

    /** So much before the end of the lease the node stops its attempts: other nodes may begin them when it ends. */
    private static final Duration GUARD = Duration.ofSeconds(1);

    private final Store store;
    private final TimeSource time;
    private final EventListener events;
    private final NodeInfo info;
    private final Supplier<List<SessionInfo>> sessions;
    private final Supplier<NodeLoad> load;
    private final RunningAttempts running;
    private final AttemptRecorder recorder;
    private final ClockJumps clock;
    private final Runnable onRecovered;
    private final Orders orders;
    // These belong to the loop that looks, so they need no lock.
    private Set<FencingToken> unknownClaims = Set.of();
    private boolean isLookPlanned;
    private long nextLook;
    private long nextAudit;
    private boolean hasAudited;
    private volatile State state = new State(0, 0, Duration.ZERO);
    private volatile long lastDeath;

    /** A membership: its incarnation, when its last beat was sent, and for how long that one holds. */
    private record State(long incarnation, long beatSent, Duration validity) {}

    /** Gets what the node is asked to do, with each beat; waits for nothing. */
    interface Orders {

        /** The store has {@code order} for the incarnation. */
        void read(long incarnation, NodeOrder order);
    }

    NodeLease(
            Store store,
            TimeSource time,
            EventListener events,
            NodeInfo info,
            Supplier<List<SessionInfo>> sessions,
            Supplier<NodeLoad> load,
            RunningAttempts running,
            AttemptRecorder recorder,
            ClockJumps clock,
            Runnable onRecovered,
            Orders orders) {
        this.store = store;
        this.time = time;
        this.events = events;
        this.info = info;
        this.sessions = sessions;
        this.load = load;
        this.running = running;
        this.recorder = recorder;
        this.clock = clock;
        this.onRecovered = onRecovered;
        this.orders = orders;
    }

    /** The incarnation, 0 before the node has joined. */
    long incarnation() {
        return state.incarnation();
    }

    /** Whether tasks may be claimed and started: the last beat is not older than half of its time. */
    boolean mayStart() {
        State now = state;
        return now.incarnation() > 0 && age(now).compareTo(now.validity().dividedBy(2)) < 0;
    }

    /** Whether the time of the last beat is over, or nearly so. */
    boolean isOver() {
        State now = state;
        return now.incarnation() > 0 && age(now).compareTo(now.validity().minus(GUARD)) >= 0;
    }

    /** Whether the time of the last beat has passed so surely that the store counts this node as dead, or cannot be reached. */
    boolean isSurelyOver() {
        State now = state;
        return now.incarnation() > 0 && age(now).compareTo(now.validity().plus(GUARD)) >= 0;
    }

    /**
     * Whether no node has died for a while, as far as this one knows, which may have taken the place of one that died. Nodes that are killed
     * one after the other, by an operator or for lack of memory, would otherwise make tasks dead that happen to run.
     */
    boolean isCalm() {
        return time.nanoTime() - lastDeath >= CALM.toNanos();
    }

    /** Whether the last beat is so recent that another one would add nothing. */
    boolean hasJustBeaten() {
        return age(state).compareTo(SHORTEST_INTERVAL) < 0;
    }

    private Duration age(State of) {
        return Duration.ofNanos(time.nanoTime() - of.beatSent());
    }

    void join() {
        long incarnation = store.nodes().join(info);
        lastDeath = time.nanoTime();
        Optional<NodeBeat> first = beat(incarnation);
        store.nodes().saveSessions(incarnation, sessions.get());
        events.onEvent(new Event.NodeJoined(time.wallTime(), incarnation));
        first.ifPresent(beat -> orders.read(incarnation, beat.order()));
    }

    private Optional<NodeBeat> beat(long incarnation) {
        // Before it is sent: the store's time begins later than this, never earlier.
        long sent = time.nanoTime();
        Optional<NodeBeat> beat = store.nodes().beat(incarnation, load.get());
        beat.ifPresent(granted -> state = new State(incarnation, sent, granted.validity()));
        return beat;
    }

    /** Beats, and waits for nothing else: a beat that comes late costs everything that runs here. */
    Duration step() {
        clock.look();
        long incarnation = incarnation();
        Optional<NodeBeat> granted = beat(incarnation);
        if (granted.isPresent()) {
            orders.read(incarnation, granted.get().order());
        } else {
            LOG.warn("this node counts as dead in the store; it stops {} attempts and joins again", running.count());
            // Another node may run these tasks already, and no write of these attempts would match.
            running.stopAll(RunningAttempt.Stop.FENCED);
            join();
        }
        return BEAT_INTERVAL;
    }

    /** Looks at this node's tasks, and for nodes that have died. Whatever makes that wait keeps no beat back. */
    Duration look() {
        long now = time.nanoTime();
        if (!isLookPlanned || now - nextLook >= 0) {
            stopCancelled();
            stopFenced();
            if (!hasAudited || time.nanoTime() - nextAudit >= 0) {
                hasAudited = true;
                nextAudit = time.nanoTime() + AUDIT_INTERVAL.toNanos();
                audit();
            }
            // Only after it has succeeded: one that failed is tried again with the next look.
            isLookPlanned = true;
            nextLook = now + OWN_LOOK_INTERVAL.toNanos();
        }
        recoverFromDeadNodes();
        return LOOK_INTERVAL;
    }

    private void recoverFromDeadNodes() {
        // Every node does this; the store recovers each task once, whichever node comes first.
        for (long dead : store.nodes().deadOwners()) {
            int recovered = store.tasks().reap(dead);
            if (recovered > 0) {
                lastDeath = time.nanoTime();
                // They are ready now, and this node may be the only one.
                onRecovered.run();
                events.onEvent(new Event.TasksRecovered(time.wallTime(), dead, recovered));
            }
        }
    }

    private void stopCancelled() {
        if (running.isEmpty()) {
            return;
        }
        store.tasks().cancelRequested(running.tokens()).forEach(fencingToken -> {
            RunningAttempt attempt = running.get(fencingToken);
            if (attempt != null) {
                attempt.stop(RunningAttempt.Stop.CANCELLED);
            }
        });
    }

    /** Another node recovered these tasks, or they were cancelled by force: nothing of these attempts can be recorded any more. */
    private void stopFenced() {
        // Memory is read before the store: what is claimed in between is not looked at.
        Set<FencingToken> held = Set.copyOf(running.tokens());
        if (held.isEmpty()) {
            return;
        }
        Set<FencingToken> owned = store.tasks().runningOf(incarnation());
        for (FencingToken fencingToken : held) {
            RunningAttempt attempt = owned.contains(fencingToken) ? null : running.get(fencingToken);
            if (attempt != null) {
                // Of no effect on one that has returned, whose end may just have been recorded.
                attempt.stop(RunningAttempt.Stop.FENCED);
            }
        }
    }

    private void audit() {
        // Memory is read after the store, so an attempt that ends in between looks unknown once. Only two audits in a
        // row count.
        Set<FencingToken> unknown = unknownClaims();
        Set<FencingToken> lost = new HashSet<>(unknown);
        lost.retainAll(unknownClaims);
        handBack(lost.stream().map(this::neverStarted).toList());
        unknownClaims = unknown;
    }

    private Set<FencingToken> unknownClaims() {
        Set<FencingToken> unknown = new HashSet<>(store.tasks().runningOf(incarnation()));
        unknown.removeIf(running::knows);
        return unknown;
    }

    /** The ends of claims whose reply was lost: by the store they run here, and nothing of this node's runs them. */
    List<AttemptEnd> unknownEnds() {
        return unknownClaims().stream().map(this::neverStarted).toList();
    }

    private AttemptEnd neverStarted(FencingToken fencingToken) {
        Instant now = time.wallTime();
        return new AttemptEnd(
                fencingToken,
                "",
                now,
                now,
                AttemptOutcome.HANDED_BACK,
                TaskState.READY,
                Duration.ZERO,
                AttemptResult.error("the claim was never started"));
    }

    private void handBack(Collection<AttemptEnd> lost) {
        if (!lost.isEmpty()) {
            LOG.warn("{} claimed tasks were never started; they are handed back", lost.size());
            lost.forEach(recorder::endUnstarted);
        }
    }

    /**
     * Hands back every claim whose reply was lost, for a node that claims and starts nothing more: when it has left, its tasks count as
     * crashed.
     */
    void handBackUnknown() {
        try {
            handBack(unknownEnds());
        } catch (Throwable failure) {
            // An Error as well: the stop has to go on.
            LOG.warn("claims whose reply was lost cannot be looked for: {}", failure.getMessage());
        }
    }

    /** Ends the membership: other nodes recover what this one still owns. Does nothing before the node has joined. */
    void leave() {
        long incarnation = incarnation();
        if (incarnation > 0) {
            state = new State(0, 0, Duration.ZERO);
            store.nodes().leave(incarnation);
            events.onEvent(new Event.NodeLeft(time.wallTime(), incarnation));
        }
    }
}
