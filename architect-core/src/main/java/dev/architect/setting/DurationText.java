package dev.architect.setting;

import dev.architect.json.JsonFields;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Durations as people write them: {@code 7d}, {@code 12h}, {@code 90s}, or as ISO 8601 has it. */
final class DurationText {

    private static final int MAX_CHARACTERS = 40;

    private DurationText() {}

    /** Reads a duration; throws an IllegalArgumentException that begins with {@code name}. */
    static Duration parse(String name, String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        try {
            if (upper.length() <= MAX_CHARACTERS) {
                return Duration.parse(upper.startsWith("P") ? upper : upper.endsWith("D") ? "P" + upper : "PT" + upper);
            }
        } catch (DateTimeParseException | ArithmeticException wrong) {
            // It is refused below, as one that is too long.
        }
        throw new IllegalArgumentException(
                name + " is '" + JsonFields.shorten(text) + "', expected a duration such as 7d, 12h, 30m or 90s");
    }

    /** Returns a duration in its largest unit that leaves no rest. */
    static String of(Duration duration) {
        if (duration.getNano() != 0) {
            return duration.toString();
        }
        long seconds = duration.toSeconds();
        if (seconds != 0 && seconds % Duration.ofDays(1).toSeconds() == 0) {
            return duration.toDays() + "d";
        }
        if (seconds != 0 && seconds % Duration.ofHours(1).toSeconds() == 0) {
            return duration.toHours() + "h";
        }
        return seconds != 0 && seconds % Duration.ofMinutes(1).toSeconds() == 0
                ? duration.toMinutes() + "m"
                : seconds + "s";
    }
}
