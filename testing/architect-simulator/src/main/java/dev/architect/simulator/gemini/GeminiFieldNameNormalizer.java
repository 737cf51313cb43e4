package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import java.util.Map;
import java.util.Set;

/** Converts field names to camel case; the Gemini API accepts camel case and snake case. */
final class GeminiFieldNameNormalizer {

    /** The names inside of these are the caller's and stay as they are. */
    private static final Set<String> OPAQUE = Set.of(
            "parameters",
            "parametersJsonSchema",
            "responseSchema",
            "responseJsonSchema",
            "args",
            "response",
            "labels",
            "partMetadata");

    private GeminiFieldNameNormalizer() {}

    static ObjectNode toCamelCase(ObjectNode body) {
        ObjectNode camel = SimulatorJson.object();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String name = toCamelCase(field.getKey());
            camel.set(name, OPAQUE.contains(name) ? field.getValue() : toCamelCase(field.getValue()));
        }
        return camel;
    }

    private static JsonNode toCamelCase(JsonNode value) {
        if (value instanceof ObjectNode object) {
            return toCamelCase(object);
        }
        if (value instanceof ArrayNode list) {
            ArrayNode camel = SimulatorJson.array();
            list.forEach(item -> camel.add(toCamelCase(item)));
            return camel;
        }
        return value;
    }

    private static String toCamelCase(String name) {
        StringBuilder camel = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            boolean starts = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
            camel.append(starts ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
        }
        return camel.toString();
    }
}
