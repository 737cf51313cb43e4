package dev.architect.provider.http.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Completes schemas of tool arguments. The Model Context Protocol lets a schema leave out what it does not constrain, which vendors
 * refuse: OpenAI takes no object without {@code properties} and no array without {@code items}, Claude, Gemini and OpenAI no root
 * that is not of type {@code object}. Nothing that is added changes which arguments are valid.
 */
public final class ToolSchemaCompleter {

    private static final String TYPE = "type";
    private static final String OBJECT = "object";
    private static final String REFERENCE = "$ref";

    /** Keywords that hold one schema, several in a list, several by name (JSON Schema 2020-12, and {@code definitions} of draft 7). */
    private static final List<String> ONE =
            List.of("items", "additionalProperties", "contains", "not", "if", "then", "else", "propertyNames");

    private static final List<String> LISTED = List.of("anyOf", "oneOf", "allOf", "prefixItems");
    private static final List<String> NAMED =
            List.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

    private ToolSchemaCompleter() {}

    /** Returns a complete copy of {@code schema}. A root of another type than {@code object} stays what it is. */
    public static ObjectNode complete(ObjectNode schema) {
        ObjectNode complete = schema.deepCopy();
        inlineReference(complete);
        JsonNode type = complete.path(TYPE);
        if (!type.isTextual() && (type.isMissingNode() || type.isNull() || isObject(complete))) {
            complete.put(TYPE, OBJECT);
        }
        fill(complete);
        return complete;
    }

    /** A root that only refers to one of its own definitions gets the fields of that definition. */
    private static void inlineReference(ObjectNode root) {
        String reference = root.path(REFERENCE).asText("");
        if (!reference.startsWith("#/")
                || root.has(TYPE)
                || !(root.at(reference.substring(1)) instanceof ObjectNode target)) {
            return;
        }
        // A definition that refers on is taken no further: the vendor resolves it, or states what it misses.
        root.remove(REFERENCE);
        target.deepCopy().properties().forEach(field -> root.putIfAbsent(field.getKey(), field.getValue()));
    }

    private static void fill(JsonNode node) {
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        if (isObject(schema) && !schema.path("properties").isObject()) {
            schema.putObject("properties");
        }
        if (is(schema, "array") && !schema.hasNonNull("items")) {
            schema.putObject("items");
        }
        if (schema.path("required").isNull()) {
            schema.remove("required");
        }
        ONE.forEach(keyword -> fill(schema.path(keyword)));
        LISTED.forEach(keyword -> {
            if (schema.path(keyword) instanceof ArrayNode list) {
                list.forEach(ToolSchemaCompleter::fill);
            }
        });
        NAMED.forEach(keyword -> {
            if (schema.path(keyword) instanceof ObjectNode map) {
                map.forEach(ToolSchemaCompleter::fill);
            }
        });
    }

    private static boolean isObject(ObjectNode schema) {
        return is(schema, OBJECT);
    }

    private static boolean is(ObjectNode schema, String type) {
        for (JsonNode one : schema.path(TYPE)) {
            if (one.asText().equals(type)) {
                return true;
            }
        }
        return schema.path(TYPE).asText().equals(type);
    }
}
