package dev.architect.recurring;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a schedule fires. */
public sealed interface Recurrence {

    /**
     * Returns the first instant after {@code after}; empty when there is none.
     *
     * @param anchor when the schedule was made; intervals are counted from there
     */
    Optional<Instant> next(Instant after, Instant anchor);

    /**
     * By the wall clock of a zone, as {@link CronExpression} says.
     *
     * @throws InvalidCronException when the expression is wrong
     */
    static Recurrence cron(String expression, ZoneId zone) {
        Check.notNull("cron", expression);
        Check.notNull("zone", zone);
        return new Cron(CronExpression.parse(expression), zone);
    }

    /** Each time that {@code interval} has passed since the schedule was made; no wall clock changes that. */
    static Recurrence every(Duration interval) {
        return new Interval(interval);
    }

    /**
     * Returns the zone of that name, for example {@code Europe/Berlin}.
     *
     * @throws IllegalArgumentException when there is none
     */
    static ZoneId zone(String name) {
        try {
            return ZoneId.of(Check.notNull("zone", name));
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "zone is '" + JsonFields.shorten(name)
                            + "', expected the name of a time zone, for example Europe/Berlin or UTC",
                    unknown);
        }
    }

    /**
     * By the wall clock.
     *
     * @param expression the times
     * @param zone whose wall clock shows them
     */
    record Cron(CronExpression expression, ZoneId zone) implements Recurrence {

        /** Checks every field. */
        public Cron {
            Check.notNull("cron", expression);
            Check.notNull("zone", zone);
        }

        @Override
        public Optional<Instant> next(Instant after, Instant anchor) {
            Check.notNull("anchor", anchor);
            return expression.next(after, zone);
        }
    }

    /**
     * By elapsed time.
     *
     * @param length one second to 366 days
     */
    record Interval(Duration length) implements Recurrence {

        private static final Duration SHORTEST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofDays(366);
        private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

        /** Checks the length. */
        public Interval {
            if (Check.notNull("every", length).compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("every is " + length + ", expected one second to 366 days");
            }
            if (length.toNanosPart() % 1_000 != 0) {
                throw new IllegalArgumentException("every is " + length + ", expected whole microseconds");
            }
        }

        @Override
        public Optional<Instant> next(Instant after, Instant anchor) {
            Check.notNull("anchor", anchor);
            if (!Check.notNull("after", after).isBefore(END)) {
                return Optional.empty();
            }
            Duration since = Duration.between(anchor, after);
            long passed = since.isNegative() ? 0 : since.dividedBy(length);
            Instant next = anchor.plus(length.multipliedBy(passed + 1));
            return next.isBefore(END) ? Optional.of(next) : Optional.empty();
        }
    }
}
