package dev.architect.filter;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads times of filters: instants, times and days of a zone, and times before now. */
final class FilterTimes {

    private static final Pattern BEFORE_NOW = Pattern.compile("-(?<count>[0-9]{1,5})(?<unit>[smhdw])");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern DAY_AND_TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+");
    private static final Pattern INSTANT = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)");

    private static final String EXPECTED =
            "a time such as 2026-03-01, 2026-03-01T12:00:00Z or -7d, two of them with '..' between, or one behind '<' or '>'";

    /** A time has microseconds. */
    private static final Duration SMALLEST = Duration.of(1, ChronoUnit.MICROS);

    private final ZoneId zone;
    private final Instant now;

    FilterTimes(ZoneId zone, Instant now) {
        this.zone = zone;
        this.now = now;
    }

    /** From the begin of what a text names to its end: a day is long. */
    private record Span(Instant begin, Instant end) {

        static Span at(Instant time) {
            Instant begin = time.truncatedTo(ChronoUnit.MICROS);
            return new Span(begin, begin.plus(SMALLEST));
        }
    }

    TimeRange range(FilterField field, FilterTerm term) {
        FilterValue value = term.values().get(0);
        if (term.isNegated() || term.values().size() > 1) {
            throw FilterFields.invalid(field, term, value, "one time or range, without '-' in front of the field");
        }
        Span first = span(field, term, value, value.first());
        if (value instanceof FilterValue.Between between) {
            return range(
                    Optional.of(first.begin()),
                    Optional.of(span(field, term, value, between.last()).end()));
        }
        if (value instanceof FilterValue.Compared compared) {
            return switch (compared.comparison()) {
                case LESS -> range(Optional.empty(), Optional.of(first.begin()));
                case AT_MOST -> range(Optional.empty(), Optional.of(first.end()));
                case MORE -> range(Optional.of(first.end()), Optional.empty());
                case AT_LEAST -> range(Optional.of(first.begin()), Optional.empty());
            };
        }
        boolean isSince = BEFORE_NOW.matcher(value.first()).matches();
        return range(Optional.of(first.begin()), isSince ? Optional.empty() : Optional.of(first.end()));
    }

    private static TimeRange range(Optional<Instant> from, Optional<Instant> before) {
        return new TimeRange(from, before);
    }

    private Span span(FilterField field, FilterTerm term, FilterValue value, String text) {
        try {
            Matcher before = BEFORE_NOW.matcher(text);
            if (before.matches()) {
                return Span.at(now.minus(unit(before.group("unit"))
                        .getDuration()
                        .multipliedBy(Integer.parseInt(before.group("count")))));
            }
            if (DAY.matcher(text).matches()) {
                LocalDate day = LocalDate.parse(text);
                return new Span(
                        day.atStartOfDay(zone).toInstant(),
                        day.plusDays(1).atStartOfDay(zone).toInstant());
            }
            if (DAY_AND_TIME.matcher(text).matches()) {
                return Span.at(LocalDateTime.parse(text).atZone(zone).toInstant());
            }
            if (INSTANT.matcher(text).matches()) {
                return Span.at(OffsetDateTime.parse(text).toInstant());
            }
        } catch (DateTimeParseException wrong) {
            throw FilterFields.invalid(field, term, value, EXPECTED);
        }
        throw FilterFields.invalid(field, term, value, EXPECTED);
    }

    private static ChronoUnit unit(String letter) {
        return switch (letter.charAt(0)) {
            case 's' -> ChronoUnit.SECONDS;
            case 'm' -> ChronoUnit.MINUTES;
            case 'h' -> ChronoUnit.HOURS;
            case 'd' -> ChronoUnit.DAYS;
            default -> ChronoUnit.WEEKS;
        };
    }
}
