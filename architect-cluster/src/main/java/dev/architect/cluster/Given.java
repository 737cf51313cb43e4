package dev.architect.cluster;

import org.jspecify.annotations.Nullable;

/** Checks of arguments that name the field, the value seen and the value expected. */
final class Given {

    private Given() {}

    static <T> T notNull(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is null, expected a value");
        }
        return value;
    }

    static String notBlank(String field, @Nullable String value) {
        String present = notNull(field, value);
        if (present.isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected a text");
        }
        return present;
    }

    static String atMost(String field, String value, int length) {
        if (value.length() > length) {
            throw new IllegalArgumentException(
                    field + " has " + value.length() + " characters, expected at most " + length);
        }
        return value;
    }
}
