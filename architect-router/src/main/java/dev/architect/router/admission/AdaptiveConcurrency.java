package dev.architect.router.admission;

import dev.architect.model.FailureKind;

/**
 * Finds out how many calls a model carries at the same time, by how they end. The limit starts low. While at least half of it is used, it grows by one with
 * each answer, so that it doubles with each round of calls; after the first refusal it grows so only up to where it had fallen to, and by its
 * square root with each round beyond. A refusal takes three tenths off. When answers become twice as slow as they usually are, the limit
 * is multiplied by the ratio of the usual to the present time, at least by a half.
 *
 * <p>A round that was on its way when the limit fell does not let it fall again: its calls were sent under the old limit.
 *
 * <ol>
 *   <li>Doubling, threshold and one decrease for a round: slow start and congestion avoidance of TCP, RFC 5681, section 3.1.
 *   <li>Additive increase, multiplicative decrease: Chiu and Jain, "Analysis of the Increase and Decrease Algorithms for Congestion
 *       Avoidance in Computer Networks", 1989.
 *   <li>The gradient of two averages of latency, its bound of a half, and the square root as headroom: {@code Gradient2Limit} of
 *       Netflix/concurrency-limits, read on 2026-11-28.
 * </ol>
 *
 * <p>Safe for use by several threads; its lock comes before that of the limiter.
 */
final class AdaptiveConcurrency {

    static final int FIRST = 8;

    private static final double REFUSED = 0.7;
    private static final double LEAST_GRADIENT = 0.5;
    private static final double TOLERANCE = 2;
    private static final double USUAL_WEIGHT = 0.01;
    private static final double PRESENT_WEIGHT = 0.1;
    private static final int LEAST_SAMPLES = 20;

    private final ConcurrencyLimiter limiter;
    private int most;
    private double limit;
    /** Growth is fast below it. */
    private double threshold;

    private int peakNow;
    private int peakBefore;
    private int leftOfRound;
    private boolean hasFallen;
    private long fellAt;
    private boolean hasAnswered;
    private boolean isRetired;
    private final Latency ofStreams = new Latency();
    private final Latency ofWholeAnswers = new Latency();

    /** Adapts the limit of {@code limiter}, which starts with {@link #FIRST} permits, between one and {@code most}. */
    AdaptiveConcurrency(ConcurrencyLimiter limiter, int most) {
        this.limiter = limiter;
        this.most = most;
        this.limit = Math.min(FIRST, most);
        this.threshold = most;
    }

    /** The largest limit from now on, which is that of the policy; the limiter has the limit of this from now on. */
    synchronized void follow(int changed) {
        most = changed;
        limit = Math.min(limit, changed);
        resize();
    }

    /** The limiter is not its own any more: what calls show that have not ended changes nothing. */
    synchronized void retire() {
        isRetired = true;
    }

    private void resize() {
        if (!isRetired) {
            limiter.resize((int) limit);
        }
    }

    /**
     * A call was answered.
     *
     * @param sentAt when it was sent, by the monotonic clock
     * @param now the monotonic clock
     * @param latency how slow it was, zero when it is not known
     * @param isStreamed whether that is the time to the first token, else the time for each token
     */
    void recordAnswer(long sentAt, long now, double latency, boolean isStreamed) {
        // The permit of the call itself has gone back already.
        int inUse = limiter.inUse() + 1;
        synchronized (this) {
            hasAnswered = true;
            boolean isUsed = limit < 2.0 * peak(inUse);
            double gradient = (isStreamed ? ofStreams : ofWholeAnswers).gradient(latency);
            if (gradient < 1 / TOLERANCE && isAfterFall(sentAt)) {
                fall(Math.max(LEAST_GRADIENT, gradient), now);
                ofStreams.measureAnew();
                ofWholeAnswers.measureAnew();
            } else if (isUsed && limit < most) {
                limit = Math.min(most, limit + (limit < threshold ? 1 : 1 / Math.sqrt(limit)));
            } else {
                return;
            }
            resize();
        }
    }

    /** The most calls at the same time in this round of calls and the one before it. */
    private int peak(int inUse) {
        if (leftOfRound-- <= 0) {
            peakBefore = peakNow;
            peakNow = 0;
            leftOfRound = (int) limit;
        }
        peakNow = Math.max(peakNow, inUse);
        return Math.max(peakNow, peakBefore);
    }

    /** A call failed. Refusals and lack of time show that there were too many. */
    void recordFailure(long sentAt, long now, FailureKind kind) {
        boolean isTooMuch = switch (kind) {
            case RATE_LIMITED, OVERLOADED, TIMEOUT -> true;
            case QUOTA_EXHAUSTED,
                    UNAVAILABLE,
                    PROTOCOL,
                    AUTHENTICATION,
                    MODEL_NOT_FOUND,
                    CONTEXT_TOO_LONG,
                    TOO_LARGE_FOR_LIMIT,
                    CONTENT_REFUSED,
                    INVALID_REQUEST,
                    UNSUPPORTED,
                    CANCELLED -> false;
        };
        if (!isTooMuch) {
            return;
        }
        synchronized (this) {
            if (isAfterFall(sentAt)) {
                fall(REFUSED, now);
                resize();
            }
        }
    }

    private boolean isAfterFall(long sentAt) {
        return !hasFallen || sentAt - fellAt > 0;
    }

    private void fall(double factor, long now) {
        limit = Math.max(1, limit * factor);
        if (hasAnswered || !hasFallen) {
            // Not within an outage, in which the limit falls again and again: it shows nothing about the place to go
            // back to.
            threshold = limit;
        }
        hasAnswered = false;
        hasFallen = true;
        fellAt = now;
    }

    /** Two averages of one measure: what is usual, and what is now. */
    private static final class Latency {
        private double usual;
        private double present;
        private long samples;

        /** Takes a sample, and returns the usual latency as a part of the present one; 1 while too little is known. */
        double gradient(double latency) {
            if (latency <= 0) {
                return 1;
            }
            samples++;
            // Plain averages until there are enough for weighted ones.
            usual += (latency - usual) * Math.max(USUAL_WEIGHT, 1.0 / samples);
            present += (latency - present) * Math.max(PRESENT_WEIGHT, 1.0 / samples);
            return samples < LEAST_SAMPLES ? 1 : usual / present;
        }

        void measureAnew() {
            present = usual;
        }
    }
}
