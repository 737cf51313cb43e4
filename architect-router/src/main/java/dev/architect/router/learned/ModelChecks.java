package dev.architect.router.learned;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of arguments. */
final class ModelChecks {

    private ModelChecks() {}

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
}
