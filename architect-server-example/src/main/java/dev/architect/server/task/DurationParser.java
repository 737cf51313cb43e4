package dev.architect.server.task;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations such as {@code 90s}, {@code 500ms}, {@code 2m}, {@code 1h}, {@code 1d}, or ISO {@code PT2M}. */
final class DurationParser {

    /** The expectation, for messages. */
    static final String EXPECTED = "a duration such as '90s', '2m' or 'PT2M'";

    private static final Pattern COMPACT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final int MAX_CHARACTERS = 40;

    private DurationParser() {}

    static Optional<Duration> parse(String text) {
        Matcher matcher = COMPACT.matcher(text);
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            return Optional.of(
                    switch (matcher.group(2)) {
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        try {
            return text.length() > MAX_CHARACTERS ? Optional.empty() : Optional.of(Duration.parse(text));
        } catch (DateTimeParseException | ArithmeticException notOne) {
            return Optional.empty();
        }
    }
}
