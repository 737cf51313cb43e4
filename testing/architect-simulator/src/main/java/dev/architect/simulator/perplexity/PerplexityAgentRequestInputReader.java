package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ReasoningSignature;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code input} of the Agent API: a text or items in order. A result needs its call, a call its result, and signatures
 * must come back as they were given: with the call, and with its result where it carries one.
 */
final class PerplexityAgentRequestInputReader {

    private static final StrictFields FIELDS = PerplexityErrorWriter.FIELDS;
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");
    private static final String IMAGE = "(?s)https://.+|data:image/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+={0,2}";

    /** The ids of calls that this API made; calls with other ids come from other models and are not signed. */
    private static final String OWN_ID = "call_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final boolean thinks;

    /** The signature of each call, by call id. */
    private final Map<String, String> signatures = new HashMap<>();

    private final Map<String, Boolean> answered = new HashMap<>();

    /** @param thinks whether the model reasons, so that its calls must come back signed */
    PerplexityAgentRequestInputReader(boolean thinks) {
        this.thinks = thinks;
    }

    void read(JsonNode input, Prompt prompt) throws ErrorResponseException {
        if (input.isTextual()) {
            prompt.add("user", input.textValue());
            return;
        }
        if (!input.isArray() || input.isEmpty()) {
            throw PerplexityErrorWriter.invalid("input is required", "input");
        }
        for (int i = 0; i < input.size(); i++) {
            item(input.get(i), "input[" + i + "]", prompt);
        }
        if (answered.containsValue(false)) {
            throw PerplexityErrorWriter.invalid("a function_call has no function_call_output", "input");
        }
    }

    private void item(JsonNode item, String path, Prompt prompt) throws ErrorResponseException {
        switch (item.path("type").asText("message")) {
            case "message" -> message(item, path, prompt);
            case "function_call" -> call(item, path, prompt);
            case "function_call_output" -> output(item, path, prompt);
            default -> throw PerplexityErrorWriter.invalid("unknown type of item", path + ".type");
        }
    }

    private static void message(JsonNode item, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(item, path, Set.of("type", "role", "content"));
        prompt.begin(FIELDS.oneOf(item, path, "role", ROLES));
        JsonNode content = FIELDS.required(item, path, "content");
        if (content.isTextual()) {
            prompt.text(content.textValue());
            return;
        }
        FIELDS.forEachItem(item, path, "content", (part, at) -> {
            String type = FIELDS.oneOf(part, at, "type", Set.of("input_text", "input_image"));
            if (type.equals("input_text")) {
                FIELDS.allowOnly(part, at, Set.of("type", "text"));
                prompt.text(FIELDS.text(part, at, "text"));
            } else {
                FIELDS.allowOnly(part, at, Set.of("type", "image_url"));
                prompt.media(image(FIELDS.text(part, at, "image_url"), at + ".image_url"));
            }
        });
    }

    /** Both of Perplexity's APIs take the same addresses of images. */
    static String image(String url, String path) throws ErrorResponseException {
        if (!url.matches(IMAGE)) {
            throw PerplexityErrorWriter.invalid(
                    "image is no HTTPS URL and no data URI of png, jpeg, webp or gif", path);
        }
        return url;
    }

    private void call(JsonNode item, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(item, path, Set.of("type", "call_id", "name", "arguments", "thought_signature"));
        String id = FIELDS.text(item, path, "call_id");
        String name = FIELDS.text(item, path, "name");
        String arguments = FIELDS.text(item, path, "arguments");
        String signature = FIELDS.optionalText(item, path, "thought_signature");
        boolean missing = signature.isEmpty() && thinks && id.matches(OWN_ID);
        boolean changed = !signature.isEmpty() && !signature.equals(ReasoningSignature.of(signed(id, name, arguments)));
        if (missing || changed) {
            throw PerplexityErrorWriter.invalid("thought_signature is missing or not the one given", path);
        }
        if (answered.put(id, false) != null) {
            throw PerplexityErrorWriter.invalid("call_id comes twice", path + ".call_id");
        }
        signatures.put(id, signature);
        prompt.begin("assistant").call(name, arguments);
    }

    private void output(JsonNode item, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.allowOnly(item, path, Set.of("type", "call_id", "output", "name", "thought_signature"));
        String id = FIELDS.text(item, path, "call_id");
        FIELDS.optionalText(item, path, "name");
        if (!answered.containsKey(id)) {
            throw PerplexityErrorWriter.invalid("function_call_output has no function_call", path + ".call_id");
        }
        String signature = FIELDS.optionalText(item, path, "thought_signature");
        if (!signature.isEmpty() && !signature.equals(signatures.get(id))) {
            throw PerplexityErrorWriter.invalid("thought_signature is not that of the call", path);
        }
        answered.put(id, true);
        prompt.begin("tool").result(FIELDS.text(item, path, "output"));
    }

    /** The text that the signature of a call covers. */
    static String signed(String id, String name, String arguments) {
        return id + " " + name + " " + arguments;
    }
}
