package dev.architect.router.evaluation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of arguments. */
final class EvaluationChecks {

    private EvaluationChecks() {}

    static <T> T notNull(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is null, expected a value");
        }
        return value;
    }

    static <T> List<T> noNulls(String field, @Nullable List<T> values) {
        for (T value : notNull(field, values)) {
            notNull("element of " + field, value);
        }
        return List.copyOf(notNull(field, values));
    }

    static String notBlank(String field, @Nullable String value) {
        String given = notNull(field, value);
        if (given.isBlank()) {
            throw new IllegalArgumentException(field + " is blank, expected a name");
        }
        return given;
    }
}
