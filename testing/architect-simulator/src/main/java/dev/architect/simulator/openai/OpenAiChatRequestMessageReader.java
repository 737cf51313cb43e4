package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads the messages of Chat Completions: the results of tools come right after the calls, all of them and no others. */
final class OpenAiChatRequestMessageReader {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final int MAX_ID_LENGTH = 40;
    private static final Set<String> TEXT = Set.of("text");
    private static final Set<String> USER = Set.of("text", "image_url", "file");
    private static final Set<String> ASSISTANT = Set.of("text", "refusal");

    private final OpenAiParsedRequest request;
    private final Prompt prompt;
    private final OpenAiRequestContentReader parts;
    private final Set<String> unanswered = new LinkedHashSet<>();
    private boolean afterCalls;

    OpenAiChatRequestMessageReader(OpenAiParsedRequest request, Prompt prompt) {
        this.request = request;
        this.prompt = prompt;
        this.parts = new OpenAiRequestContentReader(request, prompt);
    }

    void read() throws ErrorResponseException {
        FIELDS.forEachItem(request.body(), "", "messages", this::read);
        checkAnswered("messages");
    }

    private void read(JsonNode message, String path) throws ErrorResponseException {
        if (!message.isObject()) {
            throw new OpenAiErrorWriter().invalidValue(path, "object");
        }
        String role = FIELDS.oneOf(message, path, "role", Set.of("developer", "system", "user", "assistant", "tool"));
        if (role.equals("tool")) {
            tool(message, path);
            return;
        }
        checkAnswered(path);
        afterCalls = false;
        prompt.begin(role);
        switch (role) {
            case "assistant" -> assistant(message, path);
            case "user" -> {
                FIELDS.allowOnly(message, path, Set.of("role", "content", "name"));
                parts.read(message, path, USER);
            }
            default -> {
                FIELDS.allowOnly(message, path, Set.of("role", "content", "name"));
                parts.read(message, path, TEXT);
            }
        }
    }

    private void assistant(JsonNode message, String path) throws ErrorResponseException {
        FIELDS.allowOnly(
                message, path, Set.of("role", "content", "name", "refusal", "tool_calls", "audio", "annotations"));
        if (message.hasNonNull("content")) {
            parts.read(message, path, ASSISTANT);
        } else if (!message.hasNonNull("tool_calls") && !message.hasNonNull("refusal")) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid value for 'content': expected a string, got null.", path + ".content", null);
        }
        if (message.hasNonNull("tool_calls") && message.get("tool_calls").isEmpty()) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid '" + path + ".tool_calls': empty array. Expected an array with minimum length 1, but got"
                            + " an empty array instead.",
                    path + ".tool_calls",
                    "empty_array");
        }
        FIELDS.forEachItem(message, path, "tool_calls", (call, place) -> {
            FIELDS.allowOnly(call, place, Set.of("id", "type", "function"));
            FIELDS.oneOf(call, place, "type", Set.of("function"));
            String id = FIELDS.text(call, place, "id");
            checkLength(id, place + ".id");
            JsonNode function = FIELDS.required(call, place, "function");
            FIELDS.allowOnly(function, place + ".function", Set.of("name", "arguments"));
            prompt.call(
                    FIELDS.text(function, place + ".function", "name"),
                    FIELDS.text(function, place + ".function", "arguments"));
            unanswered.add(id);
            afterCalls = true;
        });
    }

    private void tool(JsonNode message, String path) throws ErrorResponseException {
        FIELDS.allowOnly(message, path, Set.of("role", "content", "tool_call_id"));
        String id = FIELDS.text(message, path, "tool_call_id");
        checkLength(id, path + ".tool_call_id");
        if (!afterCalls || !unanswered.remove(id)) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with"
                            + " 'tool_calls'.",
                    path + ".role",
                    null);
        }
        prompt.begin("tool");
        parts.readResult(message, path, "content", TEXT);
    }

    private void checkAnswered(String path) throws ErrorResponseException {
        if (!unanswered.isEmpty()) {
            throw OpenAiErrorWriter.invalid(
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                            + " 'tool_call_id'. The following tool_call_ids did not have response messages: "
                            + String.join(", ", unanswered),
                    path + ".role",
                    null);
        }
    }

    private static void checkLength(String id, String path) throws ErrorResponseException {
        if (id.length() > MAX_ID_LENGTH) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid '" + path + "': string too long. Expected a string with maximum length 40, but got a"
                            + " string with length " + id.length() + " instead.",
                    path,
                    "string_above_max_length");
        }
    }
}
