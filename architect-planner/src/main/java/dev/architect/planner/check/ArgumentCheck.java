package dev.architect.planner.check;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of arguments that name the field, the value seen and the value expected. */
public final class ArgumentCheck {

    private ArgumentCheck() {}

    /** Returns {@code value} when it is there. */
    public static <T> T notNull(String field, @Nullable T value) {
        if (value == null) {
            throw isNull(field);
        }
        return value;
    }

    /** Checks that {@code values} and each of its elements are there. */
    public static <T extends Collection<?>> T noNulls(String field, @Nullable T values) {
        T present = notNull(field, values);
        for (Object value : present) {
            if (value == null) {
                throw isNull("element of " + field);
            }
        }
        return present;
    }

    /** Checks that {@code values}, its keys and its values are there. */
    public static <T extends Map<?, ?>> T noNulls(String field, @Nullable T values) {
        T present = notNull(field, values);
        for (Map.Entry<?, ?> entry : present.entrySet()) {
            if (entry.getKey() == null) {
                throw isNull("key of " + field);
            }
            if (entry.getValue() == null) {
                throw isNull("value of " + field + " under '" + entry.getKey() + "'");
            }
        }
        return present;
    }

    /** Returns {@code value} when it holds something other than white space. */
    public static String notBlank(String field, @Nullable String value) {
        String present = notNull(field, value);
        if (present.isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected text");
        }
        return present;
    }

    /** Returns {@code value} when it lies in {@code min..max}. */
    public static int range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + min + ".." + max);
        }
        return value;
    }

    /** Returns {@code value} when it is longer than zero. */
    public static Duration positive(String field, @Nullable Duration value) {
        Duration present = notNull(field, value);
        if (present.isZero() || present.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected more than zero");
        }
        return present;
    }

    private static IllegalArgumentException isNull(String what) {
        return new IllegalArgumentException(what + " is null, expected a value");
    }
}
