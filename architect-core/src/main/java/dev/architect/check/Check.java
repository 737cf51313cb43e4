package dev.architect.check;

import java.time.Duration;

/** Checks that name the field, the value seen and the value expected. */
public final class Check {

    private Check() {}

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

    /** Returns {@code value} when it is longer than zero. */
    public static Duration positive(String field, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected more than zero");
        }
        return value;
    }

    /** Returns {@code value} when it holds something other than white space. The value itself is not repeated. */
    public static String notBlank(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected text");
        }
        return value;
    }

    /** Returns {@code value} when it is at most {@code max} characters long. The value itself is not repeated. */
    public static String atMost(String field, String value, int max) {
        if (value.length() > max) {
            throw new IllegalArgumentException(
                    field + " has " + value.length() + " characters, expected at most " + max);
        }
        return value;
    }
}
