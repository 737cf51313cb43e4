package dev.architect.router.policy;

import java.time.Duration;

/**
 * When a call is repeated on the same model, and how long a request waits for one that rests. A repeated call waits as long as the
 * provider states; when it states nothing, a random part of {@code firstDelay}, which doubles with each repetition up to
 * {@code longestDelay}.
 *
 * @param attempts the most repetitions on one model within a request, 0 to 10; a server error is repeated at most once
 * @param firstDelay the longest wait before the first repetition
 * @param longestDelay the longest wait before any
 * @param patience up to this stated delay a request waits although another model is free; beyond it, it fails over. May be zero
 * @param longestWait the longest time for which a request waits for models that all rest; zero for an error at once
 * @param budgetPercent how many of a hundred requests may cause a repetition, over all requests of the router, 0 to 100. Ten
 *     repetitions are free at the start
 */
public record RetrySettings(
        int attempts,
        Duration firstDelay,
        Duration longestDelay,
        Duration patience,
        Duration longestWait,
        int budgetPercent) {

    static final int MAX_ATTEMPTS = 10;
    static final int MAX_PERCENT = 100;

    /** Two repetitions within half a second and a second; a stated delay of five seconds is waited for; ten percent of requests. */
    public static final RetrySettings STANDARD = new RetrySettings(
            2, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofSeconds(5), Duration.ofSeconds(60), 10);

    /** Nothing is repeated, and nothing is waited for but a permit of a busy model. */
    public static final RetrySettings NONE =
            new RetrySettings(0, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ZERO, Duration.ZERO, 0);

    /** Checks that the numbers fit each other. */
    public RetrySettings {
        PolicyChecks.range("attempts", attempts, 0, MAX_ATTEMPTS);
        PolicyChecks.duration("firstDelay", firstDelay);
        PolicyChecks.duration("longestDelay", longestDelay);
        PolicyChecks.durationOrZero("patience", patience);
        PolicyChecks.durationOrZero("longestWait", longestWait);
        PolicyChecks.range("budgetPercent", budgetPercent, 0, MAX_PERCENT);
        if (longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "longestDelay is " + longestDelay + ", expected " + firstDelay + " or more");
        }
    }
}
