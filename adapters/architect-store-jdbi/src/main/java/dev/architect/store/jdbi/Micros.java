package dev.architect.store.jdbi;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times and durations as the microseconds that stores keep. */
public final class Micros {

    /** Due dates are never later than this, however long the delay. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private static final long PER_SECOND = 1_000_000;
    // One second less than fits leaves room for the microseconds that are added.
    private static final long MOST_SECONDS = Long.MAX_VALUE / PER_SECOND - 1;
    private static final long NANOS = 1_000;

    private Micros() {}

    /** The microsecond that {@code time} is in; times beyond the range of a long become its ends. */
    public static long of(Instant time) {
        long seconds = Math.min(Math.max(time.getEpochSecond(), -MOST_SECONDS), MOST_SECONDS);
        // The part below a second is never negative, so times before 1970 are rounded down as well.
        return seconds * PER_SECOND + time.getNano() / NANOS;
    }

    /** The first microsecond that is not before {@code time}: what was kept as a microsecond compares with it exactly. */
    public static long notBefore(Instant time) {
        return of(time) + (time.getNano() % NANOS == 0 ? 0 : 1);
    }

    /** Durations beyond the range of a long become the longest that can be kept. */
    public static long of(Duration duration) {
        return Math.min(duration.getSeconds(), MOST_SECONDS) * PER_SECOND + duration.getNano() / NANOS;
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    public static Duration duration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /** Returns {@code delay} after {@code now}. */
    public static long after(Instant now, Duration delay) {
        // Compared before the addition, which throws for a delay beyond the range of Instant.
        return delay.compareTo(Duration.between(now, LATEST)) >= 0 ? of(LATEST) : of(now.plus(delay));
    }
}
