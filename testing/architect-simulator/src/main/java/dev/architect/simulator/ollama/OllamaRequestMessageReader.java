package dev.architect.simulator.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * Reads {@code messages} of Ollama's chat. The server itself accepts tool results anywhere; here they must follow the calls,
 * because chat templates render anything else wrongly.
 */
final class OllamaRequestMessageReader {

    private static final StrictFields FIELDS = OllamaRequestValidator.FIELDS;
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
    private static final Set<String> ALLOWED_FIELDS =
            Set.of("role", "content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id");

    private final Prompt prompt;
    private final boolean acceptsImages;
    private int openCalls;

    OllamaRequestMessageReader(Prompt prompt, boolean acceptsImages) {
        this.prompt = prompt;
        this.acceptsImages = acceptsImages;
    }

    void read(JsonNode body) throws ErrorResponseException {
        FIELDS.forEachItem(body, "", "messages", this::message);
        JsonNode messages = body.path("messages");
        JsonNode last = messages.path(messages.size() - 1);
        if (last.path("role").asText("").equals("assistant") && openCalls == 0) {
            prompt.continueLast();
        }
    }

    private void message(JsonNode message, String path) throws ErrorResponseException {
        FIELDS.allowOnly(message, path, ALLOWED_FIELDS);
        String role = FIELDS.text(message, path, "role").toLowerCase(Locale.ROOT);
        if (!ROLES.contains(role)) {
            throw OllamaRequestValidator.badRequest("invalid role: " + role);
        }
        String content = FIELDS.optionalText(message, path, "content");
        prompt.begin(role);
        if (role.equals("tool")) {
            result(message, path, content);
            return;
        }
        openCalls = 0;
        prompt.text(content);
        if (message.hasNonNull("thinking")) {
            prompt.reasoning(FIELDS.text(message, path, "thinking"));
        }
        FIELDS.forEachItem(message, path, "images", this::image);
        FIELDS.forEachItem(message, path, "tool_calls", this::call);
    }

    private void result(JsonNode message, String path, String content) throws ErrorResponseException {
        FIELDS.optionalText(message, path, "tool_name");
        FIELDS.optionalText(message, path, "tool_call_id");
        if (openCalls-- < 1) {
            throw OllamaRequestValidator.badRequest("message with role 'tool' without a tool call before it");
        }
        prompt.result(content);
    }

    private void image(JsonNode image, String path) throws ErrorResponseException {
        if (!image.isTextual()) {
            throw OllamaRequestValidator.badRequest(
                    "json: cannot unmarshal value into Go struct field " + path + " of type []uint8");
        }
        try {
            Base64.getDecoder().decode(image.textValue());
        } catch (IllegalArgumentException e) {
            throw OllamaRequestValidator.badRequest("illegal base64 data at input byte 0");
        }
        if (!acceptsImages) {
            throw OllamaRequestValidator.badRequest("this model is missing data required for image input");
        }
        prompt.media(image.textValue());
    }

    private void call(JsonNode call, String path) throws ErrorResponseException {
        FIELDS.allowOnly(call, path, Set.of("id", "type", "function"));
        FIELDS.optionalText(call, path, "id");
        JsonNode function = FIELDS.required(call, path, "function");
        String at = path + ".function";
        FIELDS.allowOnly(function, at, Set.of("index", "name", "arguments"));
        FIELDS.range(function, at, "index", 0, Integer.MAX_VALUE);
        JsonNode arguments = FIELDS.required(function, at, "arguments");
        if (!arguments.isObject()) {
            throw OllamaRequestValidator.badRequest("json: cannot unmarshal value into Go struct field " + at
                    + ".arguments of type api.ToolCallFunctionArguments");
        }
        prompt.call(FIELDS.text(function, at, "name"), SimulatorJson.text(arguments));
        openCalls++;
    }
}
