package dev.architect.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;

/**
 * Checks the fields of a request and fails with the provider's own messages.
 *
 * <p>A path names the object that holds a field, such as {@code messages.0}; the path of the request itself is empty.
 */
public final class StrictFields {

    private final ErrorMessages messages;

    /** The error messages of a provider. A path names a field and never contains its value, which may be secret. */
    public interface ErrorMessages {

        /** The error response to a field that the provider does not know. */
        ErrorResponseException unknownField(String path);

        /** The error response to a missing required field. */
        ErrorResponseException missingField(String path);

        /** The error response to an invalid value; {@code expected} is for example {@code string}, {@code object} or {@code list}. */
        ErrorResponseException invalidValue(String path, String expected);

        /** The path of an item of a list. */
        default String itemPath(String path, int index) {
            return path + "." + index;
        }
    }

    public StrictFields(ErrorMessages messages) {
        this.messages = messages;
    }

    /** Rejects a value that is no object, and an object with other fields. */
    public void allowOnly(JsonNode node, String path, Set<String> allowed) throws ErrorResponseException {
        if (!node.isObject()) {
            throw messages.invalidValue(path, "object");
        }
        Iterator<String> names = node.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (!allowed.contains(name)) {
                throw messages.unknownField(fieldPath(path, name));
            }
        }
    }

    /** A required field that must not be null. */
    public JsonNode required(JsonNode node, String path, String name) throws ErrorResponseException {
        if (!node.hasNonNull(name)) {
            throw messages.missingField(fieldPath(path, name));
        }
        return node.get(name);
    }

    /** A required string. */
    public String text(JsonNode node, String path, String name) throws ErrorResponseException {
        JsonNode value = required(node, path, name);
        if (!value.isTextual()) {
            throw messages.invalidValue(fieldPath(path, name), "string");
        }
        return value.textValue();
    }

    /** A required string that must be one of {@code values}. */
    public String oneOf(JsonNode node, String path, String name, Set<String> values) throws ErrorResponseException {
        String value = text(node, path, name);
        if (!values.contains(value)) {
            throw messages.invalidValue(
                    fieldPath(path, name), "one of " + values.stream().sorted().toList());
        }
        return value;
    }

    /** An optional string; empty when it is missing or null. */
    public String optionalText(JsonNode node, String path, String name) throws ErrorResponseException {
        return node.hasNonNull(name) ? text(node, path, name) : "";
    }

    /** An optional boolean; the default when it is missing or null. */
    public boolean bool(JsonNode node, String path, String name, boolean defaultValue) throws ErrorResponseException {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return defaultValue;
        }
        if (!value.isBoolean()) {
            throw messages.invalidValue(fieldPath(path, name), "boolean");
        }
        return value.booleanValue();
    }

    /** Rejects a number outside of a range; a missing or null one passes. */
    public void range(JsonNode node, String path, String name, double min, double max) throws ErrorResponseException {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
            throw messages.invalidValue(fieldPath(path, name), "number");
        }
    }

    /** Checks every item of a list that may be missing or null. */
    public void forEachItem(JsonNode node, String path, String name, ItemCheck item) throws ErrorResponseException {
        JsonNode list = node.path(name);
        if (list.isMissingNode() || list.isNull()) {
            return;
        }
        if (!list.isArray()) {
            throw messages.invalidValue(fieldPath(path, name), "list");
        }
        int index = 0;
        for (JsonNode one : list) {
            item.check(one, messages.itemPath(fieldPath(path, name), index++));
        }
    }

    /** The path of a field. */
    public static String fieldPath(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Checks one item of a list. */
    public interface ItemCheck {
        void check(JsonNode node, String path) throws ErrorResponseException;
    }
}
