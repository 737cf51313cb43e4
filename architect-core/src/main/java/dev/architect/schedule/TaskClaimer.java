package dev.architect.schedule;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.event.EventListener;
import dev.architect.fairness.LaneBoard;
import dev.architect.fairness.TypePauses;
import dev.architect.fairness.TypeQuotas;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import dev.architect.loop.DueTimer;
import dev.architect.loop.EngineLoop;
import dev.architect.loop.EngineThreads;
import dev.architect.loop.LimitSweep;
import dev.architect.pool.ClaimsAhead;
import dev.architect.pool.NodeChoices;
import dev.architect.pool.SessionPool;
import dev.architect.pool.SessionPools;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.AffinityBucket;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims ready tasks into free slots and starts them; makes due tasks ready; lets the pool grow and shrink. A round is started
 * by a signal (a submit, a freed slot) or by the clock. Attempts never run on its thread.
 *
 * <p>Of short tasks, a few are {@linkplain ClaimsAhead claimed ahead} of free slots; they start as soon as a slot is free.
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

    /** Of the free slots, the part that is filled before it is known which lanes have work. */
    private static final int BLIND_SHARE = 4;

    /** The most claims of one round: a lane that gives less than was asked of it leaves its part to others. */
    private static final int MAX_PASSES = 4;

    /** How long a task is held back that another death would make dead, while the store may know of another such one here. */
    private static final Duration SUSPECT_DELAY = Duration.ofSeconds(1);

    private static final String NOT_STARTED = "the node could not start it";
    private static final String ONE_AT_A_TIME = "its node died twice, and such tasks start one at a time";

    private final Store store;
    private final TimeSource time;
    private final SessionPools pools;
    private final NodeLease lease;
    private final NodeChoices choices;
    private final TypePauses typePauses;
    private final RunningAttempts running;
    private final AttemptStarter starter;
    private final AttemptRecorder recorder;
    private final TypeQuotas quotas;
    private final Map<String, Kind> kinds = new TreeMap<>();
    private final DueTimer due;
    private final ExpiryTimer expiry;
    private final LimitSweep limits;
    private final EngineLoop loop;
    private volatile boolean isStopped;
    private volatile boolean isOrderedOff;
    private volatile boolean isInRound;
    /** When tasks became ready that were perhaps left to other nodes, which are looked at again; 0 when there are none. */
    private volatile long leftSince;

    /** What tasks that need one kind of session share. */
    private static final class Kind {
        private final SessionPool pool;
        private final ClaimsAhead ahead;
        private final LaneBoard lanes;
        // This belongs to the loop.
        private boolean workWaits;

        private Kind(SessionPool pool, Store store, TimeSource time) {
            this.pool = pool;
            this.ahead = new ClaimsAhead(time, CLAIM_LIMIT);
            this.lanes = new LaneBoard(store.lanes(), time, pool.kind());
        }
    }

    /** Creates the claimer; {@code capacities} has how many tasks of each type could do their work now. */
    TaskClaimer(
            Store store,
            TimeSource time,
            EventListener events,
            EngineThreads threads,
            SessionPools pools,
            NodeLease lease,
            NodeChoices choices,
            RunningAttempts running,
            AttemptStarter starter,
            AttemptRecorder recorder,
            Map<String, IntSupplier> capacities) {
        this.store = store;
        this.time = time;
        this.pools = pools;
        this.lease = lease;
        this.choices = choices;
        this.typePauses = new TypePauses(store.cluster(), time, LOG::warn);
        this.running = running;
        this.starter = starter;
        this.recorder = recorder;
        this.quotas = new TypeQuotas(
                capacities,
                typePauses,
                this::countBeforeRequest,
                (type, failure) ->
                        LOG.error("the capacity for tasks of type {} is unknown, so none is claimed", type, failure));
        pools.all().forEach(pool -> kinds.put(pool.kind(), new Kind(pool, store, time)));
        this.due = new DueTimer(store.tasks(), time, POLL_INTERVAL, this::hint);
        this.expiry = new ExpiryTimer(store.tasks(), time, events);
        this.limits = new LimitSweep(store.tasks(), time, this::hint);
        this.loop = new EngineLoop("claimer", this::step, time, threads);
    }

    EngineLoop loop() {
        return loop;
    }

    /** Starts a round soon, because tasks may have been added. */
    void wake() {
        due.hint();
        wakeForReady();
    }

    /** As {@link #wake}, when the next due time is not concerned: reading it would delay the claim. */
    void wakeForReady() {
        hint();
        loop.signal();
    }

    private void hint() {
        mayBeLeft();
        kinds.values().forEach(kind -> kind.lanes.hint());
    }

    private void mayBeLeft() {
        if (leftSince == 0) {
            leftSince = time.nanoTime() | 1;
        }
    }

    /** Looks again at what was left to other nodes, when their time for it is over; how long until then. */
    private Duration lookAtLeft() {
        long since = leftSince;
        if (since == 0) {
            return POLL_INTERVAL;
        }
        if (choices.withheld().isEmpty()) {
            leftSince = 0;
            return POLL_INTERVAL;
        }
        Duration left = AffinityBucket.LEAD.minusNanos(time.nanoTime() - since);
        if (left.isZero() || left.isNegative()) {
            leftSince = 0;
            kinds.values().forEach(kind -> kind.lanes.hint());
            return POLL_INTERVAL;
        }
        return left;
    }

    private Kind kindOf(ClaimedTask task) {
        return kindOf(task.request());
    }

    private Kind kindOf(TaskRequest request) {
        return Objects.requireNonNull(kinds.get(request.options().sessionKind()));
    }

    private void returned(ClaimedTask task) {
        kindOf(task).lanes.returned(Lane.of(task.request()));
    }

    /** As {@link #wakeForReady()}, when it is known where tasks have become ready. */
    void wakeForReady(Collection<Lane> ready) {
        mayBeLeft();
        kinds.values().forEach(kind -> kind.lanes.hint(ready));
        loop.signal();
    }

    /** The end of an attempt is recorded and its slot is free; {@code isDelayed} when its task is to be tried later. */
    void slotFreed(RunningAttempt attempt, boolean isDelayed) {
        Kind kind = kindOf(attempt.request());
        kind.ahead.noteEnd(attempt.nanosSinceClaim());
        kind.lanes.ended(Lane.of(attempt.request()), Duration.ofNanos(attempt.nanosSinceClaim()));
        if (isDelayed) {
            due.hint();
        }
        try {
            // Here, and not in the next round: that one may wait for the commit of a claim.
            beginAhead(kind);
        } catch (Throwable noThread) {
            // The caller records ends, and must go on; the next claim of this node fails alike, and is logged.
            kind.ahead.removeOlder(Duration.ZERO).forEach(task -> handBack(task, AttemptStarter.RETRY, NOT_STARTED));
        }
        loop.signal();
    }

    /** A task is to be tried later: the next due time is read again. */
    void taskDelayed() {
        due.hint();
        loop.signal();
    }

    /** Claims nothing more until {@link #startClaiming}. A claim in progress is handed back. */
    void stopClaiming() {
        isStopped = true;
    }

    /** Claims again after {@link #stopClaiming}. */
    void startClaiming() {
        isStopped = false;
        wake();
    }

    /** Which types are paused has changed in this process: they are read again with the next round. */
    void typesChanged() {
        typePauses.hint();
        wake();
    }

    /** As {@link #stopClaiming}, by an order from outside: claims go on when neither forbids them. */
    void stopByOrder() {
        isOrderedOff = true;
    }

    /** The order was taken back. */
    void startByOrder() {
        isOrderedOff = false;
        wake();
    }

    /** Whether nothing is claimed at the moment. */
    boolean isStopped() {
        return isStopped || isOrderedOff;
    }

    /** Whether a claim that began before {@link #stopClaiming} may still be under way. */
    boolean isInRound() {
        return isInRound;
    }

    /** Gives back what is claimed and not started. */
    void handBackUnstarted() {
        kinds.values().forEach(kind -> handBack(kind.ahead.removeOlder(Duration.ZERO), "the node stopped"));
    }

    /** Ends the claims of a cancelled task that are not started. */
    void cancelUnstarted(TaskId id) {
        for (Kind kind : kinds.values()) {
            for (ClaimedTask claim : kind.ahead.remove(id)) {
                running.forget(List.of(claim));
                returned(claim);
                Instant now = time.wallTime();
                recorder.endUnstarted(AttemptRunner.cancelled(claim, "", now, now));
            }
        }
    }

    private Duration step() {
        Duration untilDue = shortest(shortest(due.step(), lookAtLeft()), shortest(expiry.step(), limits.step()));
        kinds.values()
                .forEach(kind -> handBack(kind.ahead.removeOlder(ClaimsAhead.LIMIT), "no slot became free for it"));
        typePauses.refresh();
        // Before the flag is read: a thread that stops the claims sets the flag first and reads this field then.
        isInRound = true;
        try {
            for (Kind kind : kinds.values()) {
                if (!isStopped() && lease.mayStart()) {
                    beginAhead(kind);
                    claim(kind);
                }
            }
        } finally {
            isInRound = false;
        }
        boolean isAdapted = false;
        Duration untilAdapt = POLL_INTERVAL;
        for (Kind kind : kinds.values()) {
            isAdapted |= kind.pool.adapt(kind.workWaits);
            untilAdapt = shortest(untilAdapt, kind.pool.untilNextAdapt());
        }
        if (isAdapted) {
            store.nodes().saveSessions(lease.incarnation(), pools.snapshot());
            // The new slots may be filled at once.
            loop.signal();
        }
        return shortest(untilDue, untilAdapt);
    }

    /** Claims as long as lanes have work and there is room. When more may wait, a slot that is free or becomes free starts the next round. */
    private void claim(Kind kind) {
        int free = Math.min(kind.pool.freeSlots(), CLAIM_LIMIT);
        int wanted = Math.min(free + kind.ahead.missing(), CLAIM_LIMIT);
        if (wanted == 0) {
            // A session more would be of no use to tasks whose providers take no more.
            kind.workWaits = quotas.next(1).values().stream().anyMatch(quota -> quota > 0);
            return;
        }
        kind.workWaits = free == 0;
        // Then a hint is mostly about the lane that is looked at without one: the look at the others comes after that
        // claim.
        boolean isLookLater = kind.lanes.isNothingKnown();
        if (!isLookLater) {
            kind.lanes.refresh();
        }
        Set<Lane> without = new HashSet<>();
        int left = wanted;
        for (int pass = 0; pass < MAX_PASSES && left > 0 && !isStopped(); pass++) {
            // Before the look most slots are kept for the lanes that it may find.
            int most = isLookLater ? Math.max(1, left / BLIND_SHARE) : left;
            Map<String, Long> pinned = choices.pinned(lease.incarnation());
            Map<String, Integer> byType = quotas.next(most);
            List<LaneShare> shares = kind.lanes.next(
                    most,
                    without,
                    lane -> mayTake(lane, pinned),
                    (lane, type) -> byType.getOrDefault(type, 0) > 0 && mayTake(lane, type, pinned));
            boolean takesSuspect = lease.isCalm() && !running.hasSuspect();
            ClaimRequest request = new ClaimRequest(
                    lease.incarnation(), most, byType, takesSuspect, shares, choices.withheld(), pinned);
            if (request.isEmpty() && !isLookLater) {
                break;
            }
            List<ClaimedTask> claimed = store.tasks().claim(request);
            // All at once: starting hundreds takes a while, and the audit must not take the last ones for lost.
            running.announce(claimed);
            without.addAll(kind.lanes.claimed(
                    shares,
                    claimed.stream()
                            .map(task -> Lane.TypeInLane.of(task.request()))
                            .toList()));
            left -= claimed.size();
            begin(kind, claimed);
            if (isLookLater) {
                isLookLater = false;
                kind.lanes.refresh();
            }
        }
        kind.workWaits = left == 0;
        if (kind.workWaits && (kind.pool.freeSlots() > 0 || kind.ahead.missing() > 0)) {
            loop.signal();
        }
    }

    private static boolean mayTake(Lane lane, Map<String, Long> pinned) {
        OptionalInt pin = lane.pin();
        return pin.isEmpty() || pinned.values().stream().anyMatch(buckets -> (buckets >>> pin.getAsInt() & 1) != 0);
    }

    private static boolean mayTake(Lane lane, String type, Map<String, Long> pinned) {
        OptionalInt pin = lane.pin();
        return pin.isEmpty() || (pinned.getOrDefault(type, 0L) >>> pin.getAsInt() & 1) != 0;
    }

    /** What was claimed and has not asked for its capacity yet will need it. */
    private int countBeforeRequest(String type) {
        return running.countBeforeRequest(type)
                + kinds.values().stream()
                        .mapToInt(kind -> kind.ahead.count(type))
                        .sum();
    }

    /** Starts what there is a slot for, and keeps the rest for the next ones. */
    private void begin(Kind kind, List<ClaimedTask> claimed) {
        Deque<ClaimedTask> waiting = new ArrayDeque<>(claimed);
        try {
            returnSuspects(waiting);
            while (!waiting.isEmpty()) {
                ClaimedTask task = waiting.removeFirst();
                if (isStopped()) {
                    handBack(task, Duration.ZERO, "the node stopped");
                } else if (isSuspect(task)) {
                    beginSuspect(kind, task);
                } else {
                    kind.ahead.add(task);
                }
            }
            beginAhead(kind);
        } catch (Throwable failure) {
            // What was claimed with it must not stay in the store as running.
            waiting.forEach(task -> handBack(task, AttemptStarter.RETRY, NOT_STARTED));
            kind.ahead.removeOlder(Duration.ZERO).forEach(task -> handBack(task, AttemptStarter.RETRY, NOT_STARTED));
            throw failure;
        }
    }

    /** Such a task never waits for a slot: it would be claimed beside another one of its kind. */
    private void beginSuspect(Kind kind, ClaimedTask task) {
        SessionPool.Session session = kind.pool.tryAcquire();
        if (session == null) {
            handBack(task, SUSPECT_DELAY, ONE_AT_A_TIME);
        } else {
            starter.start(task, kind.pool, session);
        }
    }

    /** Starts what was claimed ahead, as far as there are slots. Runs on several threads. */
    private void beginAhead(Kind kind) {
        if (isStopped()) {
            handBackUnstarted();
            return;
        }
        while (lease.mayStart()) {
            SessionPool.Session session = kind.pool.tryAcquire();
            if (session == null) {
                return;
            }
            ClaimedTask task = kind.ahead.next();
            if (task == null) {
                kind.pool.release(session);
                return;
            }
            starter.start(task, kind.pool, session);
        }
    }

    /**
     * Leaves one suspect at most, and that only when nothing else that is suspect is running here by the store: if it ends the node, all
     * of those would count as crashed for the third time.
     */
    private void returnSuspects(Deque<ClaimedTask> claimed) {
        List<ClaimedTask> suspects =
                claimed.stream().filter(TaskClaimer::isSuspect).toList();
        if (suspects.isEmpty() || isStopped()) {
            return;
        }
        claimed.removeAll(suspects);
        List<AttemptEnd> ends = suspects.stream()
                .map(task -> returned(task, SUSPECT_DELAY, ONE_AT_A_TIME))
                .toList();
        if (!running.hasSuspect() && !recorder.hasUnstarted() && areReturned(ends.subList(1, ends.size()))) {
            claimed.addLast(suspects.get(0));
            running.forget(suspects.subList(1, suspects.size()));
            suspects.subList(1, suspects.size()).forEach(this::returned);
            return;
        }
        running.forget(suspects);
        suspects.forEach(this::returned);
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

    private void handBack(List<ClaimedTask> tasks, String reason) {
        tasks.forEach(task -> handBack(task, Duration.ZERO, reason));
    }

    private void handBack(ClaimedTask task, Duration delay, String reason) {
        running.forget(List.of(task));
        returned(task);
        recorder.endUnstarted(returned(task, delay, reason));
    }

    private AttemptEnd returned(ClaimedTask task, Duration delay, String reason) {
        Instant now = time.wallTime();
        return AttemptRunner.handedBack(task, "", now, now, delay, reason);
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
