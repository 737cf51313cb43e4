package dev.architect.router.admission;

import dev.architect.router.quota.QuotaClaim;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for any of several models: for a permit of those that are busy, and for the end of the rest of the others. It
 * is enqueued at all limiters at once; the first one that offers a permit wins, and the others are left without having given one.
 */
public final class PermitWaiter {

    private final WakeUp signal;
    private final Object lock = new Object();
    private @Nullable Deployment granted;
    private boolean finished;
    private final List<Deployment> busy;
    private final List<Deployment> resting;

    private PermitWaiter(List<Deployment> busy, List<Deployment> resting, TimeSource time) {
        this.busy = busy;
        this.resting = resting;
        this.signal = time.newWakeUp();
    }

    /** As {@link #awaitAny(List, List, TimeSource, Duration)}, without models that rest. */
    public static Optional<Deployment> awaitAny(List<Deployment> busy, TimeSource time, Duration timeout)
            throws InterruptedException {
        return awaitAny(busy, List.of(), time, timeout);
    }

    /**
     * Waits until one of {@code busy} has a permit, or something about one of {@code resting} changed, at most {@code timeout}. Returns
     * the one whose permit was taken; empty when the time is over or something changed. Blocks.
     *
     * @throws InterruptedException when the thread was interrupted; then no permit is held
     */
    public static Optional<Deployment> awaitAny(
            List<Deployment> busy, List<Deployment> resting, TimeSource time, Duration timeout)
            throws InterruptedException {
        return awaitAny(busy, resting, QuotaClaim.NONE, time, timeout);
    }

    /** The same; the wait ends also when a quota may have something for {@code claim}, which stands in its line. */
    public static Optional<Deployment> awaitAny(
            List<Deployment> busy, List<Deployment> resting, QuotaClaim claim, TimeSource time, Duration timeout)
            throws InterruptedException {
        PermitWaiter waiter = new PermitWaiter(List.copyOf(busy), List.copyOf(resting), time);
        try {
            claim.signalTo(waiter.signal);
            waiter.resting.forEach(deployment -> deployment.addObserver(waiter));
            waiter.busy.forEach(deployment -> deployment.limiter().enqueue(waiter));
            waiter.signal.await(timeout);
        } catch (Throwable interruptedOrBroken) {
            // A limiter may have offered a permit between the interruption and now: it would be lost with this waiter.
            waiter.finish().ifPresent(deployment -> deployment.limiter().release());
            throw interruptedOrBroken;
        } finally {
            claim.signalTo(null);
        }
        // Not the result of await(): a permit that is offered just as the time ends is still taken, and would be lost
        // otherwise.
        return waiter.finish();
    }

    /** Ends the wait, so that the caller looks at its models again. */
    void wake() {
        signal.signal();
    }

    /** Accepts the permit unless this wait is over or has one already. Called under the lock of {@code limiter}. */
    boolean offer(ConcurrencyLimiter limiter) {
        synchronized (lock) {
            // Several limiters may offer at the same moment; the second permit must stay with its limiter.
            if (finished || granted != null) {
                return false;
            }
            granted = busy.stream()
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
        busy.forEach(deployment -> deployment.limiter().remove(this));
        resting.forEach(deployment -> deployment.removeObserver(this));
        return result;
    }
}
