package dev.architect.pool;

import dev.architect.attempt.SessionReason;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TimeSource;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one kind on one node. When work waits and no slot is free, it grows at once, by half or to what the {@linkplain PoolLoad
 * work of the last minute} needs; when it grows again soon after that, at least to the most that the last two hours needed. When the last five
 * minutes needed fewer by two, or only the minimum, it shrinks in one step to the most that they needed, once that no longer falls.
 *
 * <p>It changes its size six times an hour at most: one that shrinks and grows again and again {@linkplain PoolChanges waits longer} with both.
 *
 * <p>A session that an operator {@linkplain #drain drains} takes nothing more, and is closed when it runs nothing any more. So do the youngest ones
 * beyond a {@linkplain #limit maximum} that was lowered.
 *
 * <p>Tasks fill the oldest session first, so that younger ones become empty and can be closed. Safe for use by several threads;
 * {@link #adapt} belongs to the dispatcher.
 */
public final class SessionPool {

    /** The pool shrinks to the most sessions that were needed at a time within this window. */
    private static final Duration SHRINK_WINDOW = Duration.ofMinutes(5);

    private static final int SHRINK_PARTS = 30;

    /** A full pool is not looked at more often than this. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(50);

    /** The pool does not shrink while the last minute of the window needed fewer by more than one: waiting closes more at a time. */
    private static final long SETTLED = Duration.ofMinutes(1).toNanos();

    /** A pool that grows twice in a row grows to the most sessions that were needed at a time within this window. */
    private static final Duration RISE_WINDOW = Duration.ofHours(2);

    private static final int RISE_PARTS = 60;

    /** The fewest sessions that are closed at a time. */
    private static final int LEAST_SHRINK = 2;

    /** How many affinity keys it remembers. */
    private static final int MAX_WARMED = 10_000;

    private final String kind;
    private final PoolLimits configured;
    private final PoolLoad load;
    private final TimeSource time;
    private final EventListener events;
    private final List<Session> sessions = new ArrayList<>();
    // All guarded by this object's lock. A pool has many sessions, and is asked several times for each task.
    private PoolLimits limits;
    /** Whether the sessions may be more or fewer than the limits allow, until the dispatcher has looked. */
    private boolean isLimitedAnew;
    /** Whether a session may run more tasks than it has slots, as fewer were set. */
    private boolean mayBeOverfull;

    private int busySlots;
    /** How many sessions drain, and how many slots of those are busy. */
    private int draining;

    private int drainingSlots;
    /** Which session ran the last task of an affinity key; the keys that were used last. */
    private final Map<String, Session> warmed = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
            return size() > MAX_WARMED;
        }
    };

    /** No session before this one has a free slot. */
    private int firstFree;
    // These belong to the dispatcher and need no lock.
    private final PoolNeeds needs = new PoolNeeds(SHRINK_WINDOW, SHRINK_PARTS);
    private final PoolNeeds rises = new PoolNeeds(RISE_WINDOW, RISE_PARTS);
    private final PoolChanges changes = new PoolChanges();
    private int nextNumber = 1;
    private long fullSince = -1;
    private long lastAdapt;

    /** Creates a pool without sessions. */
    public SessionPool(String kind, PoolLimits limits, TimeSource time, EventListener events) {
        this.kind = kind;
        this.configured = limits;
        this.limits = limits;
        this.load = new PoolLoad(limits.slotsPerSession(), time.nanoTime());
        this.time = time;
        this.events = events;
    }

    /** What its sessions are for. */
    public String kind() {
        return kind;
    }

    /** The limits that the node was configured with. */
    public PoolLimits configured() {
        return configured;
    }

    /** The limits that it keeps to. */
    public synchronized PoolLimits limits() {
        return limits;
    }

    /**
     * Sets other limits. Slots count at once; the next {@link #adapt} opens sessions up to the minimum, closes idle ones beyond the maximum, the
     * youngest first, and lets busy ones drain.
     *
     * @return whether it had others
     */
    public synchronized boolean limit(PoolLimits changed) {
        if (limits.equals(changed)) {
            return false;
        }
        mayBeOverfull |= changed.slotsPerSession() < limits.slotsPerSession();
        limits = changed;
        isLimitedAnew = true;
        firstFree = 0;
        return true;
    }

    /** Opens the minimum of sessions. */
    public void open() {
        resize(limits().minSessions(), "the pool's minimum");
    }

    /** Returns how many tasks could start now. */
    public synchronized int freeSlots() {
        if (!mayBeOverfull) {
            return (sessions.size() - draining) * limits.slotsPerSession() - (busySlots - drainingSlots);
        }
        mayBeOverfull = sessions.stream().anyMatch(session -> session.busy > limits.slotsPerSession());
        return sessions.stream()
                .filter(session -> !session.isDraining)
                .mapToInt(session -> Math.max(0, limits.slotsPerSession() - session.busy))
                .sum();
    }

    /** Takes a slot of the oldest session that has one and is not draining; null when none is free. */
    public synchronized @Nullable Session tryAcquire() {
        while (firstFree < sessions.size()) {
            Session session = sessions.get(firstFree);
            if (hasFreeSlot(session)) {
                session.busy++;
                busySlots++;
                load.arrived();
                return session;
            }
            firstFree++;
        }
        return null;
    }

    private boolean hasFreeSlot(Session session) {
        return !session.isDraining && session.busy < limits.slotsPerSession();
    }

    /**
     * Gives a task the slot that it is to have: that of the session which ran the last task of its affinity key, if that one has a free slot,
     * else the one that was taken.
     *
     * @param taken what {@link #tryAcquire} has returned for it
     */
    public synchronized Settled settle(Session taken, Optional<String> affinity) {
        SessionReason reason = taken.hasRun ? SessionReason.OLDEST_FREE : SessionReason.NEW;
        Session settled = taken;
        if (affinity.isPresent()) {
            Session warm = warm(affinity.get());
            if (warm == taken) {
                reason = SessionReason.WARM;
            } else if (warm != null && hasFreeSlot(warm)) {
                warm.busy++;
                leave(taken);
                firstFree = Math.min(firstFree, taken.place);
                settled = warm;
                reason = SessionReason.WARM;
            } else if (warm != null) {
                reason = SessionReason.WARM_IS_FULL;
            }
            warmed.put(affinity.get(), settled);
        }
        settled.hasRun = true;
        return new Settled(settled, reason);
    }

    private @Nullable Session warm(String affinity) {
        Session last = warmed.get(affinity);
        return last == null || last.isClosed || last.isDraining ? null : last;
    }

    private void leave(Session session) {
        session.busy--;
        if (session.isDraining) {
            drainingSlots--;
        }
    }

    /** A session that has taken a task, and why this one. */
    public record Settled(Session session, SessionReason reason) {}

    /** Gives a slot back. */
    public synchronized void release(Session session) {
        leave(session);
        busySlots--;
        firstFree = Math.min(firstFree, session.place);
    }

    /**
     * Lets a session take nothing more. What it runs goes on; with the next {@link #adapt} after that it is closed. It counts until then, so the
     * pool neither falls below its minimum nor exceeds its maximum by it.
     *
     * @param isReplaced whether another session is opened in its place, and not only when there would be fewer than the minimum
     * @return false when there is no such session, or it has been asked for the same before
     */
    public boolean drain(String name, boolean isReplaced) {
        synchronized (this) {
            Session session = sessions.stream()
                    .filter(each -> each.name.equals(name))
                    .findFirst()
                    .orElse(null);
            if (session == null || (session.isDraining && session.isReplaced == isReplaced)) {
                return false;
            }
            session.isReplaced = isReplaced;
            if (!session.isDraining) {
                beginDrain(session);
            }
        }
        events.onEvent(new Event.SessionDraining(time.wallTime(), name, isReplaced));
        return true;
    }

    /** Whether it has a session of that name, draining or not. */
    synchronized boolean has(String name) {
        return sessions.stream().anyMatch(session -> session.name.equals(name));
    }

    /** The sessions as they are now. One that runs more than it has slots, as fewer were set, has those slots for as long. */
    public synchronized List<SessionInfo> snapshot() {
        return sessions.stream()
                .map(session -> new SessionInfo(
                        session.name, kind, Math.max(session.busy, limits.slotsPerSession()), session.busy))
                .toList();
    }

    /**
     * Closes what has drained, and grows or shrinks.
     *
     * @param workWaits whether there may be ready tasks that were not claimed for want of a slot
     * @return true when sessions were opened or closed
     */
    public boolean adapt(boolean workWaits) {
        boolean isLimited = keepLimits();
        boolean isDrained = closeDrained();
        return grownOrShrunk(workWaits) || isDrained || isLimited;
    }

    /** Does what other limits demand. */
    private boolean keepLimits() {
        List<Event> told = new ArrayList<>();
        synchronized (this) {
            if (!isLimitedAnew) {
                return false;
            }
            isLimitedAnew = false;
            load.slots(limits.slotsPerSession());
            openUpTo(limits.minSessions(), "the pool's minimum", told);
            for (int i = sessions.size() - 1; i >= 0 && sessions.size() - draining > limits.maxSessions(); i--) {
                Session session = sessions.get(i);
                if (session.isDraining) {
                    continue;
                }
                if (session.busy == 0) {
                    close(session, "the pool's maximum", told);
                } else {
                    beginDrain(session);
                    told.add(new Event.SessionDraining(time.wallTime(), session.name, false));
                }
            }
            order();
        }
        told.forEach(events::onEvent);
        return true;
    }

    private void beginDrain(Session session) {
        session.isDraining = true;
        draining++;
        drainingSlots += session.busy;
    }

    private boolean grownOrShrunk(boolean workWaits) {
        long now = time.nanoTime();
        int busy;
        int size;
        boolean isFull;
        PoolLimits limits;
        synchronized (this) {
            limits = this.limits;
            busy = busySlots;
            size = sessions.size();
            isFull = freeSlots() == 0;
        }
        load.sample(now, busy);
        changes.advance(now);
        int target = Math.min(limits.maxSessions(), load.sessions());
        int needed = Math.max(limits.minSessions(), Math.max(target, ceilDivide(busy, limits.slotsPerSession())));
        needs.note(now, needed);
        rises.note(now, needed);
        lastAdapt = now;
        // A slot that became free since the claim ends the wait: the next claim fills it.
        if (!workWaits || !isFull) {
            fullSince = -1;
        } else if (fullSince < 0) {
            fullSince = now;
        }
        if (fullSince >= 0 && now - fullSince >= changes.patience().toNanos() && size < limits.maxSessions()) {
            // Work that still waits then has to wait its time again before the pool grows further.
            fullSince = -1;
            grow(now, size, target, limits.maxSessions());
            return true;
        }
        int peak = needs.highest();
        if (isWorthClosing(size, peak, limits.minSessions(), now)
                && resize(peak, "the last five minutes needed fewer")) {
            changes.shrunk(now);
            return true;
        }
        return false;
    }

    private void grow(long now, int size, int target, int most) {
        // Rounded up, so that a pool of one grows as well.
        int half = ceilDivide(size * 3, 2);
        int risen = changes.hasJustGrown(now) ? rises.highest() : 0;
        String why = changes.patience().toSeconds() == 0
                ? "work waits and no slot is free"
                : "work has waited for " + changes.patience().toSeconds() + " s and no slot is free";
        int sizeTo;
        if (changes.isLastGrowth()) {
            sizeTo = most;
            why += ", and the last hour had " + changes.count() + " changes";
        } else if (risen > Math.max(half, target)) {
            sizeTo = risen;
            why += ", soon after the last step, and the last two hours needed " + risen;
        } else {
            sizeTo = Math.max(half, target);
            why += half >= target ? "" : ", and the last minute needs " + target;
        }
        changes.grown(now);
        resize(Math.min(most, sizeTo), why);
    }

    /** One session less is not worth it where the next burst would need it again, unless it is the last above the minimum. */
    private boolean isWorthClosing(int size, int peak, int least, long now) {
        return (size - peak >= LEAST_SHRINK || (peak < size && peak == least))
                && needs.isWhole(now)
                && peak - needs.highestSince(now - SETTLED) <= 1
                && !changes.hasGrownWithin(SHRINK_WINDOW.toNanos(), now)
                && changes.allowsClosing(Math.min(size - peak, idle()));
    }

    private synchronized int idle() {
        return (int) sessions.stream().filter(session -> session.busy == 0).count();
    }

    /** How long until {@link #adapt} may have to grow the pool because work waits; {@link #SHRINK_WINDOW} when none does. */
    public Duration untilNextAdapt() {
        if (fullSince < 0) {
            return SHRINK_WINDOW;
        }
        Duration left = changes.patience().minusNanos(lastAdapt - fullSince);
        return left.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : left;
    }

    private boolean resize(int target, String reason) {
        List<Event> told = new ArrayList<>();
        synchronized (this) {
            openUpTo(target, reason, told);
            // From the youngest on, which tasks fill last. A busy one stays until a later call finds it idle.
            for (int i = sessions.size() - 1; i >= 0 && sessions.size() > target; i--) {
                if (sessions.get(i).busy == 0) {
                    close(sessions.get(i), reason, told);
                }
            }
            order();
        }
        // Outside the lock: a listener may take long, or read the sessions.
        told.forEach(events::onEvent);
        return !told.isEmpty();
    }

    /** Closes the sessions that drain and run nothing any more, and opens those that take their place. */
    private boolean closeDrained() {
        List<Event> told = new ArrayList<>();
        synchronized (this) {
            if (draining == 0) {
                return false;
            }
            List<Session> drained = sessions.stream()
                    .filter(session -> session.isDraining && session.busy == 0)
                    .toList();
            for (Session session : drained) {
                close(session, session.isReplaced ? "it was restarted" : "it was drained", told);
            }
            for (Session session : drained) {
                if (session.isReplaced && sessions.size() < limits.maxSessions()) {
                    openUpTo(sessions.size() + 1, "in place of " + session.name, told);
                }
            }
            openUpTo(drained.isEmpty() ? 0 : limits.minSessions(), "the pool's minimum", told);
            order();
        }
        told.forEach(events::onEvent);
        return !told.isEmpty();
    }

    private void openUpTo(int target, String reason, List<Event> told) {
        while (sessions.size() < target) {
            Session opened = new Session(kind, kind + "-" + nextNumber++);
            sessions.add(opened);
            told.add(new Event.SessionOpened(time.wallTime(), opened.name, reason));
        }
    }

    private void close(Session session, String reason, List<Event> told) {
        sessions.remove(session);
        session.isClosed = true;
        if (session.isDraining) {
            draining--;
        }
        told.add(new Event.SessionClosed(time.wallTime(), session.name, reason));
    }

    private void order() {
        for (int i = 0; i < sessions.size(); i++) {
            sessions.get(i).place = i;
        }
        firstFree = 0;
    }

    /** Closes every session; the node ends. */
    public void close() {
        resize(0, "the node stops");
    }

    private static int ceilDivide(int number, int divisor) {
        return (number + divisor - 1) / divisor;
    }

    /** A slot holder of the pool; its fields are guarded by the pool. */
    public static final class Session {
        private final String kind;
        private final String name;
        private int busy;
        /** Where it is in the list. */
        private int place;

        private boolean hasRun;
        private boolean isDraining;
        /** Whether another one is opened in its place when it has drained. */
        private boolean isReplaced;

        private boolean isClosed;

        private Session(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        /** What it is for. */
        public String kind() {
            return kind;
        }

        /** Its name, unique in its incarnation. */
        public String name() {
            return name;
        }
    }
}
