package dev.architect.store.postgres;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock of the database, as this process knows it: what it showed at the last beat, and the time since then by the local monotonic
 * clock. What the local wall clock shows, and whether it jumps, does not matter.
 *
 * <p>A reading belongs to the middle of its round trip and is wrong by half of it at most. A later reading takes the place of an earlier
 * one when it is more exact, or when the two cannot both be true: the clock was set, or one of them runs faster.
 *
 * <p>Safe for use by several threads.
 */
final class StoreClock implements TimeSource {

    private static final Logger LOG = LoggerFactory.getLogger(StoreClock.class);

    /** A step of the database's clock that is worth a line in the log: clocks that are kept in time move by less. */
    private static final Duration STEP = Duration.ofSeconds(1);

    /** Clocks that differ by more make times in the store look wrong beside those of this machine. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private static final long NANOS_PER_MICRO = 1_000;

    private final TimeSource local;
    private final @Nullable TimeSource given;
    private boolean wasAway;
    private volatile Reading reading = new Reading(0, 0, Long.MAX_VALUE / 4);

    /** The database's clock showed {@code micros} when the local monotonic clock showed {@code nanos}, give or take {@code error} nanoseconds. */
    private record Reading(long micros, long nanos, long error) {

        /** What it shows at {@code then}. */
        long at(long then) {
            return micros + Math.floorDiv(then - nanos, NANOS_PER_MICRO);
        }
    }

    /**
     * Creates a clock.
     *
     * @param local gives the monotonic time
     * @param given takes the place of the database's clock when it is not null
     */
    StoreClock(TimeSource local, @Nullable TimeSource given) {
        this.local = local;
        this.given = given;
    }

    /** Returns what {@link #read} needs to know about the time before the database is asked. */
    long begin() {
        return local.nanoTime();
    }

    /** Takes a reading: the database showed {@code micros} between {@code begun} and now. */
    synchronized void read(long begun, long micros) {
        long ended = local.nanoTime();
        long error = (ended - begun) / 2;
        Reading later = new Reading(micros, begun + error, error);
        Reading before = reading;
        long difference = micros - before.at(later.nanos());
        boolean isFirst = before.micros() == 0;
        boolean agrees = Math.abs(difference) * NANOS_PER_MICRO <= error + before.error() + NANOS_PER_MICRO;
        if (isFirst || error <= before.error() || !agrees) {
            reading = later;
        }
        if (!isFirst && Math.abs(difference) > STEP.toNanos() / NANOS_PER_MICRO + error / NANOS_PER_MICRO) {
            LOG.warn("the clock of the database has moved by {} ms", difference / NANOS_PER_MICRO);
        }
    }

    /** How far the database's clock is ahead of the local wall clock; negative when it is behind. */
    Duration aheadOfLocal() {
        return Duration.between(local.wallTime(), now());
    }

    /**
     * Warns when the database's clock is away from the local wall clock, once each time it comes to that.
     *
     * @param database what messages call it
     * @return whether it has warned
     */
    boolean compareWithLocal(String database) {
        Duration ahead = aheadOfLocal();
        boolean isAway = ahead.abs().compareTo(TOLERANCE) > 0;
        boolean isNews;
        synchronized (this) {
            isNews = isAway && !wasAway;
            wasAway = isAway;
        }
        if (isNews) {
            LOG.warn(
                    "the clock of {} is {} ms {} the clock of this machine; times in the store are by the former",
                    database,
                    ahead.abs().toMillis(),
                    ahead.isNegative() ? "behind" : "ahead of");
        }
        return isNews;
    }

    /** What the clock of the database shows now, in microseconds since 1970, as it shows it within the transaction of {@code sql}. */
    long micros(WriteConnection sql) throws SQLException {
        if (given != null) {
            return Micros.of(given.wallTime());
        }
        try (ResultSet row = sql.prepare("SELECT " + PostgresNodeStore.NOW).executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private Instant now() {
        return Instant.EPOCH.plus(reading.at(local.nanoTime()), ChronoUnit.MICROS);
    }

    @Override
    public Instant wallTime() {
        return given == null ? now() : given.wallTime();
    }

    @Override
    public long nanoTime() {
        return given == null ? local.nanoTime() : given.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (given == null) {
            local.sleep(duration);
        } else {
            given.sleep(duration);
        }
    }

    @Override
    public WakeUp newWakeUp() {
        return given == null ? local.newWakeUp() : given.newWakeUp();
    }

    @Override
    public long random(long bound) {
        return given == null ? local.random(bound) : given.random(bound);
    }
}
