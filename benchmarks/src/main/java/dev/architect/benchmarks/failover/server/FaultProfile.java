package dev.architect.benchmarks.failover.server;

/**
 * How long the faults last.
 *
 * @param name its name in options and figures
 * @param retryAfterSeconds what a rate limit with a delay asks for
 * @param silenceMillis until a silent call is closed
 * @param firstTokenMillis until a slow call has its first token
 * @param stallMillis until a stalled stream is closed
 * @param outageMillis how long an outage lasts, from the reset of the server
 * @param requests the requests that are sent around an outage
 * @param requestGapMillis between the starts of two of them
 * @param tokenGapMillis between two tokens
 */
public record FaultProfile(
        String name,
        int retryAfterSeconds,
        long silenceMillis,
        long firstTokenMillis,
        long stallMillis,
        long outageMillis,
        int requests,
        long requestGapMillis,
        long tokenGapMillis) {

    /** As the public benchmark has it. */
    public static final FaultProfile FULL = new FaultProfile("full", 2, 120_000, 20_000, 30_000, 60_000, 20, 4_000, 15);

    /** For every push. */
    public static final FaultProfile FAST = new FaultProfile("fast", 2, 15_000, 3_000, 4_000, 6_000, 10, 1_200, 5);
}
