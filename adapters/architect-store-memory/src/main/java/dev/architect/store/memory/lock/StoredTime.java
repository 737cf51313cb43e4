package dev.architect.store.memory.lock;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as every store keeps them. */
public final class StoredTime {

    private StoredTime() {}

    /** Returns the time to the microsecond. */
    public static Instant micros(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /** Returns the time between two readings of the wall clock, zero when it was set back in between. */
    public static Duration between(Instant from, Instant to) {
        Duration between = Duration.between(from, to);
        return between.isNegative() ? Duration.ZERO : between;
    }
}
