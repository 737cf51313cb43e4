package dev.architect.lane;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks may start in a time, in the mean. At once start at most as many as the rate allows in one second, and one at least; what
 * was not used before is not made up for beyond that.
 *
 * @param starts 1 to 1,000,000
 * @param period more than zero, at most one day
 */
public record StartRate(int starts, Duration period) {

    private static final int MOST_STARTS = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Pattern UNIT = Pattern.compile("[SMH]");
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** Checks every field. */
    public StartRate {
        Check.range("starts", starts, 1, MOST_STARTS);
        if (Check.positive("period", period).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "period is " + period + ", expected at most " + LONGEST.toDays() + " day");
        }
    }

    /** So many starts in each second. */
    public static StartRate perSecond(int starts) {
        return new StartRate(starts, Duration.ofSeconds(1));
    }

    /**
     * Reads a rate such as {@code 10/s}, {@code 90/1m} or {@code 5/PT12H}: so many starts in a time.
     *
     * @throws IllegalArgumentException when it has another form
     */
    public static StartRate parse(String text) {
        String[] parts = Check.notNull("rate", text).split("/", 2);
        try {
            String period = parts[parts.length - 1].trim().toUpperCase(Locale.ROOT);
            if (parts.length == 2) {
                return new StartRate(
                        Integer.parseInt(parts[0].trim()),
                        Duration.parse(
                                period.startsWith("P")
                                        ? period
                                        : "PT" + (UNIT.matcher(period).matches() ? "1" + period : period)));
            }
        } catch (NumberFormatException | DateTimeParseException wrong) {
            throw notARate(text, wrong);
        }
        throw notARate(text, null);
    }

    private static IllegalArgumentException notARate(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "rate is '" + JsonFields.shorten(text) + "', expected starts and a time, for example 10/s or 90/1m",
                cause);
    }

    /** Returns the rate in the form that {@link #parse} reads. */
    @Override
    public String toString() {
        long seconds = period.toSeconds();
        if (period.getNano() != 0) {
            return starts + "/" + period.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
        }
        if (seconds % Duration.ofHours(1).toSeconds() == 0) {
            return starts + "/" + count(period.toHours(), "h");
        }
        return starts + "/"
                + (seconds % Duration.ofMinutes(1).toSeconds() == 0
                        ? count(period.toMinutes(), "m")
                        : count(seconds, "s"));
    }

    private static String count(long units, String unit) {
        return units == 1 ? unit : units + unit;
    }

    /** The time from one start to the next in microseconds, at least 1. */
    public long intervalMicros() {
        return Math.max(1, period.toNanos() / 1_000 / starts);
    }

    /** How many may start at once, at least 1. */
    public int burst() {
        return (int) Math.max(1, MICROS_PER_SECOND / intervalMicros());
    }

    /**
     * How many may start now, 0 to {@link #burst}: the generic cell rate algorithm (ITU-T I.371).
     *
     * @param nextMicros what {@link #after} returned last, in microseconds of any clock
     * @param nowMicros the present time of that clock
     */
    public int allowed(long nextMicros, long nowMicros) {
        long ahead = nextMicros - nowMicros;
        if (ahead <= 0) {
            return burst();
        }
        return (int) Math.max(0, (burst() * intervalMicros() - ahead) / intervalMicros());
    }

    /** What {@link #allowed} is to be given from now on, when {@code started} tasks have started now. */
    public long after(long nextMicros, long nowMicros, int started) {
        return started == 0 ? nextMicros : Math.max(nextMicros, nowMicros) + started * intervalMicros();
    }
}
