package dev.architect.cluster;

import java.time.Duration;
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
        if (notNull(field, value).isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected a text");
        }
        return String.valueOf(value);
    }

    static String atMost(String field, String value, int length) {
        if (value.length() > length) {
            throw new IllegalArgumentException(
                    field + " has " + value.length() + " characters, expected at most " + length);
        }
        return value;
    }

    static Duration positive(String field, @Nullable Duration value) {
        if (notNull(field, value).isZero() || value.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected more than zero");
        }
        return value;
    }
}
