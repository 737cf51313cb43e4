package dev.architect.check;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Checks that name the field, the value seen and the value expected. */
public final class Check {

    private Check() {}

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
        // By index where that is possible, and the text for a failure only: requests and answers pass here on every
        // call.
        if (present instanceof List<?> list && present instanceof RandomAccess) {
            for (int i = 0; i < list.size(); i++) {
                requireElement(field, list.get(i));
            }
        } else {
            for (Object value : present) {
                requireElement(field, value);
            }
        }
        return present;
    }

    /** Checks that {@code values} is there and each of its elements, and returns it. */
    public static <T> T[] noNulls(String field, T @Nullable [] values) {
        noNulls(field, Arrays.asList(notNull(field, values)));
        return Objects.requireNonNull(values);
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

    private static void requireElement(String field, @Nullable Object value) {
        if (value == null) {
            throw isNull("element of " + field);
        }
    }

    private static IllegalArgumentException isNull(String what) {
        return new IllegalArgumentException(what + " is null, expected a value");
    }

    /** Returns {@code value} when it lies in {@code min..max}. */
    public static int range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + min + ".." + max);
        }
        return value;
    }

    /** Returns {@code value} when it is zero or more. */
    public static long notNegative(String field, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(field + " is " + value + ", expected 0 or more");
        }
        return value;
    }

    /** Returns {@code value} when it is zero or more. */
    public static Duration notNegative(String field, @Nullable Duration value) {
        Duration present = notNull(field, value);
        if (present.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected zero or more");
        }
        return present;
    }

    /** Returns {@code value} when it is longer than zero. */
    public static Duration positive(String field, @Nullable Duration value) {
        Duration present = notNull(field, value);
        if (present.isZero() || present.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected more than zero");
        }
        return present;
    }

    /** Returns {@code value} when it holds something other than white space. The value itself is not repeated. */
    public static String notBlank(String field, @Nullable String value) {
        String present = notNull(field, value);
        if (present.isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected text");
        }
        return present;
    }

    /** Returns {@code value} when it is at most {@code max} characters long. The value itself is not repeated. */
    public static String atMost(String field, @Nullable String value, int max) {
        String present = notNull(field, value);
        if (present.length() > max) {
            throw new IllegalArgumentException(
                    field + " has " + present.length() + " characters, expected at most " + max);
        }
        return present;
    }
}
