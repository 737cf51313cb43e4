package dev.architect.router.admission;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One thread that waits for a permit of any of several models. */
public final class PermitWaiter {

    private final WakeUp signal;
    private final Object lock = new Object();
    private @Nullable Deployment granted;
    private boolean over;
    private final List<Deployment> wanted;

    private PermitWaiter(List<Deployment> wanted, TimeSource time) {
        this.wanted = wanted;
        this.signal = time.newWakeUp();
    }

    /**
     * Waits until one of {@code wanted} has a permit, at most {@code timeout}, and returns the one whose permit was taken;
     * empty when the time is over. Who asks for several gets the first that is free.
     */
    public static Optional<Deployment> any(List<Deployment> wanted, TimeSource time, Duration timeout)
            throws InterruptedException {
        PermitWaiter wait = new PermitWaiter(List.copyOf(wanted), time);
        wanted.forEach(deployment -> deployment.permits().join(wait));
        try {
            wait.signal.await(timeout);
        } catch (InterruptedException interrupted) {
            wait.end().ifPresent(deployment -> deployment.permits().giveBack());
            throw interrupted;
        }
        return wait.end();
    }

    /** Takes the permit unless this wait is over or has one already. Called under the lock of {@code permits}. */
    boolean grant(ConcurrencyLimiter permits) {
        synchronized (lock) {
            if (over || granted != null) {
                return false;
            }
            granted = wanted.stream()
                    .filter(deployment -> deployment.permits() == permits)
                    .findFirst()
                    .orElse(null);
        }
        signal.signal();
        return granted != null;
    }

    private Optional<Deployment> end() {
        Optional<Deployment> result;
        synchronized (lock) {
            over = true;
            result = Optional.ofNullable(granted);
        }
        wanted.forEach(deployment -> deployment.permits().leave(this));
        return result;
    }
}
