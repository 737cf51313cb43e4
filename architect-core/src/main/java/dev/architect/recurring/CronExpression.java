package dev.architect.recurring;

import dev.architect.check.Check;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * When something happens again and again, as cron writes it: five fields (minute, hour, day of month, month, day of week), or six with
 * the second first. Immutable.
 *
 * <ul>
 *   <li>A field is a list of values, ranges ({@code 1-5}) and steps ({@code 0/15}, {@code 9-17/2}), or {@code *}; {@code ?} is the same.
 *       Months and days of the week may be named ({@code JAN}, {@code MON-FRI}); Sunday is 0 and 7.
 *   <li>The day of the month may be {@code L} (the last), {@code L-3} (three before it), {@code 15W} (the weekday next to the 15th) and {@code
 *       LW} (the last weekday); the day of the week {@code FRIL} (the last Friday) and {@code FRI#2} (the second one).
 *   <li>When the day of the month and the day of the week are both restricted, either is enough.
 *   <li>{@code @yearly}, {@code @annually}, {@code @monthly}, {@code @weekly}, {@code @daily}, {@code @midnight}, {@code @hourly}.
 * </ul>
 *
 * <p>The fields are compared with the clock on the wall of a zone. A time that the wall clock skips, when it is set forward, happens once,
 * at the first instant after the skipped ones; several that are skipped together happen once together. A time that the wall clock shows
 * twice, when it is set back, happens the first time and not the second.
 */
public final class CronExpression {

    /** The calendar repeats itself after so long. */
    private static final int YEARS = 400;

    /** The search ends here at the latest: stores keep no later time. */
    private static final int LAST_YEAR = 9998;

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    private final String text;
    private final long seconds;
    private final long minutes;
    private final long hours;
    private final long months;
    private final CronDays days;

    private CronExpression(String text) {
        List<CronText.Part> parts = CronText.parts(text);
        this.text = text.trim();
        this.seconds = numbers(CronField.SECOND, parts.get(0));
        this.minutes = numbers(CronField.MINUTE, parts.get(1));
        this.hours = numbers(CronField.HOUR, parts.get(2));
        this.months = numbers(CronField.MONTH, parts.get(4));
        this.days = new CronDays(parts.get(3), parts.get(5));
    }

    private static long numbers(CronField field, CronText.Part part) {
        return field.parse(part.text(), part.position(), (element, position) -> false);
    }

    /**
     * Reads an expression.
     *
     * @throws InvalidCronException when it is wrong, or names only dates that never come, as 30 February
     */
    public static CronExpression parse(String text) {
        CronExpression expression = new CronExpression(text);
        if (expression.nextLocal(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
            throw new InvalidCronException("expression", expression.text, 1, "a date that comes");
        }
        return expression;
    }

    /** Returns the first instant after {@code after} by the wall clock of {@code zone}; empty when there is none before the year 9999. */
    public Optional<Instant> next(Instant after, ZoneId zone) {
        ZoneRules rules = Check.notNull("zone", zone).getRules();
        Instant from = Check.notNull("after", after).isBefore(FIRST) ? FIRST : after;
        if (!from.isBefore(END)) {
            return Optional.empty();
        }
        LocalDateTime local = LocalDateTime.ofEpochSecond(from.getEpochSecond(), 0, rules.getOffset(from));
        while (true) {
            Optional<LocalDateTime> candidate = nextLocal(local);
            if (candidate.isEmpty()) {
                return Optional.empty();
            }
            Instant instant = instant(candidate.get(), rules);
            if (instant.isAfter(from)) {
                return Optional.of(instant).filter(END::isAfter);
            }
            // It was shown for the first time before.
            local = candidate.get();
        }
    }

    private static Instant instant(LocalDateTime local, ZoneRules rules) {
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        return offsets.isEmpty() ? rules.getTransition(local).getInstant() : local.toInstant(offsets.get(0));
    }

    /** The first time on the wall after {@code after}. */
    private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
        LocalDateTime from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        LocalDate date = from.toLocalDate();
        if (hasDay(date)) {
            Optional<LocalTime> time = nextTime(from.toLocalTime());
            if (time.isPresent()) {
                return time.map(date::atTime);
            }
        }
        LocalTime first = LocalTime.of(
                Long.numberOfTrailingZeros(hours),
                Long.numberOfTrailingZeros(minutes),
                Long.numberOfTrailingZeros(seconds));
        int lastYear = Math.min(LAST_YEAR, date.getYear() + YEARS);
        date = date.plusDays(1);
        while (date.getYear() <= lastYear) {
            if ((months & 1L << date.getMonthValue()) == 0) {
                date = date.withDayOfMonth(1).plusMonths(1);
            } else if (days.has(date)) {
                return Optional.of(date.atTime(first));
            } else {
                date = date.plusDays(1);
            }
        }
        return Optional.empty();
    }

    private boolean hasDay(LocalDate date) {
        return (months & 1L << date.getMonthValue()) != 0 && days.has(date);
    }

    /** The first time of a day that is not before {@code from}. */
    private Optional<LocalTime> nextTime(LocalTime from) {
        int hour = atLeast(hours, from.getHour());
        int minute = hour == from.getHour() ? atLeast(minutes, from.getMinute()) : -1;
        int second = minute == from.getMinute() ? atLeast(seconds, from.getSecond()) : -1;
        if (second >= 0) {
            return Optional.of(LocalTime.of(hour, minute, second));
        }
        if (hour == from.getHour()) {
            minute = minute > from.getMinute() ? minute : atLeast(minutes, from.getMinute() + 1);
            if (minute >= 0) {
                return Optional.of(LocalTime.of(hour, minute, Long.numberOfTrailingZeros(seconds)));
            }
            hour = atLeast(hours, from.getHour() + 1);
        }
        return hour < 0
                ? Optional.empty()
                : Optional.of(
                        LocalTime.of(hour, Long.numberOfTrailingZeros(minutes), Long.numberOfTrailingZeros(seconds)));
    }

    /** The least number of {@code set} that is {@code least} or more; -1 when there is none. */
    private static int atLeast(long set, int least) {
        long rest = set >>> least << least;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }

    /** The expression as it was written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression expression && expression.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
