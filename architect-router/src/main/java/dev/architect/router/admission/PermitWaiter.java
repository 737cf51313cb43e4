package dev.architect.router.admission;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for a permit of any of several models. It is enqueued at all of their limiters at once; the first one
 * that offers a permit wins, and the others are left without having given one.
 */
public final class PermitWaiter {

    private final WakeUp signal;
    private final Object lock = new Object();
    private @Nullable Deployment granted;
    private boolean finished;
    private final List<Deployment> candidates;

    private PermitWaiter(List<Deployment> candidates, TimeSource time) {
        this.candidates = candidates;
        this.signal = time.newWakeUp();
    }

    /**
     * Waits until one of {@code candidates} has a permit, at most {@code timeout}, and returns the one whose permit was taken;
     * empty when the time is over. Blocks.
     *
     * @throws InterruptedException when the thread was interrupted; then no permit is held
     */
    public static Optional<Deployment> awaitAny(List<Deployment> candidates, TimeSource time, Duration timeout)
            throws InterruptedException {
        PermitWaiter waiter = new PermitWaiter(List.copyOf(candidates), time);
        candidates.forEach(deployment -> deployment.limiter().enqueue(waiter));
        try {
            waiter.signal.await(timeout);
        } catch (InterruptedException interrupted) {
            // A limiter may have offered a permit between the interruption and now: it would be lost with this waiter.
            waiter.finish().ifPresent(deployment -> deployment.limiter().release());
            throw interrupted;
        }
        // Not the result of await(): a permit that is offered just as the time ends is still taken, and would be lost
        // otherwise.
        return waiter.finish();
    }

    /** Accepts the permit unless this wait is over or has one already. Called under the lock of {@code limiter}. */
    boolean offer(ConcurrencyLimiter limiter) {
        synchronized (lock) {
            // Several limiters may offer at the same moment; the second permit must stay with its limiter.
            if (finished || granted != null) {
                return false;
            }
            // By identity: several candidates may have equal policies, but each has a limiter of its own.
            granted = candidates.stream()
                    .filter(deployment -> deployment.limiter() == limiter)
                    .findFirst()
                    .orElse(null);
        }
        // After the lock is released, so that the woken thread does not wait for it at once.
        signal.signal();
        return granted != null;
    }

    private Optional<Deployment> finish() {
        Optional<Deployment> result;
        synchronized (lock) {
            finished = true;
            result = Optional.ofNullable(granted);
        }
        // Without our own lock: the lock of a limiter comes before it. Offers until then are refused, because this wait
        // is finished.
        candidates.forEach(deployment -> deployment.limiter().remove(this));
        return result;
    }
}
