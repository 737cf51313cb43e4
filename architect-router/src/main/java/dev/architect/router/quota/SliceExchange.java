package dev.architect.router.quota;

import dev.architect.quota.QuotaStore;
import dev.architect.quota.SliceGrant;
import dev.architect.quota.SliceRequest;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store for slices of shared limits, one exchange at a time for all quotas that need something, on a thread that no request
 * waits on for longer than it wants to. After a failure the store is left alone for a while, which doubles.
 *
 * <p>Fields are guarded by the lock of the {@link QuotaBook}; the store is called without it.
 */
final class SliceExchange {

    private static final Logger LOG = LoggerFactory.getLogger(SliceExchange.class);

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(250).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    /** A request waits for an answer of the store at most so long before it goes on without. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final QuotaStore store;
    private final TimeSource time;
    private final Consumer<Runnable> runner;
    private final Object lock;
    private final Set<Quota> asked = new LinkedHashSet<>();
    private final List<Quota> inFlight = new ArrayList<>();
    private final List<WakeUp> waiting = new ArrayList<>();
    private boolean isRunning;
    private boolean isClosed;
    private long holder;
    private boolean hasFailed;
    private long failedAt;
    private long pauseNanos = FIRST_PAUSE_NANOS;

    /** Creates an exchange whose calls of the store are run by {@code runner}. */
    SliceExchange(QuotaStore store, TimeSource time, Consumer<Runnable> runner, Object lock) {
        this.store = store;
        this.time = time;
        this.runner = runner;
        this.lock = lock;
    }

    long nanosUntilRetry(long now) {
        return hasFailed ? Math.max(0, pauseNanos - (now - failedAt)) : 0;
    }

    /** The quota has something for the store. {@link #start} follows, outside the lock. */
    void ask(Quota quota) {
        asked.add(quota);
    }

    /** Starts an exchange when something is asked for and none is under way. Called without the lock. */
    void start() {
        synchronized (lock) {
            if (isRunning || isClosed || asked.isEmpty() || nanosUntilRetry(time.nanoTime()) > 0) {
                return;
            }
            isRunning = true;
        }
        try {
            runner.accept(this::run);
        } catch (Throwable noThread) {
            LOG.warn("no thread for an exchange of quotas with the store: {}", noThread.toString());
            synchronized (lock) {
                fail();
                isRunning = false;
            }
        }
    }

    /** Waits for the answer to what is asked for, at most {@code timeLeft}. Called without the lock. */
    void await(Duration timeLeft) throws InterruptedException {
        WakeUp signal = time.newWakeUp();
        synchronized (lock) {
            if (!isRunning) {
                return;
            }
            waiting.add(signal);
        }
        try {
            if (!signal.await(timeLeft.compareTo(PATIENCE) < 0 ? timeLeft : PATIENCE)) {
                synchronized (lock) {
                    // Until it answers, this node goes on without.
                    if (isRunning && timeLeft.compareTo(PATIENCE) >= 0) {
                        inFlight.forEach(Quota::sliceFailed);
                        hasFailed = true;
                        failedAt = time.nanoTime();
                    }
                }
            }
        } finally {
            synchronized (lock) {
                waiting.remove(signal);
            }
        }
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                exchangeOnce();
            } catch (Throwable failure) {
                LOG.warn("quotas were not exchanged with the store: {}", failure.toString());
                synchronized (lock) {
                    fail();
                }
            }
            synchronized (lock) {
                inFlight.clear();
                asked.removeIf(quota -> !needsExchange(quota));
                goesOn = !asked.isEmpty() && !isClosed && nanosUntilRetry(time.nanoTime()) <= 0;
                isRunning = goesOn;
                waiting.forEach(WakeUp::signal);
                waiting.clear();
            }
        }
    }

    private boolean needsExchange(Quota quota) {
        SharedSlice slice = quota.slice();
        return slice != null && slice.needsExchange(time.nanoTime());
    }

    private void exchangeOnce() {
        if (holder == 0) {
            // Only the one exchange that runs gets here.
            holder = store.join();
        }
        List<Quota> quotas = new ArrayList<>();
        List<SliceRequest> requests = new ArrayList<>();
        long askedAt;
        synchronized (lock) {
            askedAt = time.nanoTime();
            for (Quota quota : asked) {
                SharedSlice slice = quota.slice();
                if (slice != null) {
                    quotas.add(quota);
                    inFlight.add(quota);
                    requests.add(slice.request(quota.takeWanted(), askedAt));
                }
            }
            asked.clear();
        }
        if (requests.isEmpty()) {
            return;
        }
        List<SliceGrant> grants;
        try {
            grants = store.exchange(holder, requests);
        } catch (Throwable failure) {
            synchronized (lock) {
                // Asked again when the pause is over.
                asked.addAll(quotas);
                quotas.forEach(Quota::sliceFailed);
            }
            throw failure;
        }
        synchronized (lock) {
            hasFailed = false;
            pauseNanos = FIRST_PAUSE_NANOS;
            long now = time.nanoTime();
            for (int index = 0; index < quotas.size(); index++) {
                SharedSlice slice = quotas.get(index).slice();
                if (slice != null) {
                    slice.granted(grants.get(index), askedAt, now);
                }
            }
        }
    }

    private void fail() {
        pauseNanos = hasFailed ? Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos) : FIRST_PAUSE_NANOS;
        hasFailed = true;
        failedAt = time.nanoTime();
        asked.forEach(Quota::sliceFailed);
    }

    /** Gives every slice back and reports what was used; what the store does not take is lost to it for one period. */
    void close(List<Quota> quotas) {
        synchronized (lock) {
            isClosed = true;
            if (holder == 0 || isRunning) {
                return;
            }
            isRunning = true;
        }
        List<SliceRequest> last = new ArrayList<>();
        synchronized (lock) {
            long now = time.nanoTime();
            for (Quota quota : quotas) {
                SharedSlice slice = quota.slice();
                if (slice != null && slice.hasSomething()) {
                    last.add(slice.lastRequest(now));
                }
            }
        }
        if (last.isEmpty()) {
            return;
        }
        try {
            store.exchange(holder, last);
        } catch (RuntimeException failure) {
            LOG.warn("quotas were not given back to the store: {}", failure.toString());
        }
    }
}
