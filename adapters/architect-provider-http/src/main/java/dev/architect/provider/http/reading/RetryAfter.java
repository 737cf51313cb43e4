package dev.architect.provider.http.reading;

import dev.architect.provider.http.message.ReplyHeaders;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a provider requires to wait. A delay that is not positive, longer than a day, or unreadable is as good as none.
 */
public final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000L);
    // Bounds the cost of a decimal of foreign text, before it is parsed.
    private static final int MAX_NUMBER_LENGTH = 24;
    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");

    private RetryAfter() {}

    /**
     * Reads durations as providers write them in bodies: {@code 48s}, {@code 34.4s}, {@code 174ms}, {@code 6m0s}. Parts are
     * summed.
     */
    public static Optional<Duration> parse(String text) {
        return sum(text).flatMap(RetryAfter::sensible);
    }

    /** As {@link #parse}, zero and long durations included. */
    static Optional<Duration> sum(String text) {
        String parts = text.strip().toLowerCase(Locale.ROOT);
        Matcher part = PART.matcher(parts);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            sum = sum.plus(nanos(new BigDecimal(part.group(1)), part.group(2)));
            end = part.end();
        }
        return end > 0 && end == parts.length() ? Optional.of(sum) : Optional.empty();
    }

    /**
     * Reads {@code retry-after-ms}, then {@code retry-after} as seconds, then as an HTTP date, which is compared with the
     * reply's own {@code Date} and not with our clock.
     */
    static Optional<Duration> of(ReplyHeaders headers) {
        // The most exact one first, as both may be sent.
        return headers.get("retry-after-ms")
                .flatMap(RetryAfter::decimal)
                .flatMap(millis -> sensible(millis.multiply(NANOS_PER_MILLI)))
                .or(() -> headers.get("retry-after")
                        .flatMap(RetryAfter::decimal)
                        .flatMap(seconds -> sensible(seconds.multiply(NANOS_PER_SECOND))))
                .or(() -> untilDate(headers));
    }

    private static Optional<Duration> untilDate(ReplyHeaders headers) {
        Optional<Instant> now = headers.date("date");
        return headers.date("retry-after")
                .flatMap(until -> now.flatMap(start -> sensible(Duration.between(start, until))));
    }

    private static Optional<BigDecimal> decimal(String text) {
        if (text.length() > MAX_NUMBER_LENGTH) {
            return Optional.empty();
        }
        String number = text.strip();
        return number.matches("\\d+(\\.\\d+)?") ? Optional.of(new BigDecimal(number)) : Optional.empty();
    }

    private static Duration nanos(BigDecimal amount, String unit) {
        BigDecimal seconds = switch (unit) {
            case "ms" -> amount.movePointLeft(3);
            case "m" -> amount.multiply(BigDecimal.valueOf(60));
            case "h" -> amount.multiply(BigDecimal.valueOf(3600));
            default -> amount;
        };
        return Duration.ofSeconds(
                seconds.longValue(),
                seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
    }

    private static Optional<Duration> sensible(BigDecimal nanos) {
        // Compared as decimals: a number of 24 digits does not fit into the long that a Duration needs.
        return nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0
                ? Optional.empty()
                : sensible(Duration.ofNanos(nanos.longValue()));
    }

    private static Optional<Duration> sensible(Duration delay) {
        return Optional.of(delay).filter(wait -> !wait.isZero() && !wait.isNegative() && wait.compareTo(LONGEST) <= 0);
    }
}
