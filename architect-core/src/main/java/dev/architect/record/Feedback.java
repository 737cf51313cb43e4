package dev.architect.record;

import dev.architect.check.Check;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the host says about the answer to a request. Later feedback about the same request takes the place of earlier one.
 *
 * @param requestId names the request: {@link dev.architect.chat.ChatResponse#requestId()}, at most 64 characters
 * @param verdict whether the answer was good enough
 * @param score how good it was, from 0.0 to 1.0; 1 for an accepted answer and 0 for a rejected one when the host gives none
 * @param at when the host said so, to the microsecond
 */
public record Feedback(String requestId, FeedbackVerdict verdict, double score, Instant at) {

    static final int MAX_ID = 64;

    /** Checks every field. */
    public Feedback {
        Check.atMost("requestId", Check.notBlank("requestId", requestId), MAX_ID);
        Check.notNull("verdict", verdict);
        // What every store keeps.
        at = Check.notNull("at", at).truncatedTo(ChronoUnit.MICROS);
        // Written so that NaN fails, too.
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("score is " + score + ", expected 0.0..1.0");
        }
    }

    /** Returns the feedback that an answer was good enough. */
    public static Feedback accepted(String requestId, Instant at) {
        return new Feedback(requestId, FeedbackVerdict.ACCEPTED, 1, at);
    }

    /** Returns the feedback that an answer was not good enough. */
    public static Feedback rejected(String requestId, Instant at) {
        return new Feedback(requestId, FeedbackVerdict.REJECTED, 0, at);
    }

    /** Returns how good an answer was, from 0.0 to 1.0, which says nothing about whether that was enough. */
    public static Feedback scored(String requestId, double score, Instant at) {
        return new Feedback(requestId, FeedbackVerdict.SCORED, score, at);
    }
}
