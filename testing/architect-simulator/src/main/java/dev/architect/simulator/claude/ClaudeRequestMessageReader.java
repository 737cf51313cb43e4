package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code messages} of the Anthropic API in order: roles, content blocks, and that every tool call is answered at
 * the start of the very next message.
 */
final class ClaudeRequestMessageReader {

    private static final StrictFields FIELDS = ClaudeErrorWriter.FIELDS;

    private final ClaudeRequestContentReader blocks;
    private final boolean thinks;
    private final boolean prefills;
    private Set<String> pendingCalls = new LinkedHashSet<>();

    /**
     * Starts before the first message.
     *
     * @param thinks whether thinking is on with a budget, so that tool calls must come back with it
     * @param prefills whether the model continues a last message of its own
     */
    ClaudeRequestMessageReader(ClaudeRequestContentReader blocks, boolean thinks, boolean prefills) {
        this.blocks = blocks;
        this.thinks = thinks;
        this.prefills = prefills;
    }

    void read(JsonNode messages, Prompt prompt) throws ErrorResponseException {
        if (!messages.isArray()) {
            throw ClaudeErrorWriter.invalid("messages: Input should be a valid list");
        }
        if (messages.isEmpty()) {
            throw ClaudeErrorWriter.invalid("messages: at least one message is required");
        }
        int last = messages.size() - 1;
        for (int i = 0; i <= last; i++) {
            message(messages.get(i), i, prompt);
        }
        if (!pendingCalls.isEmpty()) {
            throw unanswered(last);
        }
        JsonNode end = messages.get(last);
        if (end.path("role").asText().equals("assistant")) {
            if (!prefills) {
                throw ClaudeErrorWriter.invalid(
                        "This model does not support assistant message prefill. The conversation"
                                + " must end with a user message.");
            }
            String text = end.path("content").asText("");
            if (!text.equals(text.stripTrailing())) {
                throw ClaudeErrorWriter.invalid(
                        "messages: final assistant content cannot end with trailing whitespace");
            }
            prompt.continueLast();
        }
        if (thinks) {
            checkThinking(messages);
        }
    }

    private void message(JsonNode message, int index, Prompt prompt) throws ErrorResponseException {
        String path = "messages." + index;
        if (!message.isObject()) {
            throw ClaudeErrorWriter.invalid(path + ": Input does not match the expected shape.");
        }
        FIELDS.allowOnly(message, path, Set.of("role", "content"));
        String role = FIELDS.oneOf(message, path, "role", Set.of("user", "assistant", "system"));
        JsonNode content = FIELDS.required(message, path, "content");
        if (index == 0 && !role.equals("user")) {
            throw ClaudeErrorWriter.invalid("messages: first message must use the \"user\" role");
        }
        prompt.begin(role);
        List<String> calls = new ArrayList<>();
        if (content.isTextual()) {
            if (content.textValue().isEmpty()) {
                throw ClaudeErrorWriter.invalid(path + ": user messages must have non-empty content");
            }
            checkResults(List.of(), index);
            prompt.text(content.textValue());
        } else if (content.isArray()) {
            checkResults(leadingResults(content), index);
            for (int i = 0; i < content.size(); i++) {
                blocks.read(content.get(i), role, path + ".content." + i, prompt);
                if (content.get(i).path("type").asText().equals("tool_use")) {
                    calls.add(content.get(i).path("id").asText());
                }
            }
        } else {
            throw ClaudeErrorWriter.invalid(path + ".content: Input should be a valid list");
        }
        pendingCalls = new LinkedHashSet<>(calls);
        if (pendingCalls.size() < calls.size()) {
            throw ClaudeErrorWriter.invalid(path + ": `tool_use` ids must be unique");
        }
    }

    private static List<String> leadingResults(JsonNode content) {
        List<String> ids = new ArrayList<>();
        for (JsonNode block : content) {
            if (!block.path("type").asText().equals("tool_result")) {
                break;
            }
            ids.add(block.path("tool_use_id").asText());
        }
        return ids;
    }

    /** Matches the results at the start of a message with the calls of the message before. */
    private void checkResults(List<String> results, int index) throws ErrorResponseException {
        for (int i = 0; i < results.size(); i++) {
            if (!pendingCalls.contains(results.get(i))) {
                throw ClaudeErrorWriter.invalid("messages." + index + ".content." + i
                        + ": unexpected `tool_use_id` found in `tool_result` blocks: " + results.get(i)
                        + ". Each `tool_result` block must have a corresponding `tool_use` block in the previous"
                        + " message.");
            }
        }
        pendingCalls.removeAll(results);
        if (!pendingCalls.isEmpty()) {
            throw unanswered(index - 1);
        }
    }

    private ErrorResponseException unanswered(int index) {
        return ClaudeErrorWriter.invalid("messages." + index
                + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
                + String.join(", ", pendingCalls)
                + ". Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
    }

    /** Within a tool loop, the message with the calls must still begin with its thinking. */
    private static void checkThinking(JsonNode messages) throws ErrorResponseException {
        int index = messages.size() - 2;
        JsonNode last = messages.path(index + 1).path("content").path(0).path("type");
        JsonNode content = messages.path(index).path("content");
        if (index < 0 || !last.asText().equals("tool_result") || !content.isArray()) {
            return;
        }
        String type = content.path(0).path("type").asText();
        if (!type.equals("thinking") && !type.equals("redacted_thinking")) {
            throw ClaudeErrorWriter.invalid("messages." + index
                    + ".content.0.type: Expected `thinking` or `redacted_thinking`, but found `" + type
                    + "`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.");
        }
    }
}
