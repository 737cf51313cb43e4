package dev.architect.router.admission;

import dev.architect.router.policy.ThrottleSettings;
import dev.architect.spi.TimeSource;
import dev.architect.task.Priority;
import java.time.Duration;
import java.util.Arrays;

/**
 * Keeps calls from a provider that refuses most of them: they would only add to its load. Over the last minutes, requests are what wanted to call
 * it and accepts are the calls that it did not refuse; a request is refused here with the probability
 * {@code max(0, (requests - K * accepts) / (requests + 1))}. With K = 2 the provider gets one refused call for each accepted one.
 *
 * <p>Source: "Handling Overload", section "Client-Side Throttling", in Site Reliability Engineering (Beyer, Jones, Petoff, Murphy, eds.,
 * O'Reilly 2016), read on 2026-11-28. As there for criticality, priority makes a difference: K is one less for low priority, and what is
 * of high priority is always sent. One call a second is sent in any case, and a circuit breaker that closes ends all of this.
 *
 * <p>Safe for use by several threads.
 */
public final class ProviderThrottle {

    private static final int SLOTS = 12;

    /** However much is refused, one call is sent in so long a time. */
    private static final long PROBE_NANOS = Duration.ofSeconds(1).toNanos();

    private final ThrottleSettings settings;
    private final TimeSource time;
    private final long slotNanos;
    private final long origin;
    private final long[] requests = new long[SLOTS];
    private final long[] accepts = new long[SLOTS];
    private long newest;
    private long sentAt;
    private long allRequests;
    private long allAccepts;
    /** Read without the lock: nothing to draw while nothing was refused. */
    private volatile boolean isActive;

    public ProviderThrottle(ThrottleSettings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.slotNanos = Math.max(1, settings.window().toNanos() / SLOTS);
        this.origin = time.nanoTime();
    }

    /** Returns this when the settings are the same, else one that has counted nothing. */
    ProviderThrottle under(ThrottleSettings changed) {
        return changed.equals(settings) ? this : new ProviderThrottle(changed, time);
    }

    /** Whether the provider has refused calls lately, so that it is worth asking. */
    public boolean isActive() {
        return isActive;
    }

    /** Whether a request is not sent, but refused here. It counts as one either way; when it is sent, {@link #record} follows. */
    public boolean refuses(Priority priority) {
        if (!isActive || priority.level() <= Priority.HIGH.level()) {
            return false;
        }
        synchronized (this) {
            moveToNow();
            double probability = probability(multiplier(priority));
            long now = time.nanoTime();
            if (probability > 0 && now - sentAt >= PROBE_NANOS) {
                // Else a provider that has recovered would be found out late when there are few requests.
                sentAt = now;
                return false;
            }
            if (probability <= 0 || time.random(1_000_000) >= probability * 1_000_000) {
                return false;
            }
            count(false);
            return true;
        }
    }

    private int multiplier(Priority priority) {
        return isLow(priority) ? Math.max(1, settings.multiplier() - 1) : settings.multiplier();
    }

    /** Whether requests of this priority are the first to be held back. */
    public static boolean isLow(Priority priority) {
        return priority.level() > Priority.NORMAL.level();
    }

    /** The probability of a refusal for ordinary requests, from 0.0 to 1.0. */
    public synchronized double probability() {
        if (!isActive) {
            return 0;
        }
        moveToNow();
        return probability(settings.multiplier());
    }

    private double probability(int multiplier) {
        if (allRequests < settings.minimumCalls()) {
            return 0;
        }
        return Math.max(0, (allRequests - (double) multiplier * allAccepts) / (allRequests + 1));
    }

    /** The provider has recovered: what it refused before shows nothing any more. */
    void forget() {
        if (!isActive) {
            return;
        }
        synchronized (this) {
            Arrays.fill(requests, 0);
            Arrays.fill(accepts, 0);
            allRequests = 0;
            allAccepts = 0;
            isActive = false;
        }
    }

    /** A call was sent, and accepted or refused by the provider. */
    public void record(boolean accepted) {
        if (!settings.isEnabled()) {
            return;
        }
        synchronized (this) {
            moveToNow();
            count(accepted);
            isActive = isActive ? allRequests > allAccepts : !accepted;
        }
    }

    private void count(boolean accepted) {
        int slot = (int) (newest % SLOTS);
        requests[slot]++;
        allRequests++;
        if (accepted) {
            accepts[slot]++;
            allAccepts++;
        }
    }

    private void moveToNow() {
        long current = Math.max(0, time.nanoTime() - origin) / slotNanos;
        long steps = Math.min(SLOTS, current - newest);
        for (long step = 1; step <= steps; step++) {
            int slot = (int) ((current - steps + step) % SLOTS);
            allRequests -= requests[slot];
            allAccepts -= accepts[slot];
            requests[slot] = 0;
            accepts[slot] = 0;
        }
        newest = Math.max(newest, current);
    }
}
