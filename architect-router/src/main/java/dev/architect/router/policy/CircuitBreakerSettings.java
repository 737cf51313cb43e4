package dev.architect.router.policy;

import java.time.Duration;

/**
 * When the circuit breaker of a model opens. Two windows are looked at, its last {@code calls} calls and those that ended within the
 * last {@code window}, and either opens it: when {@code failures} or more of its calls failed and those are {@code failureRate} percent
 * of it or more, or when as many were slow and those are {@code slowRate} percent of it or more. After {@code firstDelay} one trial
 * call goes through; each trial that fails doubles the delay, up to {@code longestDelay}.
 *
 * <p>A stream whose first token does not come within its limit counts as slow, also when no threshold for slow calls is set.
 *
 * @param failures the fewest failures, or slow calls, that open the breaker, 1 to 10,000
 * @param calls how many last calls are looked at, {@code failures} to 10,000
 * @param firstDelay the wait before the first trial
 * @param longestDelay the longest wait between two trials
 * @param failureRate the least share of failures that opens the breaker, in percent, 1 to 100
 * @param window how far back calls are looked at, whatever their number; zero for the last {@code calls} calls alone
 * @param slowFirstToken a streamed call whose first token comes later is slow; zero for no threshold
 * @param slowTotal a call whose answer comes whole, later than this, is slow; zero for no threshold
 * @param slowRate the least share of slow calls that opens the breaker, in percent, 1 to 100
 */
public record CircuitBreakerSettings(
        int failures,
        int calls,
        Duration firstDelay,
        Duration longestDelay,
        int failureRate,
        Duration window,
        Duration slowFirstToken,
        Duration slowTotal,
        int slowRate) {

    static final int MAX_CALLS = 10_000;
    static final int MAX_PERCENT = 100;
    private static final int USUAL_FAILURE_RATE = 50;
    private static final int USUAL_SLOW_RATE = 80;
    private static final Duration USUAL_WINDOW = Duration.ofSeconds(30);

    /**
     * Five failures that are half of the last 20 calls or of those of the last 30 seconds; trials after 2, 4, 8, 8 … seconds; no
     * threshold for slow calls.
     */
    public static final CircuitBreakerSettings STANDARD = new CircuitBreakerSettings(
            5,
            20,
            Duration.ofSeconds(2),
            Duration.ofSeconds(8),
            USUAL_FAILURE_RATE,
            USUAL_WINDOW,
            Duration.ZERO,
            Duration.ZERO,
            USUAL_SLOW_RATE);

    /**
     * Creates settings by which {@code failures} of the last {@code calls} calls are enough, without a threshold for slow calls. Of the
     * calls of the last 30 seconds the same share must have failed, at most half.
     */
    public CircuitBreakerSettings(int failures, int calls, Duration firstDelay, Duration longestDelay) {
        this(
                failures,
                calls,
                firstDelay,
                longestDelay,
                shareOf(failures, calls),
                USUAL_WINDOW,
                Duration.ZERO,
                Duration.ZERO,
                USUAL_SLOW_RATE);
    }

    /** Checks that the numbers fit each other. */
    public CircuitBreakerSettings {
        PolicyChecks.range("failures", failures, 1, MAX_CALLS);
        PolicyChecks.range("calls", calls, failures, MAX_CALLS);
        PolicyChecks.duration("firstDelay", firstDelay);
        PolicyChecks.duration("longestDelay", longestDelay);
        PolicyChecks.range("failureRate", failureRate, 1, MAX_PERCENT);
        PolicyChecks.durationOrZero("window", window);
        PolicyChecks.durationOrZero("slowFirstToken", slowFirstToken);
        PolicyChecks.durationOrZero("slowTotal", slowTotal);
        PolicyChecks.range("slowRate", slowRate, 1, MAX_PERCENT);
        if (longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "longestDelay is " + longestDelay + ", expected " + firstDelay + " or more");
        }
    }

    /** The share at which {@code failures} of {@code calls} are enough, rounded down, at most half. */
    static int shareOf(int failures, int calls) {
        // Wrong numbers are for the constructor to refuse, in its own words.
        long percent = (long) MAX_PERCENT * failures / Math.max(1, calls);
        return (int) Math.max(1, Math.min(USUAL_FAILURE_RATE, percent));
    }
}
