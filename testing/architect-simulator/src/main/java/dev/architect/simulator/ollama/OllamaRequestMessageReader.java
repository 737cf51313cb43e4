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
 * Reads {@code messages} of Ollama's chat. The server itself takes results of tools anywhere; here they must follow the calls,
 * for a template makes nonsense of anything else.
 */
final class OllamaRequestMessageReader {

    private static final StrictFields STRICT = OllamaRequestValidator.STRICT;
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
    private static final Set<String> FIELDS =
            Set.of("role", "content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id");

    private final Prompt prompt;
    private final boolean sees;
    private int openCalls;

    OllamaRequestMessageReader(Prompt prompt, boolean sees) {
        this.prompt = prompt;
        this.sees = sees;
    }

    void read(JsonNode body) throws ErrorResponseException {
        STRICT.each(body, "", "messages", this::message);
    }

    private void message(JsonNode message, String path) throws ErrorResponseException {
        STRICT.fields(message, path, FIELDS);
        String role = STRICT.text(message, path, "role").toLowerCase(Locale.ROOT);
        if (!ROLES.contains(role)) {
            throw OllamaRequestValidator.bad("invalid role: " + role);
        }
        String content = STRICT.optionalText(message, path, "content");
        prompt.begin(role);
        if (role.equals("tool")) {
            result(message, path, content);
            return;
        }
        openCalls = 0;
        prompt.text(content);
        if (message.hasNonNull("thinking")) {
            prompt.reasoning(STRICT.text(message, path, "thinking"));
        }
        STRICT.each(message, path, "images", this::image);
        STRICT.each(message, path, "tool_calls", this::call);
    }

    private void result(JsonNode message, String path, String content) throws ErrorResponseException {
        STRICT.optionalText(message, path, "tool_name");
        STRICT.optionalText(message, path, "tool_call_id");
        if (openCalls-- < 1) {
            throw OllamaRequestValidator.bad("message with role 'tool' without a tool call before it");
        }
        prompt.result(content);
    }

    private void image(JsonNode image, String path) throws ErrorResponseException {
        if (!image.isTextual()) {
            throw OllamaRequestValidator.bad(
                    "json: cannot unmarshal value into Go struct field " + path + " of type []uint8");
        }
        try {
            Base64.getDecoder().decode(image.textValue());
        } catch (IllegalArgumentException e) {
            throw OllamaRequestValidator.bad("illegal base64 data at input byte 0");
        }
        if (!sees) {
            throw OllamaRequestValidator.bad("this model is missing data required for image input");
        }
        prompt.media(image.textValue());
    }

    private void call(JsonNode call, String path) throws ErrorResponseException {
        STRICT.fields(call, path, Set.of("id", "type", "function"));
        STRICT.optionalText(call, path, "id");
        JsonNode function = STRICT.required(call, path, "function");
        String at = path + ".function";
        STRICT.fields(function, at, Set.of("index", "name", "arguments"));
        STRICT.range(function, at, "index", 0, Integer.MAX_VALUE);
        JsonNode arguments = STRICT.required(function, at, "arguments");
        if (!arguments.isObject()) {
            throw OllamaRequestValidator.bad("json: cannot unmarshal value into Go struct field " + at
                    + ".arguments of type api.ToolCallFunctionArguments");
        }
        prompt.call(STRICT.text(function, at, "name"), SimulatorJson.text(arguments));
        openCalls++;
    }
}
