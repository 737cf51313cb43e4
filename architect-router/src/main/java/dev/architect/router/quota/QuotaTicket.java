package dev.architect.router.quota;

import dev.architect.spi.WakeUp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of one request in the lines before the quotas that it waits for. Its owner is one thread; the lines are guarded by the lock of
 * the {@link QuotaBook}.
 */
final class QuotaTicket {

    private final List<Quota> quotas = new ArrayList<>(2);
    private final List<Long> units = new ArrayList<>(2);
    private final Object lock = new Object();
    private @Nullable WakeUp signal;
    private boolean wasWoken;

    /** Units that it waits for at {@code quota}; zero when it does not stand there. */
    long unitsOf(Quota quota) {
        int at = quotas.indexOf(quota);
        return at < 0 ? 0 : units.get(at);
    }

    /** Enters the line of {@code quota} and returns true, or false when it stands there already. */
    boolean enter(Quota quota, long wanted) {
        if (quotas.contains(quota)) {
            return false;
        }
        quotas.add(quota);
        units.add(wanted);
        quota.enter(this);
        return true;
    }

    boolean standsAt(Quota quota) {
        return quotas.contains(quota);
    }

    void leaveAll() {
        for (Quota quota : List.copyOf(quotas)) {
            quota.leave(this);
        }
        quotas.clear();
        units.clear();
    }

    /** Signals this from now on, at once when there was something to signal since the last time; null to signal nothing. */
    void signalTo(@Nullable WakeUp waiting) {
        synchronized (lock) {
            signal = waiting;
            if (waiting != null && wasWoken) {
                wasWoken = false;
                waiting.signal();
            }
        }
    }

    void wake() {
        synchronized (lock) {
            wasWoken = signal == null;
            if (signal != null) {
                signal.signal();
            }
        }
    }
}
