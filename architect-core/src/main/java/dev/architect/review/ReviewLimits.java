package dev.architect.review;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.List;

/**
 * How long things take in the queue of reviews. Nothing is ever approved because time has passed.
 *
 * @param undo how long a decision can be taken back while nothing has started; denials, changes and answers reach the requester after it
 * @param start how long an approval lasts that is not used
 * @param low after how long a review of low risk is due
 * @param medium the same for medium risk
 * @param high the same for high risk
 * @param onOverdue what becomes of a review that nobody has decided: it is reminded of when it is due, escalated after as long again, and
 *     after as long again this happens
 * @param escalateTo who is asked as well when a review is escalated
 * @param retention how long decided reviews and recorded decisions are kept
 * @param perHour above how many approvals of one person in an hour the figures warn, 1 or more
 */
public record ReviewLimits(
        Duration undo,
        Duration start,
        Duration low,
        Duration medium,
        Duration high,
        Overdue onOverdue,
        List<String> escalateTo,
        Duration retention,
        int perHour) {

    /** The usual limits: ten seconds, fifteen minutes; due after a day, four hours and an hour; reviews stay open. */
    public static final ReviewLimits USUAL = new ReviewLimits(
            Duration.ofSeconds(10),
            Duration.ofMinutes(15),
            Duration.ofDays(1),
            Duration.ofHours(4),
            Duration.ofHours(1),
            Overdue.STAY,
            List.of(),
            Duration.ofDays(365),
            60);

    /** What becomes of a review that nobody has decided. */
    public enum Overdue {
        /** It stays open. */
        STAY,
        /** It is denied. */
        DENY
    }

    /** Checks every field. */
    public ReviewLimits {
        Check.notNegative("undo", undo);
        Check.positive("start", start);
        Check.positive("low", low);
        Check.positive("medium", medium);
        Check.positive("high", high);
        Check.notNull("onOverdue", onOverdue);
        escalateTo = List.copyOf(Check.noNulls("escalateTo", escalateTo));
        Check.positive("retention", retention);
        Check.range("perHour", perHour, 1, Integer.MAX_VALUE);
    }

    /** Returns the same with another fate of what nobody decides. */
    public ReviewLimits withOverdue(Overdue fate) {
        return new ReviewLimits(undo, start, low, medium, high, fate, escalateTo, retention, perHour);
    }

    /** Returns the same with other people who are asked when a review is escalated. */
    public ReviewLimits withEscalationTo(List<String> people) {
        return new ReviewLimits(undo, start, low, medium, high, onOverdue, people, retention, perHour);
    }

    /** Returns the same with another time for taking a decision back. */
    public ReviewLimits withUndo(Duration changed) {
        return new ReviewLimits(changed, start, low, medium, high, onOverdue, escalateTo, retention, perHour);
    }

    /** Returns the same with approvals that last for another time. */
    public ReviewLimits withStart(Duration changed) {
        return new ReviewLimits(undo, changed, low, medium, high, onOverdue, escalateTo, retention, perHour);
    }

    /** Returns the same with reviews of low risk that are due after another time. */
    public ReviewLimits withLow(Duration changed) {
        return new ReviewLimits(undo, start, changed, medium, high, onOverdue, escalateTo, retention, perHour);
    }

    /** Returns the same with reviews of medium risk that are due after another time. */
    public ReviewLimits withMedium(Duration changed) {
        return new ReviewLimits(undo, start, low, changed, high, onOverdue, escalateTo, retention, perHour);
    }

    /** Returns the same with reviews of high risk that are due after another time. */
    public ReviewLimits withHigh(Duration changed) {
        return new ReviewLimits(undo, start, low, medium, changed, onOverdue, escalateTo, retention, perHour);
    }

    /** Returns the same with decided reviews that are kept for another time. */
    public ReviewLimits withRetention(Duration changed) {
        return new ReviewLimits(undo, start, low, medium, high, onOverdue, escalateTo, changed, perHour);
    }

    /** Returns the same with another number of approvals in an hour. */
    public ReviewLimits withPerHour(int changed) {
        return new ReviewLimits(undo, start, low, medium, high, onOverdue, escalateTo, retention, changed);
    }

    /** After how long a review of this risk is due. */
    public Duration due(RiskLevel level) {
        return switch (Check.notNull("level", level)) {
            case LOW -> low;
            case MEDIUM -> medium;
            case HIGH -> high;
        };
    }
}
