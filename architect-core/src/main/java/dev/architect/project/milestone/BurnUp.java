package dev.architect.project.milestone;

import dev.architect.check.Check;
import java.time.LocalDate;
import java.util.List;

/**
 * How a milestone grew and was worked off, day by day in UTC.
 *
 * @param milestone the milestone
 * @param days from the day of its first item to today, oldest first, at most 1,000
 * @param slips how its date was moved, oldest first
 */
public record BurnUp(Milestone milestone, List<Day> days, List<MilestoneSlip> slips) {

    /**
     * A day at its end.
     *
     * @param day which day
     * @param scope how many items it had
     * @param done how many of them were done
     */
    public record Day(LocalDate day, int scope, int done) {

        /** Checks every field. */
        public Day {
            Check.notNull("day", day);
            Check.notNegative("scope", scope);
            Check.notNegative("done", done);
        }
    }

    /** Copies the lists. */
    public BurnUp {
        Check.notNull("milestone", milestone);
        days = List.copyOf(Check.noNulls("days", days));
        slips = List.copyOf(Check.noNulls("slips", slips));
    }
}
