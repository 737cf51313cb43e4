package dev.architect.router.policy;

import java.time.Duration;

/**
 * When the circuit breaker of a provider opens: when {@code failures} of its last {@code calls} calls failed. After
 * {@code firstDelay} one trial call goes through; each trial that fails doubles the delay, up to {@code longestDelay}.
 *
 * @param failures how many failures open the breaker
 * @param calls of how many last calls
 * @param firstDelay the wait before the first trial
 * @param longestDelay the longest wait between two trials
 */
public record CircuitBreakerSettings(int failures, int calls, Duration firstDelay, Duration longestDelay) {

    static final int MAX_CALLS = 10_000;

    /** Five of the last ten calls; trials after 2, 4, 8, 8 … seconds. */
    public static final CircuitBreakerSettings STANDARD =
            new CircuitBreakerSettings(5, 10, Duration.ofSeconds(2), Duration.ofSeconds(8));

    /** Checks that the numbers fit each other. */
    public CircuitBreakerSettings {
        PolicyChecks.range("failures", failures, 1, MAX_CALLS);
        PolicyChecks.range("calls", calls, failures, MAX_CALLS);
        PolicyChecks.duration("firstDelay", firstDelay);
        PolicyChecks.duration("longestDelay", longestDelay);
        if (longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "longestDelay is " + longestDelay + ", expected " + firstDelay + " or more");
        }
    }
}
