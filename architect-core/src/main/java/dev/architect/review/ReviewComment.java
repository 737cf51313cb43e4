package dev.architect.review;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * A remark that was made.
 *
 * @param review the id of the review
 * @param id its own id; a later one is larger
 * @param actor who made it
 * @param at when
 * @param remark what was said
 */
public record ReviewComment(long review, long id, String actor, Instant at, ReviewRemark remark) {

    /** Checks that all are there. */
    public ReviewComment {
        Check.notNull("actor", actor);
        Check.notNull("at", at);
        Check.notNull("remark", remark);
    }
}
