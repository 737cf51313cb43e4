package dev.architect.router.admission;

import dev.architect.model.FailureKind;
import dev.architect.route.BreakerState;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import dev.failsafe.CircuitBreaker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls to one provider through, or not.
 *
 * <p>Failsafe counts the failures among the last calls. When to try again is decided here, because it must follow the
 * {@link TimeSource}: after the delay exactly one trial call goes out. When it fails the delay doubles; when the provider
 * answers it the breaker closes. Each change of state starts a new generation, and a pass of an older one changes nothing any
 * more, so a call that ends late neither opens nor closes.
 *
 * <p>Changes are told to the caller's consumer after the lock is released. Safe for use by several threads.
 */
public final class ProviderCircuitBreaker {

    /** Failsafe's own clock must never half-open: this is longer than any process lives. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    private final RoutingPolicy.Breaker rule;
    private final TimeSource time;
    private final Object lock = new Object();
    private final CircuitBreaker<Object> counter;
    private BreakerState state = BreakerState.CLOSED;
    private long generation;
    private long openedAt;
    private Duration delay;
    private boolean trialOut;

    public ProviderCircuitBreaker(RoutingPolicy.Breaker rule, TimeSource time) {
        this.rule = rule;
        this.time = time;
        this.delay = rule.firstDelay();
        this.counter = CircuitBreaker.builder()
                .withFailureThreshold(rule.failures(), rule.calls())
                .withSuccessThreshold(1)
                .withDelay(NEVER)
                .build();
    }

    public BreakerState state() {
        synchronized (lock) {
            return state;
        }
    }

    /** Since when it is not closed, by the monotonic clock; the largest number while it is closed. */
    public long openedAt() {
        synchronized (lock) {
            return state == BreakerState.CLOSED ? Long.MAX_VALUE : openedAt;
        }
    }

    /** Returns the right to make one call, empty when none may be made now. */
    public Optional<Pass> admit(Consumer<BreakerState> changes) {
        return admit(false, changes);
    }

    /** The same, but the trial call may go out before its time. For when there is nobody else to ask. */
    public Optional<Pass> admitEarly(Consumer<BreakerState> changes) {
        return admit(true, changes);
    }

    private Optional<Pass> admit(boolean early, Consumer<BreakerState> changes) {
        Pass pass;
        BreakerState changed = null;
        synchronized (lock) {
            if (state == BreakerState.OPEN && (early || time.nanoTime() - openedAt >= delay.toNanos())) {
                changed = become(BreakerState.HALF_OPEN);
            }
            if (state == BreakerState.OPEN || trialOut) {
                return Optional.empty();
            }
            trialOut = state == BreakerState.HALF_OPEN;
            pass = new Pass(generation);
        }
        tell(changed, changes);
        return Optional.of(pass);
    }

    private BreakerState become(BreakerState next) {
        state = next;
        generation++;
        trialOut = false;
        switch (next) {
            case CLOSED -> {
                counter.close();
                delay = rule.firstDelay();
            }
            case OPEN -> {
                counter.open();
                openedAt = time.nanoTime();
            }
            case HALF_OPEN -> counter.halfOpen();
        }
        return next;
    }

    private static void tell(@Nullable BreakerState changed, Consumer<BreakerState> changes) {
        if (changed != null) {
            changes.accept(changed);
        }
    }

    /** The right to make one call; ended exactly once. */
    public final class Pass {
        private final long issued;

        private Pass(long issued) {
            this.issued = issued;
        }

        /** The provider answered. */
        public void succeeded(Consumer<BreakerState> changes) {
            BreakerState changed = null;
            synchronized (lock) {
                if (issued == generation) {
                    if (state == BreakerState.HALF_OPEN) {
                        changed = become(BreakerState.CLOSED);
                    } else {
                        counter.recordSuccess();
                    }
                }
            }
            tell(changed, changes);
        }

        /** The provider is ill. A refused key opens at once: the next call would be refused as well. */
        public void failed(FailureKind kind, Consumer<BreakerState> changes) {
            BreakerState changed = null;
            synchronized (lock) {
                if (issued == generation) {
                    changed = state == BreakerState.HALF_OPEN ? reopen() : count(kind);
                }
            }
            tell(changed, changes);
        }

        /** The provider answered, if only to say no: it is there, which is all that a trial asks. */
        public void refused(Consumer<BreakerState> changes) {
            BreakerState changed = null;
            synchronized (lock) {
                if (issued == generation && state == BreakerState.HALF_OPEN) {
                    changed = become(BreakerState.CLOSED);
                }
            }
            tell(changed, changes);
        }

        /** The call says nothing about the provider's health. */
        public void ignored() {
            synchronized (lock) {
                if (issued == generation) {
                    trialOut = false;
                }
            }
        }

        private BreakerState reopen() {
            Duration doubled = delay.multipliedBy(2);
            delay = doubled.compareTo(rule.longestDelay()) > 0 ? rule.longestDelay() : doubled;
            return become(BreakerState.OPEN);
        }

        private @Nullable BreakerState count(FailureKind kind) {
            counter.recordFailure();
            return kind == FailureKind.AUTHENTICATION || counter.isOpen() ? become(BreakerState.OPEN) : null;
        }
    }
}
