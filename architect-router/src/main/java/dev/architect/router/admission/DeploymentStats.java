package dev.architect.router.admission;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.TimeSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the calls to a deployment showed: how many are on their way, and how fast it answers. A call is on its way from the moment it is
 * admitted until its answer has ended. A call that fails is never taken as a fast one.
 *
 * <p>An average weighs a new time with a quarter, or with more when the last one is old: after a half-life nothing but the new one is left
 * of it than half. Reads are free of locks, and see one of the values that a concurrent write replaces; safe for use by several
 * threads.
 */
public final class DeploymentStats {

    /** The time that is returned when nothing was measured yet. */
    public static final long UNKNOWN = -1;

    /** Our judgement: one time out of line moves the average by a quarter of the way. */
    private static final double LEAST_WEIGHT = 0.25;

    /** What a first call counts that fails before anything was measured: as slow as the usual limit of a stream's first token. */
    private static final long FIRST_FAILURE_NANOS = 10_000_000_000L;

    private static final long LONGEST_NANOS = 600_000_000_000L;

    /** How old an average is of which a new time takes half the weight. */
    private static final double USUAL_HALF_LIFE_NANOS = 60e9;

    private static final double FORGOTTEN = 0.01;
    private static final int MOST_HALVINGS = 62;

    private final TimeSource time;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Average firstToken = new Average();
    private final Average total = new Average();
    private final Object lock = new Object();
    private volatile boolean measuring;
    // Failed calls that still count as busy; guarded by the lock for writes.
    private volatile double failed;
    private volatile long failedAt;

    /** Creates the figures of a deployment that was never called. */
    public DeploymentStats(TimeSource time) {
        this.time = time;
    }

    /** From now on times are measured; until then only calls on their way are counted. */
    public void startMeasuring() {
        measuring = true;
    }

    /** A call is admitted. Returns whether its times are measured. */
    boolean begin() {
        inFlight.incrementAndGet();
        return measuring;
    }

    /** The monotonic time. */
    long now() {
        return time.nanoTime();
    }

    /** The first part of the answer of a measured call that began at {@code begunAt} is there. */
    void recordFirstToken(long begunAt) {
        long now = time.nanoTime();
        synchronized (lock) {
            firstToken.add(now - begunAt, now);
        }
    }

    /** A call was not made after all, or has ended without being measured. */
    void cancel() {
        inFlight.decrementAndGet();
    }

    /**
     * A measured call has ended.
     *
     * @param begunAt when it was admitted
     * @param hadFirstToken whether a part of its answer came
     * @param failureOrNull its failure, null when it was answered
     */
    void end(long begunAt, boolean hadFirstToken, @Nullable ProviderException failureOrNull) {
        inFlight.decrementAndGet();
        long now = time.nanoTime();
        long took = now - begunAt;
        synchronized (lock) {
            if (failureOrNull == null) {
                total.add(took, now);
            } else if (isSlow(failureOrNull.kind())) {
                if (!hadFirstToken) {
                    firstToken.addFailure(took, now);
                }
                total.addFailure(took, now);
                failed = failedCalls(now) + 1;
                failedAt = now;
            } else if (failureOrNull.kind() == FailureKind.CANCELLED
                    && !hadFirstToken
                    && firstToken.isKnown()
                    && took > firstToken.nanos()) {
                // The caller lost patience, or another deployment was faster: at least so long it would have taken.
                firstToken.add(took, now);
            }
        }
    }

    /** What the request itself was refused for shows nothing about the deployment. */
    private static boolean isSlow(FailureKind kind) {
        return switch (kind) {
            case RATE_LIMITED,
                    QUOTA_EXHAUSTED,
                    OVERLOADED,
                    TIMEOUT,
                    UNAVAILABLE,
                    PROTOCOL,
                    AUTHENTICATION,
                    MODEL_NOT_FOUND -> true;
            case CONTEXT_TOO_LONG, TOO_LARGE_FOR_LIMIT, CONTENT_REFUSED, INVALID_REQUEST, UNSUPPORTED, CANCELLED ->
                false;
        };
    }

    /** The calls on their way. */
    public int inFlight() {
        return inFlight.get();
    }

    /**
     * How busy it is: the calls on their way and, for about as long as an answer takes, those that failed.
     *
     * @param now the monotonic time
     */
    public double load(long now) {
        int calls = inFlight.get();
        return failed == 0 ? calls : calls + failedCalls(now);
    }

    private double failedCalls(long now) {
        double counted = failed;
        if (counted == 0) {
            return 0;
        }
        long usual = Math.max(1, total.isKnown() ? total.nanos() : FIRST_FAILURE_NANOS);
        double left = counted * remaining(Math.max(0, now - failedAt) / (double) usual);
        return left < FORGOTTEN ? 0 : left;
    }

    /**
     * The average time to the first token in nanoseconds, which halves with each half-life since it was last measured; {@link #UNKNOWN}
     * when none was measured. While a call is on its way it does not shrink: one is enough to find out.
     *
     * @param now the monotonic time
     * @param perNano one divided by the half-life in nanoseconds
     */
    public long firstTokenNanos(long now, double perNano) {
        return firstToken.read(now, perNano, inFlight.get() > 0);
    }

    /** The average time to the end of an answer in nanoseconds, as {@link #firstTokenNanos}. */
    public long totalNanos(long now, double perNano) {
        return total.read(now, perNano, inFlight.get() > 0);
    }

    /** A half to the power of {@code halfLives}, straight between whole numbers: many decisions need it, and a power is slow. */
    private static double remaining(double halfLives) {
        if (halfLives < 1) {
            return 1 - halfLives / 2;
        }
        int halvings = (int) Math.min(MOST_HALVINGS, halfLives);
        return halvings == MOST_HALVINGS ? 0 : (1 - (halfLives - halvings) / 2) / (1L << halvings);
    }

    /** An average of times. Written under the lock of its owner. */
    private static final class Average {
        private volatile long nanos = UNKNOWN;
        private volatile long at;

        boolean isKnown() {
            return nanos >= 0;
        }

        long nanos() {
            return nanos;
        }

        void add(long took, long now) {
            long sample = Math.min(LONGEST_NANOS, Math.max(0, took));
            long known = nanos;
            if (known < 0) {
                nanos = sample;
            } else {
                double weight = Math.max(LEAST_WEIGHT, 1 - remaining(Math.max(0, now - at) / USUAL_HALF_LIFE_NANOS));
                nanos = known + (long) (weight * (sample - known));
            }
            at = now;
        }

        /** Twice what is usual, or longer when it took longer. */
        void addFailure(long took, long now) {
            long known = nanos;
            long least = known < 0 ? FIRST_FAILURE_NANOS : 2 * known;
            add(Math.max(took, least), now);
        }

        long read(long now, double perNano, boolean isBusy) {
            long known = nanos;
            if (known < 0 || isBusy) {
                return known;
            }
            long age = now - at;
            return age <= 0 ? known : (long) (known * remaining(age * perNano));
        }
    }
}
