package dev.architect.router.admission;

import dev.architect.model.FailureKind;
import dev.architect.route.BreakerState;
import dev.architect.router.policy.CircuitBreakerSettings;
import dev.architect.spi.TimeSource;
import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one provider.
 *
 * <p>Failsafe counts the failures among the last calls. When to try again is decided here, because it must follow the
 * {@link TimeSource}: after the delay exactly one trial call is let through. When it fails the delay doubles; when the provider
 * answers it the breaker closes. Each change of state starts a new generation, and a permit of an older one changes nothing
 * any more, so a call that ends late neither opens nor closes.
 *
 * <p>Changes are passed to the caller's consumer after the lock is released: it is code of the host. Safe for use by several threads.
 */
public final class ProviderCircuitBreaker {

    /** Failsafe's own clock must never half-open: this is longer than any process lives. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final CircuitBreakerSettings settings;
    private final TimeSource time;
    private final Object lock = new Object();
    private final CircuitBreaker<Object> counter;
    private BreakerState state = BreakerState.CLOSED;
    private long generation;
    private long openedAt;
    private Duration delay;
    private boolean trialInFlight;

    public ProviderCircuitBreaker(CircuitBreakerSettings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.delay = settings.firstDelay();
        this.counter = CircuitBreaker.builder()
                .withFailureThreshold(settings.failures(), settings.calls())
                .withSuccessThreshold(1)
                .withDelay(NEVER)
                .build();
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

    /** How long until a call may be made: zero while it is closed or a trial call is due, the whole delay during a trial call. */
    public Duration untilNextCall() {
        synchronized (lock) {
            return switch (state) {
                case CLOSED -> Duration.ZERO;
                case HALF_OPEN -> trialInFlight ? delay : Duration.ZERO;
                case OPEN -> {
                    Duration left = delay.minusNanos(time.nanoTime() - openedAt);
                    yield left.isNegative() ? Duration.ZERO : left;
                }
            };
        }
    }

    /** Returns the right to make one call, empty when none may be made now. */
    public Optional<BreakerPermit> tryAcquire(Consumer<BreakerState> changes) {
        return tryAcquire(false, changes);
    }

    /** The same, but the trial call may go out before its time: for a request that has no other candidate. */
    public Optional<BreakerPermit> tryAcquireEarly(Consumer<BreakerState> changes) {
        return tryAcquire(true, changes);
    }

    private Optional<BreakerPermit> tryAcquire(boolean early, Consumer<BreakerState> changes) {
        BreakerPermit permit;
        BreakerState changed = null;
        synchronized (lock) {
            // The delay is checked when a call wants to go out: a breaker of an idle provider needs no timer.
            if (state == BreakerState.OPEN && (early || time.nanoTime() - openedAt >= delay.toNanos())) {
                changed = transitionTo(BreakerState.HALF_OPEN);
            }
            if (state == BreakerState.OPEN || trialInFlight) {
                return Optional.empty();
            }
            // In the same lock as the check above, so that of many callers exactly one gets the trial call.
            trialInFlight = state == BreakerState.HALF_OPEN;
            permit = new BreakerPermit(generation);
        }
        notifyChange(changed, changes);
        return Optional.of(permit);
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
            }
            case OPEN -> {
                counter.open();
                openedAt = time.nanoTime();
            }
            case HALF_OPEN -> counter.halfOpen();
        }
        return next;
    }

    private static void notifyChange(@Nullable BreakerState changed, Consumer<BreakerState> changes) {
        if (changed != null) {
            changes.accept(changed);
        }
    }

    /** The right to make one call; exactly one of its methods is called, once, when the call has ended. */
    public final class BreakerPermit {
        private final long issued;

        private BreakerPermit(long issued) {
            this.issued = issued;
        }

        /** The provider answered. */
        public void recordSuccess(Consumer<BreakerState> changes) {
            BreakerState changed = null;
            synchronized (lock) {
                // A call that began before the last change shows what the provider was, not what it is.
                if (issued == generation) {
                    if (state == BreakerState.HALF_OPEN) {
                        changed = transitionTo(BreakerState.CLOSED);
                    } else {
                        counter.recordSuccess();
                    }
                }
            }
            notifyChange(changed, changes);
        }

        /** The call failed. A refused key opens the breaker at once: the next call would be refused as well. */
        public void recordFailure(FailureKind kind, Consumer<BreakerState> changes) {
            BreakerState changed = null;
            synchronized (lock) {
                if (issued == generation) {
                    changed = state == BreakerState.HALF_OPEN ? reopen() : count(kind);
                }
            }
            notifyChange(changed, changes);
        }

        /** The provider rejected the call: it responds, which is all that a trial call has to show. */
        public void recordRejection(Consumer<BreakerState> changes) {
            BreakerState changed = null;
            synchronized (lock) {
                // While closed a rejection is neither: many bad requests must not dilute the failures of a provider
                // that is down.
                if (issued == generation && state == BreakerState.HALF_OPEN) {
                    changed = transitionTo(BreakerState.CLOSED);
                }
            }
            notifyChange(changed, changes);
        }

        /** The call shows nothing about the state of the provider, so another trial call may go out. */
        public void release() {
            synchronized (lock) {
                if (issued == generation) {
                    trialInFlight = false;
                }
            }
        }

        private BreakerState reopen() {
            Duration doubled = delay.multipliedBy(2);
            delay = doubled.compareTo(settings.longestDelay()) > 0 ? settings.longestDelay() : doubled;
            return transitionTo(BreakerState.OPEN);
        }

        private @Nullable BreakerState count(FailureKind kind) {
            counter.recordFailure();
            return kind == FailureKind.AUTHENTICATION || counter.isOpen() ? transitionTo(BreakerState.OPEN) : null;
        }
    }
}
