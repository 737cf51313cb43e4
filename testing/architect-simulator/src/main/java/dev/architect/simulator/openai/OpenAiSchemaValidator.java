package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.wire.ErrorResponseException;
import java.util.HashSet;
import java.util.Set;

/** Checks a strict JSON schema: every object is closed, and every property required. */
final class OpenAiSchemaValidator {

    private OpenAiSchemaValidator() {}

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
