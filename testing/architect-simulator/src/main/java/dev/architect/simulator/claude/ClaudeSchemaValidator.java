package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.ErrorResponseException;

/** Checks the JSON schema of a structured output: every object must set {@code additionalProperties} to false. */
final class ClaudeSchemaValidator {

    private ClaudeSchemaValidator() {}

    static void check(JsonNode schema, String path) throws ErrorResponseException {
        boolean object = schema.path("type").asText().equals("object") || schema.has("properties");
        if (object
                && !schema.path("additionalProperties")
                        .equals(SimulatorJson.MAPPER.getNodeFactory().booleanNode(false))) {
            throw ClaudeErrorWriter.invalid(
                    path + ": For 'object' type, 'additionalProperties' must be explicitly set to false");
        }
        for (JsonNode property : schema.path("properties")) {
            check(property, path);
        }
        if (schema.path("items").isObject()) {
            check(schema.path("items"), path);
        }
        for (String several : new String[] {"anyOf", "allOf", "$defs"}) {
            for (JsonNode one : schema.path(several)) {
                check(one, path);
            }
        }
    }
}
