package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a conversation as input items. Results of tools come before the other content of their message. Reasoning is left out:
 * Perplexity takes none back; what proves it are the signatures of tool calls, which go with the call and with its result.
 */
final class PerplexityAgentInputWriter {

    /** What every vendor behind the Agent API takes as the id of a tool call. */
    private static final Pattern COMMON_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final ProviderHttp http;
    private final ProviderCall call;
    private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, String> signatures = new HashMap<>();

    PerplexityAgentInputWriter(ProviderHttp http, ProviderCall call) {
        this.http = http;
        this.call = call;
    }

    ArrayNode items() {
        call.request().messages().forEach(this::add);
        return items;
    }

    private void add(Message message) {
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        for (Part part : message.parts()) {
            if (part instanceof Part.Text text) {
                if (!text.text().isEmpty()) {
                    content.addObject().put("type", "input_text").put("text", text.text());
                }
            } else if (part instanceof Part.Image image) {
                String url = PerplexityOptions.images(http).url(call, image.media());
                content.addObject().put("type", "input_image").put("image_url", url);
            } else if (part instanceof Part.ToolCall asked) {
                // Text before a call becomes an item before it, so that the order of the turn is kept.
                flush(message.role(), content);
                add(asked);
            } else if (part instanceof Part.ToolResult result) {
                add(result);
            }
        }
        flush(message.role(), content);
    }

    private void add(Part.ToolCall asked) {
        ObjectNode item = items.addObject().put("type", "function_call").put("call_id", id(asked.id()));
        item.put("name", asked.name()).put("arguments", asked.arguments());
        asked.signature()
                .filter(signature -> signature.provider().equals(http.provider()))
                .map(Signature::value)
                .ifPresent(value -> {
                    signatures.put(asked.id(), value);
                    item.put("thought_signature", value);
                });
    }

    /** There is no field for a failure: its text states it. */
    private void add(Part.ToolResult result) {
        ObjectNode item = items.addObject().put("type", "function_call_output").put("call_id", id(result.callId()));
        item.put("name", result.name()).put("output", (result.isError() ? "Error: " : "") + result.text());
        if (signatures.containsKey(result.callId())) {
            item.put("thought_signature", signatures.get(result.callId()));
        }
    }

    private void flush(Role role, ArrayNode content) {
        if (!content.isEmpty()) {
            items.addObject()
                    .put("type", "message")
                    .put("role", role == Role.USER ? "user" : "assistant")
                    .set("content", plain(content));
            content.removeAll();
        }
    }

    private static JsonNode plain(ArrayNode content) {
        return content.size() == 1 && content.get(0).has("text")
                ? TextNode.valueOf(content.get(0).path("text").asText())
                // A copy, because the caller empties its list after this.
                : content.deepCopy();
    }

    /** Ids of other providers may be of any form. */
    private String id(String id) {
        return COMMON_ID.matcher(id).matches() ? id : ids.computeIfAbsent(id, other -> "call_of_another_" + ids.size());
    }
}
