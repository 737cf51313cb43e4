package dev.architect.simulator.wire;

import java.time.Duration;
import java.time.Instant;

/**
 * Counts the model calls and tokens of one provider per clock minute, for its rate-limit headers and its limit.
 *
 * <p>A fixed window that starts with every full minute after the start of the simulator. Safe for use by several threads.
 */
public final class RateWindow {

    private static final long MINUTE = 60_000_000_000L;
    // Stated where the script sets no limit: services always have one, and clients read its headers.
    private static final long ADVERTISED_REQUESTS = 10_000;
    private static final long ADVERTISED_TOKENS = 10_000_000;

    private long minute = Long.MIN_VALUE;
    private long requests;
    private long tokens;

    /**
     * The state after a call was counted.
     *
     * @param requestLimit the stated limit of calls per minute
     * @param requestsRemaining the calls remaining in this minute, 0 or more
     * @param tokenLimit the stated limit of tokens per minute
     * @param tokensRemaining the tokens remaining in this minute, 0 or more
     * @param untilReset the time to the end of the minute
     * @param resetAt the wall time of the end of the minute
     * @param exceeded whether the call is over a limit of the script
     */
    public record View(
            long requestLimit,
            long requestsRemaining,
            long tokenLimit,
            long tokensRemaining,
            Duration untilReset,
            Instant resetAt,
            boolean exceeded) {}

    /** Counts a call that arrived at a time since the start; a call over the limit is not counted. */
    public synchronized View count(long sinceStartNanos, Instant now, long promptTokens, long limit) {
        startNewMinute(sinceStartNanos);
        boolean exceeded = limit > 0 && requests >= limit;
        if (!exceeded) {
            requests++;
            tokens += promptTokens;
        }
        return view(sinceStartNanos, now, limit, exceeded);
    }

    /** The current state; counts nothing. */
    public synchronized View view(long sinceStartNanos, Instant now, long limit) {
        startNewMinute(sinceStartNanos);
        return view(sinceStartNanos, now, limit, false);
    }

    private void startNewMinute(long sinceStartNanos) {
        long current = sinceStartNanos / MINUTE;
        if (current != minute) {
            minute = current;
            requests = 0;
            tokens = 0;
        }
    }

    private View view(long sinceStartNanos, Instant now, long limit, boolean exceeded) {
        long requestLimit = limit > 0 ? limit : ADVERTISED_REQUESTS;
        Duration untilReset = Duration.ofNanos(MINUTE - sinceStartNanos % MINUTE);
        return new View(
                requestLimit,
                Math.max(requestLimit - requests, 0),
                ADVERTISED_TOKENS,
                Math.max(ADVERTISED_TOKENS - tokens, 0),
                untilReset,
                now.plus(untilReset),
                exceeded);
    }
}
