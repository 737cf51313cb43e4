package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.wire.ErrorResponseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Checks JSON schemas. Those of functions are of objects, every object in them names its properties and every array its items;
 * strict ones also close every object and require every property. The messages are those that users of MCP tools report.
 */
final class OpenAiSchemaValidator {

    private OpenAiSchemaValidator() {}

    /** Checks the schema of a function's parameters. */
    static void checkParameters(JsonNode schema, String function, String param) throws ErrorResponseException {
        JsonNode type = schema.path("type");
        if (!type.asText().equals("object")) {
            throw invalidParameters(
                    function,
                    param,
                    "schema must be a JSON Schema of 'type: \"object\"', got 'type: \""
                            + (type.isTextual() ? type.asText() : "None") + "\"'.");
        }
        checkComplete(schema, List.of(), function, param);
    }

    private static void checkComplete(JsonNode schema, List<String> context, String function, String param)
            throws ErrorResponseException {
        String type = schema.path("type").asText();
        if (type.equals("object") && !schema.path("properties").isObject()) {
            throw invalidParameters(function, param, inContext(context) + "object schema missing properties.");
        }
        if (type.equals("array") && !schema.hasNonNull("items")) {
            throw invalidParameters(function, param, inContext(context) + "array schema missing items.");
        }
        for (String named : new String[] {"properties", "$defs"}) {
            for (Map.Entry<String, JsonNode> one : schema.path(named).properties()) {
                checkComplete(one.getValue(), below(context, named, one.getKey()), function, param);
            }
        }
        for (String listed : new String[] {"anyOf", "oneOf", "allOf"}) {
            for (int index = 0; index < schema.path(listed).size(); index++) {
                JsonNode one = schema.path(listed).path(index);
                checkComplete(one, below(context, listed, String.valueOf(index)), function, param);
            }
        }
        if (schema.path("items").isObject()) {
            checkComplete(schema.path("items"), below(context, "items"), function, param);
        }
    }

    private static List<String> below(List<String> context, String... names) {
        List<String> path = new ArrayList<>(context);
        path.addAll(List.of(names));
        return path;
    }

    private static String inContext(List<String> context) {
        StringJoiner names = new StringJoiner(", ", "In context=(", "), ");
        context.forEach(name -> names.add("'" + name + "'"));
        return names.toString();
    }

    private static ErrorResponseException invalidParameters(String function, String param, String problem) {
        return OpenAiErrorWriter.invalid(
                "Invalid schema for function '" + function + "': " + problem, param, "invalid_function_parameters");
    }

    /** @param what the owner of the schema, such as {@code response_format 'animal'} */
    static void check(JsonNode schema, String what, String param) throws ErrorResponseException {
        if (schema.path("type").asText().equals("object") || schema.has("properties")) {
            checkObject(schema, what, param);
        }
        for (JsonNode property : schema.path("properties")) {
            check(property, what, param);
        }
        if (schema.path("items").isObject()) {
            check(schema.path("items"), what, param);
        }
        for (String several : new String[] {"anyOf", "$defs"}) {
            for (JsonNode one : schema.path(several)) {
                check(one, what, param);
            }
        }
    }

    private static void checkObject(JsonNode schema, String what, String param) throws ErrorResponseException {
        JsonNode more = schema.path("additionalProperties");
        if (!more.isBoolean() || more.booleanValue()) {
            throw invalidSchema(what, param, "'additionalProperties' is required to be supplied and to be false.");
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        Set<String> properties = new HashSet<>();
        schema.path("properties").fieldNames().forEachRemaining(properties::add);
        if (!required.equals(properties)) {
            throw invalidSchema(
                    what,
                    param,
                    "'required' is required to be supplied and to be an array including every key in properties.");
        }
    }

    private static ErrorResponseException invalidSchema(String what, String param, String problem) {
        return OpenAiErrorWriter.invalid(
                "Invalid schema for " + what + ": In context=(), " + problem, param, "invalid_json_schema");
    }
}
