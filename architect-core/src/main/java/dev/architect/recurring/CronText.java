package dev.architect.recurring;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The text of a cron expression in its fields: seconds first, whether they were written or not. */
final class CronText {

    private static final int MAX_CHARACTERS = 255;
    private static final int FIELDS = 5;
    private static final Map<String, String> MACROS = new TreeMap<>(Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *"));

    private CronText() {}

    /**
     * A field.
     *
     * @param position where it begins, from 1 on
     */
    record Part(String text, int position) {}

    /** Returns six fields. */
    static List<Part> parts(String text) {
        Check.atMost("cron", Check.notNull("cron", text), MAX_CHARACTERS);
        String trimmed = text.trim();
        if (trimmed.isEmpty()) {
            throw new InvalidCronException("expression", "", 1, "five or six fields, or one of " + MACROS.keySet());
        }
        if (trimmed.startsWith("@")) {
            String meant = MACROS.get(trimmed.toLowerCase(Locale.ROOT));
            if (meant == null) {
                throw new InvalidCronException(
                        "expression", JsonFields.shorten(trimmed), text.indexOf('@') + 1, "one of " + MACROS.keySet());
            }
            return parts(meant);
        }
        List<Part> parts = new ArrayList<>();
        int begin = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean isSpace = i == text.length() || Character.isWhitespace(text.charAt(i));
            if (isSpace && begin >= 0) {
                parts.add(new Part(text.substring(begin, i), begin + 1));
                begin = -1;
            } else if (!isSpace && begin < 0) {
                begin = i;
            }
        }
        if (parts.size() == FIELDS) {
            parts.add(0, new Part("0", 1));
        }
        if (parts.size() != FIELDS + 1) {
            throw new InvalidCronException(
                    "expression",
                    JsonFields.shorten(trimmed),
                    1,
                    "five fields (minute, hour, day of month, month, day of week) or six with the second first, not "
                            + parts.size());
        }
        return parts;
    }
}
