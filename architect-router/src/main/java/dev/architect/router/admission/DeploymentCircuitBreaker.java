package dev.architect.router.admission;

import dev.architect.model.ModelId;
import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerOrder;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTransition;
import dev.architect.route.BreakerTrip;
import dev.architect.route.HealthHint;
import dev.architect.route.ModelHealth;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one model at one provider.
 *
 * <p>It opens when too many of the last calls failed or were slow, see {@link CircuitBreakerSettings}. After the delay exactly one trial
 * call is let through. When it fails, or is slow, the delay doubles; when its answer begins the breaker closes, and for ten seconds the
 * model gets a quarter, then half, then all of its calls. Delays vary by a fifth, so that many processes do not try at the same moment.
 * Each change of state starts a new generation, and a pass of an older one changes nothing any more, so a call that ends late neither
 * opens nor closes.
 *
 * <p>A pass, the right to make one call, is a number from {@link #tryAcquire}; exactly one of {@link #recordSuccess}, {@link
 * #recordFailure}, {@link #recordLateFirstToken}, {@link #recordKeyRefused}, {@link #recordRejection} and {@link #release} is called with it, once, when
 * the call has ended. While the model is well, nothing is allocated for a call.
 *
 * <p>What an operator orders binds until it ends or is reset. What others say about the model ({@link #suspect}) never opens the breaker:
 * the model gets a quarter of its calls where others are free, and half as many failures of its own as usual open it, until one of its own
 * calls is answered.
 *
 * <p>Safe for use by several threads; calls no code of the host.
 */
public final class DeploymentCircuitBreaker {

    /** Instead of a pass: no call may be made now. */
    public static final long REFUSED = -1;

    // The lowest bits of a pass; above them is its generation.
    private static final long IS_TRIAL = 1;
    private static final long HAS_CHANGED = 2;
    private static final int FLAGS = 2;

    private static final int MAX_HISTORY = 32;
    private static final long RAMP_NANOS = Duration.ofSeconds(10).toNanos();
    // An operator may reset a trip at any time, so tasks look again after this; longer than requests usually wait.
    private static final Duration LONGEST_STATED = Duration.ofMinutes(5);
    private static final double QUARTER = 0.25;
    private static final double HALF = 0.5;
    private static final String NO_NOTE = "";

    private final CircuitBreakerSettings settings;
    private final TimeSource time;
    // A call is slow beyond these; Long.MAX_VALUE for no threshold.
    private final long slowFirstTokenNanos;
    private final long slowTotalNanos;
    private final Object lock = new Object();
    private final OutcomeWindows outcomes;
    private final Deque<BreakerTransition> history = new ArrayDeque<>();
    private BreakerState state = BreakerState.CLOSED;
    private Instant since;
    private @Nullable BreakerCause cause;
    private long generation;
    /** The generation of the trial whose first token closed the breaker: its end counts as that of any other call. */
    private long closedBy = REFUSED;

    private long openedAt;
    private Duration delay;
    // The delay, varied: when the next trial is due.
    private long trialAfterNanos;
    private boolean trialInFlight;
    private boolean ramping;
    private long closedAt;
    private boolean suspect;
    private long suspectUntil;
    private @Nullable BreakerTrip trip;
    private int consecutiveFailures;
    private long lastCallEndedAt;

    public DeploymentCircuitBreaker(CircuitBreakerSettings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.slowFirstTokenNanos = threshold(settings.slowFirstToken());
        this.slowTotalNanos = threshold(settings.slowTotal());
        this.delay = settings.firstDelay();
        this.since = time.wallTime();
        this.lastCallEndedAt = time.nanoTime();
        this.outcomes = new OutcomeWindows(settings, lastCallEndedAt);
    }

    /** Returns a closed breaker of other settings that has the history of this one, and is open when an operator tripped this one. */
    DeploymentCircuitBreaker under(CircuitBreakerSettings changed) {
        DeploymentCircuitBreaker next = new DeploymentCircuitBreaker(changed, time);
        synchronized (lock) {
            next.history.addAll(history);
            next.generation = generation + 1;
            if (isTripped()) {
                next.trip = trip;
                next.state = BreakerState.OPEN;
                next.cause = BreakerCause.MANUAL;
                next.since = since;
                next.openedAt = openedAt;
            }
        }
        return next;
    }

    private static long threshold(Duration setting) {
        return setting.isZero() ? Long.MAX_VALUE : setting.toNanos();
    }

    /** Whether an answer is slow whose first token, or whose end when it is not {@code streamed}, came after {@code nanos}. */
    boolean isSlow(boolean streamed, long nanos) {
        return nanos > (streamed ? slowFirstTokenNanos : slowTotalNanos);
    }

    public CircuitBreakerSettings settings() {
        return settings;
    }

    public BreakerState state() {
        synchronized (lock) {
            return state;
        }
    }

    /** Whether it is open for what was seen, and not because an operator tripped it. */
    boolean isSick() {
        synchronized (lock) {
            return state == BreakerState.OPEN && cause != BreakerCause.MANUAL;
        }
    }

    /** Whether the next trial has been due for as long as the longest delay, and no request has made it. */
    public boolean isTrialOverdue() {
        synchronized (lock) {
            return state != BreakerState.CLOSED
                    && time.nanoTime() - openedAt - trialAfterNanos
                            >= settings.longestDelay().toNanos();
        }
    }

    /** Since when it is not closed, in nanoseconds of the monotonic clock; {@link Long#MAX_VALUE} while it is closed. */
    public long openedAt() {
        synchronized (lock) {
            return state == BreakerState.CLOSED ? Long.MAX_VALUE : openedAt;
        }
    }

    /** Whether a trial call is on its way. */
    public boolean isTrialInFlight() {
        synchronized (lock) {
            return trialInFlight;
        }
    }

    /** How many calls have failed since the last one that was answered. */
    public int consecutiveFailures() {
        synchronized (lock) {
            return consecutiveFailures;
        }
    }

    /** Nanoseconds since a call to the model ended, or since this was made. */
    public long nanosSinceLastCall() {
        synchronized (lock) {
            return time.nanoTime() - lastCallEndedAt;
        }
    }

    /**
     * How long until a call may be made: zero while it is closed or a trial call is due, the whole delay during a trial call, at most five
     * minutes after an operator tripped it, who may reset it earlier.
     */
    public Duration untilNextCall() {
        synchronized (lock) {
            return switch (state) {
                case CLOSED -> Duration.ZERO;
                case HALF_OPEN -> trialInFlight ? delay : Duration.ZERO;
                case OPEN -> untilTrial();
            };
        }
    }

    private Duration untilTrial() {
        long nanos = Math.max(0, trialAfterNanos - (time.nanoTime() - openedAt));
        if (trip == null) {
            return Duration.ofNanos(nanos);
        }
        // By the wall clock: an operator names a time of day.
        Duration held = Duration.between(time.wallTime(), trip.until());
        if (held.compareTo(LONGEST_STATED) > 0) {
            return LONGEST_STATED;
        }
        return held.isNegative() ? Duration.ZERO : held;
    }

    /** The part of its calls that the model should get, above 0 and at most 1: less than 1 after a recovery and while it is suspect. */
    public double share() {
        synchronized (lock) {
            if (!ramping && !suspect) {
                return 1;
            }
            return Math.min(isSuspectNow() ? QUARTER : 1, ramp());
        }
    }

    private double ramp() {
        if (!ramping) {
            return 1;
        }
        long passed = time.nanoTime() - closedAt;
        ramping = passed < RAMP_NANOS;
        if (!ramping) {
            return 1;
        }
        return passed < RAMP_NANOS / 2 ? QUARTER : HALF;
    }

    private boolean isSuspectNow() {
        suspect = suspect && suspectUntil - time.nanoTime() > 0;
        return suspect;
    }

    /**
     * Returns the pass for one call, {@link #REFUSED} when none may be made now.
     *
     * @param early for a request that has no other candidate: the trial call may go out before its time
     */
    public long tryAcquire(boolean early) {
        synchronized (lock) {
            if (state == BreakerState.CLOSED) {
                return generation << FLAGS;
            }
            if (trialInFlight) {
                return REFUSED;
            }
            long flags = IS_TRIAL;
            // The delay is checked when a call wants to go out: a breaker of an idle model needs no timer.
            if (state == BreakerState.OPEN) {
                if (!isTrialDue(early)) {
                    return REFUSED;
                }
                transitionTo(BreakerState.HALF_OPEN, BreakerCause.TRIAL, NO_NOTE);
                flags |= HAS_CHANGED;
            }
            // In the same lock as the check above, so that of many callers exactly one gets the trial call.
            trialInFlight = true;
            return generation << FLAGS | flags;
        }
    }

    private boolean isTrialDue(boolean early) {
        if (trip != null) {
            // Not even early: an operator's order binds.
            return !time.wallTime().isBefore(trip.until());
        }
        return early || time.nanoTime() - openedAt >= trialAfterNanos;
    }

    /** Whether issuing {@code pass} changed the state, from open to half open. */
    public static boolean hasChanged(long pass) {
        return (pass & HAS_CHANGED) != 0;
    }

    /**
     * The answer begins, which closes a half-open breaker, or opens it again when it was slow. How the call ends counts as that of any other.
     *
     * @return the new state, null when it did not change
     */
    public @Nullable BreakerState recordFirstToken(long pass, boolean wasSlow) {
        if ((pass & IS_TRIAL) == 0) {
            return null;
        }
        synchronized (lock) {
            if (pass >> FLAGS != generation || state != BreakerState.HALF_OPEN) {
                return null;
            }
            if (wasSlow) {
                return reopen(BreakerCause.SLOW_CALLS);
            }
            transitionTo(BreakerState.CLOSED, BreakerCause.TRIAL_ANSWERED, NO_NOTE);
            closedBy = pass >> FLAGS;
            return state;
        }
    }

    /**
     * The provider answered.
     *
     * @param wasSlow whether that took longer than the threshold for slow calls
     * @return the new state, null when it did not change
     */
    public @Nullable BreakerState recordSuccess(long pass, boolean wasSlow) {
        synchronized (lock) {
            lastCallEndedAt = time.nanoTime();
            if (isVoid(pass)) {
                return null;
            }
            consecutiveFailures = 0;
            suspect = false;
            if (state == BreakerState.HALF_OPEN) {
                return wasSlow
                        ? reopen(BreakerCause.SLOW_CALLS)
                        : transitionTo(BreakerState.CLOSED, BreakerCause.TRIAL_ANSWERED, NO_NOTE);
            }
            outcomes.record(false, wasSlow, lastCallEndedAt);
            return wasSlow ? openIfTooManyAreSlow() : null;
        }
    }

    /**
     * The call failed, which counts as a failure of the model.
     *
     * @param wasSlow whether it was slow as well
     * @return the new state, null when it did not change
     */
    public @Nullable BreakerState recordFailure(long pass, boolean wasSlow) {
        return recordFailure(pass, true, wasSlow);
    }

    /** The answer did not begin in time: that counts as slow and not as a failure. Returns the new state, null when it did not change. */
    public @Nullable BreakerState recordLateFirstToken(long pass) {
        return recordFailure(pass, false, true);
    }

    private @Nullable BreakerState recordFailure(long pass, boolean hasFailed, boolean wasSlow) {
        synchronized (lock) {
            lastCallEndedAt = time.nanoTime();
            if (isVoid(pass)) {
                return null;
            }
            consecutiveFailures++;
            if (state == BreakerState.HALF_OPEN) {
                return reopen(hasFailed ? BreakerCause.TRIAL_FAILED : BreakerCause.SLOW_CALLS);
            }
            outcomes.record(hasFailed, wasSlow, lastCallEndedAt);
            if (hasFailed && outcomes.hasTooManyFailures(leastFailures())) {
                return transitionTo(BreakerState.OPEN, BreakerCause.FAILURES, NO_NOTE);
            }
            return wasSlow ? openIfTooManyAreSlow() : null;
        }
    }

    private @Nullable BreakerState openIfTooManyAreSlow() {
        return outcomes.hasTooManySlow(leastFailures())
                ? transitionTo(BreakerState.OPEN, BreakerCause.SLOW_CALLS, NO_NOTE)
                : null;
    }

    /** What others found wrong counts as half of what is needed. */
    private int leastFailures() {
        return suspect && isSuspectNow() ? (settings.failures() + 1) / 2 : settings.failures();
    }

    /** The provider refused the key: the next call would fail in the same way. Returns the new state, null when it did not change. */
    public @Nullable BreakerState recordKeyRefused(long pass) {
        synchronized (lock) {
            lastCallEndedAt = time.nanoTime();
            if (isVoid(pass)) {
                return null;
            }
            consecutiveFailures++;
            return state == BreakerState.HALF_OPEN
                    ? reopen(BreakerCause.KEY_REFUSED)
                    : transitionTo(BreakerState.OPEN, BreakerCause.KEY_REFUSED, NO_NOTE);
        }
    }

    /**
     * The provider rejected the call: it responds, which is all that a trial call has to show. Returns the new state, null when it did not
     * change.
     */
    public @Nullable BreakerState recordRejection(long pass) {
        synchronized (lock) {
            lastCallEndedAt = time.nanoTime();
            // While closed a rejection is neither: many bad requests must not dilute the failures of a sick model.
            return !isVoid(pass) && state == BreakerState.HALF_OPEN
                    ? transitionTo(BreakerState.CLOSED, BreakerCause.TRIAL_ANSWERED, NO_NOTE)
                    : null;
        }
    }

    /** The call shows nothing about the model, so another trial call may go out. */
    public void release(long pass) {
        synchronized (lock) {
            if (pass >> FLAGS == generation) {
                trialInFlight = false;
            }
        }
    }

    /** A call that began before the last change shows what the model was, not what it is. */
    private boolean isVoid(long pass) {
        long issued = pass >> FLAGS;
        return issued != generation && issued != closedBy;
    }

    /** Opens it whatever its calls showed, for something that was seen elsewhere; the new state, null when it was not closed. */
    public @Nullable BreakerState open(BreakerCause seen) {
        synchronized (lock) {
            return state == BreakerState.CLOSED ? transitionTo(BreakerState.OPEN, seen, NO_NOTE) : null;
        }
    }

    /**
     * A probe found the provider well: that closes what probes alone have opened, and no breaker that calls opened. Returns the new state,
     * null when it did not change.
     */
    public @Nullable BreakerState recordHealthyProbe() {
        synchronized (lock) {
            return state == BreakerState.OPEN && cause == BreakerCause.PROBE
                    ? transitionTo(BreakerState.CLOSED, BreakerCause.PROBE, NO_NOTE)
                    : null;
        }
    }

    /** Others found the model out of order; ends by itself after {@code length}, or when a call to it is answered. */
    public void suspect(Duration length) {
        synchronized (lock) {
            suspect = true;
            suspectUntil = time.nanoTime() + length.toNanos();
        }
    }

    /** Others find the model well again. */
    public void trust() {
        synchronized (lock) {
            suspect = false;
        }
    }

    /** Whether others found the model out of order, and no call to it was answered since. */
    public boolean isSuspect() {
        synchronized (lock) {
            return isSuspectNow();
        }
    }

    /** Lets no call through until the time that {@code order} names, or until {@link #reset}. Returns the new state, null when it did not change. */
    public @Nullable BreakerState trip(BreakerTrip order) {
        synchronized (lock) {
            BreakerState before = state;
            trip = order;
            transitionTo(BreakerState.OPEN, BreakerCause.MANUAL, order.reason());
            return before == BreakerState.OPEN ? null : state;
        }
    }

    /** Closes it, forgets what calls and others showed, and ends what an operator ordered. Returns the new state, null when it did not change. */
    public @Nullable BreakerState reset(String reason) {
        synchronized (lock) {
            BreakerState before = state;
            transitionTo(BreakerState.CLOSED, BreakerCause.MANUAL, reason);
            ramping = false;
            suspect = false;
            return before == BreakerState.CLOSED ? null : state;
        }
    }

    /** Whether an operator's trip holds. */
    boolean isTripped() {
        synchronized (lock) {
            return trip != null && time.wallTime().isBefore(trip.until());
        }
    }

    /** What other nodes may be told; its version is {@code firstVersion} and the changes since. */
    HealthHint hint(String node, ModelId model, long firstVersion, Optional<BreakerOrder> order) {
        synchronized (lock) {
            return new HealthHint(node, model, firstVersion + generation, state, order);
        }
    }

    /** How it stands and how it came to that, under the name of its model. */
    public ModelHealth health(String model) {
        synchronized (lock) {
            Instant now = time.wallTime();
            return new ModelHealth(
                    model,
                    state,
                    isSuspectNow(),
                    since,
                    state == BreakerState.OPEN ? Optional.of(nextTrial(now)) : Optional.empty(),
                    isTripped() ? Optional.ofNullable(trip) : Optional.empty(),
                    List.copyOf(history));
        }
    }

    private Instant nextTrial(Instant now) {
        return trip != null && isTripped() ? trip.until() : now.plus(untilTrial());
    }

    /** Opens it after a trial, for twice as long as before. */
    private BreakerState reopen(BreakerCause why) {
        Duration doubled = delay.multipliedBy(2);
        delay = doubled.compareTo(settings.longestDelay()) > 0 ? settings.longestDelay() : doubled;
        return transitionTo(BreakerState.OPEN, why, NO_NOTE);
    }

    private BreakerState transitionTo(BreakerState to, BreakerCause why, String note) {
        Instant now = time.wallTime();
        if (history.size() == MAX_HISTORY) {
            history.removeFirst();
        }
        history.addLast(new BreakerTransition(now, state, to, why, note));
        since = state == to ? since : now;
        state = to;
        cause = why;
        generation++;
        closedBy = REFUSED;
        trialInFlight = false;
        switch (to) {
            case CLOSED -> {
                // Also the failures counted so far; otherwise one more failure after the recovery would open it again.
                outcomes.clear();
                delay = settings.firstDelay();
                ramping = true;
                closedAt = time.nanoTime();
                consecutiveFailures = 0;
                trip = null;
            }
            case OPEN -> {
                openedAt = time.nanoTime();
                trialAfterNanos = varied(delay.toNanos());
            }
            // Whatever an operator ordered is over when a trial goes out.
            case HALF_OPEN -> trip = null;
        }
        return to;
    }

    /** A fifth more or less. */
    private long varied(long nanos) {
        long fifth = nanos / 5;
        return nanos - fifth + time.random(2 * fifth + 1);
    }
}
