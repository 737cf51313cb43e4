package dev.architect.project.milestone;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A date that was moved.
 *
 * @param at when it was moved
 * @param by who moved it
 * @param before the day before
 * @param after the day afterwards
 * @param cause why, 1 to {@value #MAX_CAUSE_CHARACTERS} characters
 */
public record MilestoneSlip(Instant at, Actor by, Optional<LocalDate> before, Optional<LocalDate> after, String cause) {

    /** The most characters of a cause. */
    public static final int MAX_CAUSE_CHARACTERS = 500;

    /** Checks every field. */
    public MilestoneSlip {
        Check.notNull("at", at);
        Check.notNull("by", by);
        Check.notNull("before", before);
        Check.notNull("after", after);
        Check.atMost("cause", Check.notBlank("cause", cause), MAX_CAUSE_CHARACTERS);
    }
}
