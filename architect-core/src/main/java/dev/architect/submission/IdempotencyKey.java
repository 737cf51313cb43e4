package dev.architect.submission;

import dev.architect.check.Check;
import java.time.Duration;

/**
 * Names a submission, so that repeating it accepts no second task. Keys of different projects are different keys.
 *
 * @param value 1 to 255 printable characters, not all of them blank
 */
public record IdempotencyKey(String value) {

    /** How long a store remembers a key, from the submission on. */
    public static final Duration RETENTION = Duration.ofHours(24);

    private static final int MAX_CHARACTERS = 255;

    /** Checks the value. */
    public IdempotencyKey {
        Check.atMost("idempotencyKey", Check.notBlank("idempotencyKey", value), MAX_CHARACTERS);
        int[] characters = value.codePoints().toArray();
        for (int i = 0; i < characters.length; i++) {
            if (!isPrintable(characters[i])) {
                throw new IllegalArgumentException(String.format(
                        "idempotencyKey has U+%04X at character %d, expected printable characters only",
                        characters[i], i + 1));
            }
        }
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return value;
    }
}
