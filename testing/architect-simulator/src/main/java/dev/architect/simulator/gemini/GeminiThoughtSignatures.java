package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ReasoningSignature;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.ErrorResponseException;
import java.util.TreeMap;

/** The thought signatures that the Gemini API adds to parts and requires back, and the placeholders for calls of other models. */
final class GeminiThoughtSignatures {

    private GeminiThoughtSignatures() {}

    /** The signature of a text, which covers the whole text of the turn. */
    static String ofText(String text) {
        return ReasoningSignature.digest("text " + text);
    }

    /** The signature of a call; the order of its arguments does not matter. */
    static String ofCall(String name, JsonNode arguments) {
        return ReasoningSignature.digest("call " + name + " " + sorted(arguments));
    }

    /** Whether a signature is a placeholder for a call of another model. */
    static boolean isForeign(String signature) {
        return signature.equals("skip_thought_signature_validator")
                || signature.equals("context_engineering_is_the_way_to_go");
    }

    static ErrorResponseException corrupted() {
        return GeminiErrorWriter.invalid("Corrupted thought signature.");
    }

    /** The error response to a call that comes back without a signature. */
    static ErrorResponseException missing(String name, int position) {
        return GeminiErrorWriter.invalid("Function call is missing a thought_signature in functionCall parts. This is"
                + " required for tools to work correctly, and missing thought_signature may lead to degraded model"
                + " performance. Additional data, function call `default_api:" + name + "` , position " + position
                + ". Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.");
    }

    private static String sorted(JsonNode value) {
        if (value instanceof ObjectNode object) {
            TreeMap<String, String> fields = new TreeMap<>();
            // Clients parse and write the arguments again, which may change the order of their fields.
            object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            return fields.toString();
        }
        return SimulatorJson.text(value);
    }
}
