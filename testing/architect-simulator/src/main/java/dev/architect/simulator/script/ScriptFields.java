package dev.architect.simulator.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.json.SimulatorJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of one JSON object of a script; messages name an invalid field by its path. */
final class ScriptFields {

    private final String path;
    private final JsonNode node;

    /** The object at a path; a missing one has no fields. */
    ScriptFields(String path, JsonNode node) {
        if (!node.isObject() && !node.isMissingNode()) {
            throw new IllegalArgumentException((path.isEmpty() ? "the script" : path) + " is "
                    + SimulatorJson.describe(node) + ", expected an object");
        }
        this.path = path;
        this.node = node;
    }

    /** Rejects fields with other names. */
    ScriptFields allowOnly(String... names) {
        for (String name : names()) {
            if (!Arrays.asList(names).contains(name)) {
                throw new IllegalArgumentException(fieldPath(name) + " is an unknown field, expected one of "
                        + new TreeSet<>(Arrays.asList(names)));
            }
        }
        return this;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    boolean has(String name) {
        return node.has(name);
    }

    boolean isNumber(String name) {
        return node.path(name).isNumber();
    }

    ScriptFields object(String name) {
        return new ScriptFields(fieldPath(name), node.path(name));
    }

    List<ScriptFields> list(String name) {
        if (!node.path(name).isArray()) {
            throw invalidValue(name, "a list");
        }
        List<ScriptFields> list = new ArrayList<>();
        for (JsonNode item : node.path(name)) {
            list.add(new ScriptFields(fieldPath(name) + "[" + list.size() + "]", item));
        }
        return list;
    }

    long integer(String name, long defaultValue) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return defaultValue;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw invalidValue(name, "a whole number");
        }
        return value.longValue();
    }

    double decimal(String name, double defaultValue) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return defaultValue;
        }
        if (!value.isNumber()) {
            throw invalidValue(name, "a number");
        }
        return value.doubleValue();
    }

    Duration millis(String name, Duration defaultValue) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return defaultValue;
        }
        BigDecimal max = BigDecimal.valueOf(3_600_000);
        if (!value.isNumber()
                || value.decimalValue().signum() < 0
                || value.decimalValue().compareTo(max) > 0) {
            throw invalidValue(name, "milliseconds, 0 to " + max);
        }
        return Duration.ofNanos(value.decimalValue().movePointRight(6).longValue());
    }

    /** A text; null where the field is null, {@code defaultValue} where it is missing. */
    @Nullable
    String text(String name, @Nullable String defaultValue) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return defaultValue;
        }
        if (!value.isTextual() && !value.isNull()) {
            throw invalidValue(name, "a text");
        }
        return value.textValue();
    }

    boolean bool(String name, boolean defaultValue) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return defaultValue;
        }
        if (!value.isBoolean()) {
            throw invalidValue(name, "true or false");
        }
        return value.booleanValue();
    }

    /** A value of an enum by its name in a script; null where the field is null, {@code defaultValue} where it is missing. */
    <E extends Enum<E>> @Nullable E choice(String name, Class<E> type, @Nullable E defaultValue) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return defaultValue;
        }
        if (value.isNull()) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (ScriptReader.name(constant).equals(value.asText().toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        String names =
                Arrays.stream(type.getEnumConstants()).map(ScriptReader::name).collect(Collectors.joining(", "));
        String seen = value.isTextual() ? value.textValue() : SimulatorJson.describe(value);
        throw new IllegalArgumentException(fieldPath(name) + " is " + seen + ", expected one of " + names);
    }

    /** Creates a value; adds the path of this object to the message when its constructor rejects an argument. */
    <T> T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(path + ".") || path.isEmpty()
                    ? e
                    : new IllegalArgumentException(fieldPath(message));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(path + " has a number that is too large, expected less than 2147483648");
        }
    }

    /** The exception for one invalid field. */
    IllegalArgumentException invalidValue(String name, String expected) {
        return new IllegalArgumentException(
                fieldPath(name) + " is " + SimulatorJson.describe(node.path(name)) + ", expected " + expected);
    }

    private String fieldPath(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
