package dev.architect.router.rule;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Checks that name the field, the value seen and the value expected. */
final class RuleChecks {

    static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final String NAMES = "1 to 64 lower-case letters, digits, dots, dashes and underscores";

    private RuleChecks() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    static String name(String field, String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(field + " is '" + name + "', expected " + NAMES);
        }
        return name;
    }

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

    static void atMost(String field, Collection<?> values, int most) {
        if (values.size() > most) {
            throw new IllegalArgumentException(field + " has " + values.size() + " entries, expected at most " + most);
        }
    }

    static <T> List<T> distinct(String field, List<T> values, Function<T, String> name) {
        Set<String> seen = new HashSet<>();
        for (T value : values) {
            if (!seen.add(name.apply(value))) {
                throw new IllegalArgumentException(field + " has " + name.apply(value) + " twice, expected once");
            }
        }
        return List.copyOf(values);
    }
}
