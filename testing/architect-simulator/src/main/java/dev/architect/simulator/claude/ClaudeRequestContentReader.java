package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ReasoningSignature;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the content blocks of the Anthropic API into a prompt. */
final class ClaudeRequestContentReader {

    private static final StrictFields FIELDS = ClaudeErrorWriter.FIELDS;
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private static final Map<String, Set<String>> ALLOWED_FIELDS = Map.of(
            "text", Set.of("type", "text", "cache_control", "citations"),
            "image", Set.of("type", "source", "cache_control"),
            "document", Set.of("type", "source", "cache_control", "title", "context", "citations"),
            "tool_use", Set.of("type", "id", "name", "input", "cache_control", "caller"),
            "tool_result", Set.of("type", "tool_use_id", "content", "is_error", "cache_control"),
            "thinking", Set.of("type", "thinking", "signature"),
            "redacted_thinking", Set.of("type", "data"));

    private final ClaudeCacheBreakpointValidator breakpoints;
    private final boolean version2026;
    private int documents;
    private @Nullable ObjectNode citation;

    /** Reads as the version of 2026-10-21 does, or as the one of 2023. */
    ClaudeRequestContentReader(ClaudeCacheBreakpointValidator breakpoints, boolean version2026) {
        this.breakpoints = breakpoints;
        this.version2026 = version2026;
    }

    void read(JsonNode block, String role, String at, Prompt prompt) throws ErrorResponseException {
        if (!block.isObject()) {
            throw ClaudeErrorWriter.invalid(at + ": Input should be a valid dictionary");
        }
        String type = FIELDS.text(block, at, "type");
        Set<String> fields = ALLOWED_FIELDS.get(type);
        if (fields == null || !allowed(type, role)) {
            throw ClaudeErrorWriter.invalid(
                    at + ": Input tag '" + type + "' found using 'type' does not match any of the expected tags");
        }
        String path = at + "." + type;
        FIELDS.allowOnly(block, path, fields);
        switch (type) {
            case "text" -> prompt.text(text(block, role, path));
            case "image" -> prompt.media(source(block, path, true));
            case "document" -> document(block, path, prompt);
            case "tool_use" -> {
                FIELDS.text(block, path, "id");
                JsonNode input = FIELDS.required(block, path, "input");
                FIELDS.allowOnly(input, path + ".input", names(input));
                prompt.call(FIELDS.text(block, path, "name"), SimulatorJson.text(input));
            }
            case "tool_result" -> result(block, path, prompt);
            case "thinking" -> thinking(block, path, at, prompt);
            default -> {
                if (!ReasoningSignature.isValid(FIELDS.text(block, path, "data"))) {
                    throw ClaudeErrorWriter.invalid(at + ": Invalid `data` in `redacted_thinking` block");
                }
            }
        }
        breakpoints.read(block, path, prompt);
    }

    /** The citation of the answer: the start of the first document with citations enabled; null when there is none. */
    @Nullable
    ObjectNode citation() {
        return citation;
    }

    private void document(JsonNode block, String path, Prompt prompt) throws ErrorResponseException {
        prompt.media(source(block, path, false));
        String title = FIELDS.optionalText(block, path, "title");
        if (block.hasNonNull("citations")) {
            FIELDS.allowOnly(block.get("citations"), path + ".citations", Set.of("enabled"));
            if (citation == null && FIELDS.bool(block.get("citations"), path + ".citations", "enabled", false)) {
                citation = SimulatorJson.object()
                        .put("type", "char_location")
                        .put("cited_text", "The handbook describes how the parts work together.")
                        .put("document_index", documents)
                        .put("document_title", title.isEmpty() ? null : title)
                        .put("start_char_index", 0)
                        .put("end_char_index", 51)
                        .putNull("file_id");
            }
        }
        documents++;
    }

    private boolean allowed(String type, String role) {
        return switch (role) {
            case "user" -> !Set.of("tool_use", "thinking", "redacted_thinking").contains(type);
            case "assistant" ->
                !Set.of("tool_result", "image").contains(type) && !(version2026 && type.equals("document"));
            default -> type.equals("text");
        };
    }

    private String text(JsonNode block, String role, String path) throws ErrorResponseException {
        String text = FIELDS.text(block, path, "text");
        if (text.isEmpty()) {
            throw ClaudeErrorWriter.invalid("messages: text content blocks must be non-empty");
        }
        if (version2026 && role.equals("user") && !block.path("citations").isEmpty()) {
            throw ClaudeErrorWriter.invalid(path + ".citations: citations are not permitted on user text blocks");
        }
        return text;
    }

    private void result(JsonNode block, String path, Prompt prompt) throws ErrorResponseException {
        FIELDS.text(block, path, "tool_use_id");
        FIELDS.bool(block, path, "is_error", false);
        JsonNode content = block.path("content");
        if (content.isMissingNode() || content.isNull() || content.isTextual()) {
            prompt.result(content.asText(""));
            return;
        }
        StringBuilder text = new StringBuilder();
        FIELDS.forEachItem(block, path, "content", (part, at) -> {
            String type = FIELDS.oneOf(part, at, "type", Set.of("text", "image", "document"));
            FIELDS.allowOnly(part, at + "." + type, ALLOWED_FIELDS.getOrDefault(type, Set.of()));
            if (type.equals("text")) {
                text.append(FIELDS.text(part, at + ".text", "text"));
            } else {
                prompt.media(source(part, at + "." + type, type.equals("image")));
            }
        });
        prompt.result(text.toString());
    }

    private static void thinking(JsonNode block, String path, String at, Prompt prompt) throws ErrorResponseException {
        JsonNode text = block.path("thinking");
        if (!text.isTextual()) {
            throw ClaudeErrorWriter.invalid(path + ".thinking: Field required");
        }
        String signature = FIELDS.text(block, path, "signature");
        boolean holds = text.textValue().isEmpty()
                ? ReasoningSignature.isValid(signature)
                : signature.equals(ReasoningSignature.of(text.textValue()));
        if (!holds) {
            throw ClaudeErrorWriter.invalid(at + ": Invalid `signature` in `thinking` block");
        }
        prompt.reasoning(text.textValue());
    }

    private static String source(JsonNode block, String path, boolean image) throws ErrorResponseException {
        JsonNode source = FIELDS.required(block, path, "source");
        String at = path + ".source";
        Set<String> types = image ? Set.of("base64", "url", "file") : Set.of("base64", "url", "file", "text");
        String type = FIELDS.oneOf(source, at, "type", types);
        at += "." + type;
        if (type.equals("url") || type.equals("file")) {
            String field = type.equals("url") ? "url" : "file_id";
            FIELDS.allowOnly(source, at, Set.of("type", field));
            return FIELDS.text(source, at, field);
        }
        FIELDS.allowOnly(source, at, Set.of("type", "media_type", "data"));
        Set<String> kinds = image ? IMAGES : Set.of(type.equals("text") ? "text/plain" : "application/pdf");
        FIELDS.oneOf(source, at, "media_type", kinds);
        String data = FIELDS.text(source, at, "data");
        if (type.equals("base64")) {
            checkBase64(data, at);
        }
        return data;
    }

    private static void checkBase64(String data, String at) throws ErrorResponseException {
        try {
            if (Base64.getDecoder().decode(data).length > 0) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // Answered below with the same error as empty data.
        }
        throw ClaudeErrorWriter.invalid(at + ".data: Invalid base64 data");
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
