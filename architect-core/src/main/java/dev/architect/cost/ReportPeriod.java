package dev.architect.cost;

import dev.architect.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** A span of time to report on. What is relative to now is resolved by the ledger's clock when the report is made. */
public sealed interface ReportPeriod {

    /** Returns the current day in UTC. */
    static ReportPeriod today() {
        return new Today();
    }

    /** Returns the time up to now, beginning {@code duration} ago. */
    static ReportPeriod last(Duration duration) {
        return new Last(Check.positive("duration", duration));
    }

    /** Returns all time. */
    static ReportPeriod all() {
        return new Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));
    }

    /** Returns the time from {@code from} until just before {@code to}. */
    static ReportPeriod between(Instant from, Instant to) {
        return new Between(from, to);
    }

    /** Returns the fixed span that this period means at {@code now}. */
    Between resolve(Instant now);

    /**
     * A fixed span.
     *
     * @param from first instant in it
     * @param to first instant after it
     */
    record Between(Instant from, Instant to) implements ReportPeriod {
        /** Checks that the span is not upside down. */
        public Between {
            Check.notNull("from", from);
            Check.notNull("to", to);
            if (to.isBefore(from)) {
                throw new IllegalArgumentException("to is " + to + ", expected not before " + from);
            }
        }

        @Override
        public Between resolve(Instant now) {
            return this;
        }
    }

    /** The current day in UTC. */
    record Today() implements ReportPeriod {
        @Override
        public Between resolve(Instant now) {
            Instant start =
                    now.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant();
            return new Between(start, start.plus(1, ChronoUnit.DAYS));
        }
    }

    /**
     * The time up to now.
     *
     * @param duration how far it reaches back
     */
    record Last(Duration duration) implements ReportPeriod {

        /** Checks that it is there. */
        public Last {
            Check.notNull("duration", duration);
        }

        @Override
        public Between resolve(Instant now) {
            // The end is exclusive, and a call that starts at this moment must count.
            return new Between(now.minus(duration), now.plusNanos(1));
        }
    }
}
