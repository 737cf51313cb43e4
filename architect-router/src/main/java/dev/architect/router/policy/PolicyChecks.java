package dev.architect.router.policy;

import java.time.Duration;

/** Checks that name the field, the value seen and the value expected. */
final class PolicyChecks {

    private PolicyChecks() {}

    static void range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + min + ".." + max);
        }
    }

    static void positive(String field, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(field + " is " + value + ", expected more than zero");
        }
    }
}
