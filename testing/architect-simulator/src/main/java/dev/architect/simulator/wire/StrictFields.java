package dev.architect.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;

/**
 * Checks the fields of a request, in the words of its provider.
 *
 * <p>A path names the object that holds a field, such as {@code messages.0}; the top of the request is empty.
 */
public final class StrictFields {

    private final ErrorMessages messages;

    /** How a provider names a place and refuses what is wrong there; a path is never the value of a field. */
    public interface ErrorMessages {

        /** The refusal of a field that the provider does not know. */
        ErrorResponseException unknownField(String path);

        /** The refusal of a request without a field. */
        ErrorResponseException missingField(String path);

        /** The refusal of a value; {@code expected} is such as {@code string}, {@code object} or {@code list}. */
        ErrorResponseException invalidValue(String path, String expected);

        /** The path of an item of a list. */
        default String itemPath(String path, int index) {
            return path + "." + index;
        }
    }

    public StrictFields(ErrorMessages messages) {
        this.messages = messages;
    }

    /** Refuses a value that is no object, or one with other fields. */
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

    /** A field that must be there and not null. */
    public JsonNode required(JsonNode node, String path, String name) throws ErrorResponseException {
        if (!node.hasNonNull(name)) {
            throw messages.missingField(fieldPath(path, name));
        }
        return node.get(name);
    }

    /** A string that must be there. */
    public String text(JsonNode node, String path, String name) throws ErrorResponseException {
        JsonNode value = required(node, path, name);
        if (!value.isTextual()) {
            throw messages.invalidValue(fieldPath(path, name), "string");
        }
        return value.textValue();
    }

    /** A string that must be there and be one of a few. */
    public String oneOf(JsonNode node, String path, String name, Set<String> values) throws ErrorResponseException {
        String value = text(node, path, name);
        if (!values.contains(value)) {
            throw messages.invalidValue(
                    fieldPath(path, name), "one of " + values.stream().sorted().toList());
        }
        return value;
    }

    /** A string that may be missing or null, and is then empty. */
    public String optionalText(JsonNode node, String path, String name) throws ErrorResponseException {
        return node.hasNonNull(name) ? text(node, path, name) : "";
    }

    /** A boolean that may be missing or null, and is then as stated. */
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

    /** Refuses a number that is there and outside a range. */
    public void range(JsonNode node, String path, String name, double min, double max) throws ErrorResponseException {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
            throw messages.invalidValue(fieldPath(path, name), "number");
        }
    }

    /** Looks at every item of a list that may be missing or null. */
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

    /** What is done with one item of a list. */
    public interface ItemCheck {
        void check(JsonNode node, String path) throws ErrorResponseException;
    }
}
