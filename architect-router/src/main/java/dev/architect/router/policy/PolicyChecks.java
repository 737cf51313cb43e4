package dev.architect.router.policy;

import dev.architect.request.CallLimits;
import java.time.Duration;

/** Checks that name the field, the value seen and the value expected. */
final class PolicyChecks {

    static final Duration SHORTEST = Duration.ofMillis(1);
    static final Duration LONGEST = Duration.ofHours(24);

    private PolicyChecks() {}

    static void range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + min + ".." + max);
        }
    }

    static void duration(String field, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(field + " is " + value + ", expected " + SHORTEST + ".." + LONGEST);
        }
    }

    static void durationOrZero(String field, Duration value) {
        if (!value.isZero()) {
            duration(field, value);
        }
    }

    static void limits(CallLimits limits) {
        duration("headers", limits.headers());
        duration("firstToken", limits.firstToken());
        duration("idle", limits.idle());
        duration("total", limits.total());
    }
}
