package dev.architect.budget;

import dev.architect.check.Check;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** After which time a budget starts anew. Hours, days and months are those of UTC. */
public enum BudgetPeriod {
    /** From each full hour. */
    HOUR,
    /** From each midnight, UTC. */
    DAY,
    /** From each midnight, UTC, before the first day of a month. */
    MONTH,
    /** Never: the limit is for all time. */
    TOTAL;

    /** Returns when the period began that {@code time} is in; 1970 for {@link #TOTAL}. */
    public Instant start(Instant time) {
        OffsetDateTime utc = Check.notNull("time", time).atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> utc.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> utc.truncatedTo(ChronoUnit.DAYS).toInstant();
            case MONTH -> utc.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toInstant();
            case TOTAL -> Instant.EPOCH;
        };
    }

    /** Returns when the next period begins after one that began at {@code start}; empty for {@link #TOTAL}. */
    public Optional<Instant> end(Instant start) {
        OffsetDateTime utc = Check.notNull("start", start).atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> Optional.of(utc.plusHours(1).toInstant());
            case DAY -> Optional.of(utc.plusDays(1).toInstant());
            case MONTH -> Optional.of(utc.plusMonths(1).toInstant());
            case TOTAL -> Optional.empty();
        };
    }
}
