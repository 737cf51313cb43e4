package dev.architect.router.admission;

import dev.architect.route.BreakerState;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.spi.TimeSource;
import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one model at one provider.
 *
 * <p>Failsafe counts the failures among the last calls. When to try again is decided here, because it must follow the
 * {@link TimeSource}: after the delay exactly one trial call is let through. When it fails the delay doubles; when its answer
 * begins the breaker closes, and for ten seconds the model gets a quarter, then half, then all of its calls. Delays vary by a fifth,
 * so that many processes do not try at the same moment. Each change of state starts a new generation, and a pass of an older one
 * changes nothing any more, so a call that ends late neither opens nor closes.
 *
 * <p>Safe for use by several threads; calls no code of the host.
 */
public final class DeploymentCircuitBreaker {

    /** Failsafe's own clock must never half-open: this is longer than any process lives. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    private static final long RAMP_NANOS = Duration.ofSeconds(10).toNanos();
    private static final double QUARTER = 0.25;
    private static final double HALF = 0.5;

    private final CircuitBreakerSettings settings;
    private final TimeSource time;
    private final Object lock = new Object();
    private final CircuitBreaker<Object> counter;
    private BreakerState state = BreakerState.CLOSED;
    private long generation;
    private long openedAt;
    private Duration delay;
    // The delay, varied: when the next trial is due.
    private long trialAfterNanos;
    private boolean trialInFlight;
    private boolean ramping;
    private long closedAt;
    private int consecutiveFailures;

    public DeploymentCircuitBreaker(CircuitBreakerSettings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.delay = settings.firstDelay();
        this.counter = CircuitBreaker.builder()
                .withFailureThreshold(settings.failures(), settings.calls())
                .withSuccessThreshold(1)
                .withDelay(NEVER)
                .build();
    }

    public CircuitBreakerSettings settings() {
        return settings;
    }

    public BreakerState state() {
        synchronized (lock) {
            return state;
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

    /** How long until a call may be made: zero while it is closed or a trial call is due, the whole delay during a trial call. */
    public Duration untilNextCall() {
        synchronized (lock) {
            return switch (state) {
                case CLOSED -> Duration.ZERO;
                case HALF_OPEN -> trialInFlight ? delay : Duration.ZERO;
                case OPEN -> Duration.ofNanos(Math.max(0, trialAfterNanos - (time.nanoTime() - openedAt)));
            };
        }
    }

    /** The part of its calls that the model should get, above 0 and at most 1: less than 1 for a while after a recovery. */
    public double share() {
        synchronized (lock) {
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
    }

    /**
     * Returns the right to make one call, empty when none may be made now.
     *
     * @param early for a request that has no other candidate: the trial call may go out before its time
     */
    public Optional<Pass> tryAcquire(boolean early) {
        synchronized (lock) {
            BreakerState changed = null;
            // The delay is checked when a call wants to go out: a breaker of an idle model needs no timer.
            if (state == BreakerState.OPEN && (early || time.nanoTime() - openedAt >= trialAfterNanos)) {
                changed = transitionTo(BreakerState.HALF_OPEN);
            }
            if (state == BreakerState.OPEN || trialInFlight) {
                return Optional.empty();
            }
            // In the same lock as the check above, so that of many callers exactly one gets the trial call.
            trialInFlight = state == BreakerState.HALF_OPEN;
            return Optional.of(new Pass(generation, changed));
        }
    }

    /** Opens it whatever its calls showed, for something that was seen elsewhere; the new state when it was closed. */
    public Optional<BreakerState> open() {
        synchronized (lock) {
            return state == BreakerState.CLOSED ? Optional.of(transitionTo(BreakerState.OPEN)) : Optional.empty();
        }
    }

    private BreakerState transitionTo(BreakerState next) {
        state = next;
        generation++;
        trialInFlight = false;
        switch (next) {
            case CLOSED -> {
                // Also forgets the failures counted so far; otherwise one more failure after the recovery would open it
                // again.
                counter.close();
                delay = settings.firstDelay();
                ramping = true;
                closedAt = time.nanoTime();
                consecutiveFailures = 0;
            }
            case OPEN -> {
                counter.open();
                openedAt = time.nanoTime();
                trialAfterNanos = varied(delay.toNanos());
            }
            case HALF_OPEN -> counter.halfOpen();
        }
        return next;
    }

    /** A fifth more or less. */
    private long varied(long nanos) {
        long fifth = nanos / 5;
        return nanos - fifth + time.random(2 * fifth + 1);
    }

    /** The right to make one call; exactly one of its methods but {@link #recordFirstToken} is called, once, when the call has ended. */
    public final class Pass {
        private final @Nullable BreakerState changed;
        private long issued;

        private Pass(long issued, @Nullable BreakerState changed) {
            this.issued = issued;
            this.changed = changed;
        }

        /** The state of the breaker when this pass changed it. */
        public Optional<BreakerState> changed() {
            return Optional.ofNullable(changed);
        }

        /** The answer begins, which closes a half-open breaker; whether it did. How the call ends counts as that of any other. */
        public boolean recordFirstToken() {
            synchronized (lock) {
                if (issued != generation || state != BreakerState.HALF_OPEN) {
                    return false;
                }
                transitionTo(BreakerState.CLOSED);
                issued = generation;
                return true;
            }
        }

        /** The provider answered; the new state when that changed it. */
        public Optional<BreakerState> recordSuccess() {
            synchronized (lock) {
                // A call that began before the last change shows what the model was, not what it is.
                if (issued != generation) {
                    return Optional.empty();
                }
                consecutiveFailures = 0;
                if (state == BreakerState.HALF_OPEN) {
                    return Optional.of(transitionTo(BreakerState.CLOSED));
                }
                counter.recordSuccess();
                return Optional.empty();
            }
        }

        /**
         * The call failed; the new state when that changed it.
         *
         * @param atOnce whether it opens at once: the next call would fail in the same way
         */
        public Optional<BreakerState> recordFailure(boolean atOnce) {
            synchronized (lock) {
                if (issued != generation) {
                    return Optional.empty();
                }
                consecutiveFailures++;
                if (state == BreakerState.HALF_OPEN) {
                    Duration doubled = delay.multipliedBy(2);
                    delay = doubled.compareTo(settings.longestDelay()) > 0 ? settings.longestDelay() : doubled;
                    return Optional.of(transitionTo(BreakerState.OPEN));
                }
                counter.recordFailure();
                return atOnce || counter.isOpen() ? Optional.of(transitionTo(BreakerState.OPEN)) : Optional.empty();
            }
        }

        /** The provider rejected the call: it responds, which is all that a trial call has to show. */
        public Optional<BreakerState> recordRejection() {
            synchronized (lock) {
                // While closed a rejection is neither: many bad requests must not dilute the failures of a sick model.
                return issued == generation && state == BreakerState.HALF_OPEN
                        ? Optional.of(transitionTo(BreakerState.CLOSED))
                        : Optional.empty();
            }
        }

        /** The call shows nothing about the model, so another trial call may go out. */
        public void release() {
            synchronized (lock) {
                if (issued == generation) {
                    trialInFlight = false;
                }
            }
        }
    }
}
