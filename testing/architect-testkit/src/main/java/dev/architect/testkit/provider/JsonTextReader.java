package dev.architect.testkit.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads JSON that a case received as text. */
final class JsonTextReader {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonTextReader() {}

    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("text of " + text.length() + " characters is not JSON", notJson);
        }
    }
}
