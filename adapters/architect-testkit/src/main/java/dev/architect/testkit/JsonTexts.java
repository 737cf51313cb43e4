package dev.architect.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads JSON that a case received as text. */
final class JsonTexts {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonTexts() {}

    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("text of " + text.length() + " characters is not JSON", notJson);
        }
    }
}
