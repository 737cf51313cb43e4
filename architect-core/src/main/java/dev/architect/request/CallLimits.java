package dev.architect.request;

import dev.architect.check.Check;
import java.time.Duration;

/**
 * How long one call may take. A call that is streamed has all four limits; one whose answer comes whole has {@code total} alone, since
 * its head may come no sooner than its end. Each is measured from the end of the one before it.
 *
 * @param headers the longest time from the send to the head of the reply
 * @param firstToken the longest time from there to the first part of the answer: text, reasoning, or a tool call. Events that
 *     hold none of these, such as pings, do not count
 * @param idle the longest silence after that: no byte of the reply
 * @param total the longest time from the send to the end of the answer; the others may be longer, and then do nothing
 */
public record CallLimits(Duration headers, Duration firstToken, Duration idle, Duration total) {

    /** Checks that every limit is positive. */
    public CallLimits {
        Check.positive("headers", headers);
        Check.positive("firstToken", firstToken);
        Check.positive("idle", idle);
        Check.positive("total", total);
    }

    /** Returns limits of which only {@code total} does anything. */
    public static CallLimits within(Duration total) {
        return new CallLimits(total, total, total, total);
    }

    /** Returns these limits with a total of {@code time}, if that is shorter. */
    public CallLimits atMost(Duration time) {
        return Check.positive("time", time).compareTo(total) < 0
                ? new CallLimits(headers, firstToken, idle, time)
                : this;
    }
}
