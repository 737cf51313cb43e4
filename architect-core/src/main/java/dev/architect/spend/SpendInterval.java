package dev.architect.spend;

import dev.architect.check.Check;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How long the time of one {@link SpendBucket} is. All of them begin with full minutes, hours and days of UTC. */
public enum SpendInterval {
    /** One minute. */
    MINUTE(ChronoUnit.MINUTES),
    /** One hour. */
    HOUR(ChronoUnit.HOURS),
    /** One day. */
    DAY(ChronoUnit.DAYS);

    private final ChronoUnit unit;

    SpendInterval(ChronoUnit unit) {
        this.unit = unit;
    }

    /** Returns when the minute, hour or day of {@code time} begins. */
    public Instant begin(Instant time) {
        return Check.notNull("time", time).truncatedTo(unit);
    }

    /** Returns when the minute, hour or day after that of {@code time} begins. */
    public Instant next(Instant time) {
        return begin(time).plus(1, unit);
    }
}
