package dev.architect.provider.http.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Appends the message of an answer of Chat Completions, or its deltas. Not safe for use by several threads.
 *
 * <p>Compatible services write the content as a list of parts too, and
 * name what the model thinks {@code reasoning_content} (DeepSeek, vLLM, llama.cpp) or {@code reasoning} (OpenRouter, Groq, LM
 * Studio). The reasoning is signed with the name of its field, so that it goes back in the same one.
 */
public final class ChatMessageReader {

    /** The fields that hold reasoning, the one that counts first when a service sends both. */
    public static final List<String> REASONING_FIELDS = List.of("reasoning_content", "reasoning");

    private final Exchange exchange;
    private String reasoningField = "";
    private boolean refused;
    private boolean unread;

    /** Creates a reader of one answer. */
    public ChatMessageReader(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Whether the model refused with a text of its own. */
    public boolean isRefused() {
        return refused;
    }

    /** Appends a message, or the next delta of one; a missing value does nothing. */
    public void append(JsonNode message) {
        for (String field : REASONING_FIELDS) {
            String reasoning =
                    message.path(field).isTextual() ? message.path(field).textValue() : "";
            if (!reasoning.isEmpty()) {
                reasoningField = field;
                exchange.appendReasoning(reasoning);
                break;
            }
        }
        appendContent(message.path("content"));
        // The refusal is the answer's text: the caller sees the model's own reason.
        appendRefusal(message.path("refusal"));
        int position = 0;
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            JsonNode arguments = function.path("arguments");
            exchange.appendToolCall(
                    // Deltas are told apart by index, because id and name come once; whole answers have no index.
                    call.path("index").asInt(position++),
                    call.path("id").asText(""),
                    function.path("name").asText(""),
                    arguments.isObject() ? arguments.toString() : arguments.asText(""));
        }
        for (JsonNode annotation : message.path("annotations")) {
            WebCitationReader.cite(annotation.path("url_citation"), exchange);
        }
    }

    /** Completes what was appended; an answer whose content could not be read must not pass for an empty one. */
    public void finish() {
        if (unread && exchange.text().isEmpty()) {
            throw exchange.protocolFailure("content of the message is neither text nor parts of text");
        }
        if (!reasoningField.isEmpty()) {
            exchange.signLastReasoning(reasoningField);
        }
    }

    private void appendContent(JsonNode content) {
        if (content.isArray()) {
            content.forEach(this::appendContent);
        } else if (content.isObject()) {
            appendPart(content);
        } else if (content.isTextual()) {
            exchange.appendText(content.textValue());
        } else {
            unread |= content.isValueNode() && !content.isNull();
        }
    }

    private void appendPart(JsonNode part) {
        if (part.has("refusal")) {
            appendRefusal(part.path("refusal"));
        } else if (part.has("thinking")) {
            // Mistral's, which holds parts of text in turn.
            part.path("thinking")
                    .forEach(text -> exchange.appendReasoning(text.path("text").asText("")));
        } else if (part.path("text").isTextual()) {
            exchange.appendText(part.path("text").textValue());
        } else {
            unread = true;
        }
    }

    private void appendRefusal(JsonNode refusal) {
        String text = refusal.asText("");
        refused |= !text.isEmpty();
        exchange.appendText(text);
    }
}
