package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/** Checks a JSON schema that answers are held to: every object in it must be closed. */
final class ClaudeSchemas {

    private ClaudeSchemas() {}

    static void check(JsonNode schema, String path) throws Refusal {
        boolean object = schema.path("type").asText().equals("object") || schema.has("properties");
        if (object
                && !schema.path("additionalProperties")
                        .equals(Json.MAPPER.getNodeFactory().booleanNode(false))) {
            throw ClaudeRefusals.invalid(
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
