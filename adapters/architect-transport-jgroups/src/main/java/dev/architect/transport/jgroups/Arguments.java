package dev.architect.transport.jgroups;

import org.jspecify.annotations.Nullable;

/** Checks of what callers pass. */
final class Arguments {

    private Arguments() {}

    static <T> T notNull(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is null, expected a value");
        }
        return value;
    }

    /** Checks a name: not blank, and at most {@code max} characters. */
    static String name(String field, @Nullable String value, int max) {
        String present = notNull(field, value);
        if (present.isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected a name");
        }
        if (present.length() > max) {
            throw new IllegalArgumentException(
                    field + " has " + present.length() + " characters, expected at most " + max);
        }
        return present;
    }
}
