package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.List;

/**
 * Writes turns as messages. A message of Ollama has one text, with images, reasoning and tool calls beside it; each result of a
 * tool is a message of its own, and comes before the other parts of the user. Which types of images models read is general knowledge,
 * not checked against servers.
 */
final class OllamaMessageWriter {

    private static final List<String> IMAGES = List.of("image/jpeg", "image/png", "image/webp");

    private final ProviderHttp http;

    OllamaMessageWriter(ProviderHttp http) {
        this.http = http;
    }

    ArrayNode write(ProviderCall call) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        call.request()
                .system()
                .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
        for (Message message : call.request().messages()) {
            ObjectNode written = message.role() == Role.USER ? user(call, message, messages) : assistant(call, message);
            // Role and empty content alone: all that the turn had was written as messages of role tool, or is left out.
            boolean isEmpty = written.size() == 2 && message.text().isEmpty();
            if (!isEmpty) {
                messages.add(written);
            }
        }
        if (call.isPrefilled()) {
            messages.addObject().put("role", "assistant").put("content", call.prefix());
        }
        return messages;
    }

    private ObjectNode user(ProviderCall call, Message message, ArrayNode messages) {
        ObjectNode user = turn("user", message);
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                messages.addObject()
                        .put("role", "tool")
                        .put("content", result.text())
                        .put("tool_name", result.name())
                        .put("tool_call_id", result.callId());
            } else if (part instanceof Part.Image image) {
                user.withArray("images").add(base64(call, image.media()));
            }
        }
        return user;
    }

    private ObjectNode assistant(ProviderCall call, Message message) {
        ObjectNode assistant = turn("assistant", message);
        StringBuilder reasoningText = new StringBuilder();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolCall tool) {
                ObjectNode function = assistant
                        .withArray("tool_calls")
                        .addObject()
                        .put("id", tool.id())
                        .putObject("function")
                        .put("name", tool.name());
                function.set("arguments", http.arguments(call, tool));
            } else if (part instanceof Part.Reasoning reasoning && isOwn(reasoning, call)) {
                reasoningText.append(reasoning.text());
            }
        }
        if (!reasoningText.isEmpty()) {
            assistant.put("thinking", reasoningText.toString());
        }
        return assistant;
    }

    private static ObjectNode turn(String role, Message message) {
        return JsonNodeFactory.instance.objectNode().put("role", role).put("content", message.text());
    }

    /** Reasoning is sent back only to its own model: another one may take it for an example of how to answer. */
    private boolean isOwn(Part.Reasoning reasoning, ProviderCall call) {
        Signature signature = reasoning.signature().orElse(null);
        return signature != null
                && signature.provider().equals(http.provider())
                && signature.value().equals(call.model());
    }

    private String base64(ProviderCall call, Media media) {
        if (media instanceof Media.Inline inline && IMAGES.contains(inline.mediaType())) {
            return inline.base64();
        }
        throw http.unsupported(
                call, "image is of type " + media.type().orElse("unknown") + ", expected one of " + IMAGES);
    }
}
