package dev.architect.server.gateway.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.CacheLifetime;
import dev.architect.chat.Media;
import dev.architect.chat.Part;
import dev.architect.server.gateway.dialect.ClientFields;
import dev.architect.server.gateway.dialect.ClientMedia;
import dev.architect.server.gateway.dialect.ProviderSignatures;
import dev.architect.server.gateway.dialect.ToolCallNames;
import dev.architect.server.rest.JsonResponseWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the content blocks of one request, in order. */
final class AnthropicContentReader {

    private final ToolCallNames names = new ToolCallNames();
    private final boolean keepsBreakpoints;
    private final List<String> ignored;

    /**
     * Creates a reader.
     *
     * @param keepsBreakpoints whether marks of cached prompts are kept, which not every model takes
     * @param ignored takes the paths of what is not followed
     */
    AnthropicContentReader(boolean keepsBreakpoints, List<String> ignored) {
        this.keepsBreakpoints = keepsBreakpoints;
        this.ignored = ignored;
    }

    /** Returns the parts of a content that is a text or a list of blocks. */
    List<Part> parts(ClientFields message, String name) {
        JsonNode content = message.get(name);
        if (content == null) {
            return List.of();
        }
        if (content.isTextual()) {
            return List.of(new Part.Text(content.textValue()));
        }
        List<Part> parts = new ArrayList<>();
        for (ClientFields block : message.objects(name)) {
            parts.add(part(block));
            breakpoint(block).ifPresent(parts::add);
        }
        return parts;
    }

    /** Returns the text of a content; blocks that are no text are rejected. */
    String text(ClientFields message, String name) {
        JsonNode content = message.get(name);
        if (content == null || content.isTextual()) {
            return content == null ? "" : content.textValue();
        }
        StringBuilder text = new StringBuilder();
        for (ClientFields block : message.objects(name)) {
            String type = block.requiredText("type");
            if (!type.equals("text")) {
                throw block.notOneOf("type", type, "text");
            }
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(block.requiredText("text"));
        }
        return text.toString();
    }

    /** Returns the mark of a cached prompt at a block or a tool, where marks are kept. */
    Optional<Part> breakpoint(ClientFields block) {
        ClientFields control = block.object("cache_control");
        if (control == null) {
            return Optional.empty();
        }
        if (!keepsBreakpoints) {
            ignored.add(block.path("cache_control"));
            return Optional.empty();
        }
        String lifetime = control.text("ttl");
        return Optional.of(new Part.CacheBreakpoint("1h".equals(lifetime) ? CacheLifetime.LONG : CacheLifetime.SHORT));
    }

    private Part part(ClientFields block) {
        String type = block.requiredText("type");
        return switch (type) {
            case "text" -> new Part.Text(block.requiredText("text"));
            case "image" -> new Part.Image(media(block.requiredObject("source"), "image/png"));
            case "document" -> document(block);
            case "tool_use" -> toolUse(block);
            case "tool_result" ->
                names.result(block, "tool_use_id", text(block, "content"), block.truth("is_error", false));
            case "thinking" ->
                new Part.Reasoning(block.requiredText("thinking"), ProviderSignatures.read(block.text("signature")));
            case "redacted_thinking" -> new Part.Reasoning("", ProviderSignatures.read(block.requiredText("data")));
            default ->
                throw block.notOneOf(
                        "type", type, "text, image, document, tool_use, tool_result, thinking, redacted_thinking");
        };
    }

    private Part toolUse(ClientFields block) {
        ClientFields input = block.requiredObject("input");
        String arguments = new String(JsonResponseWriter.bytes(input.json()), StandardCharsets.UTF_8);
        return block.checked(
                "id",
                () -> names.add(Part.ToolCall.of(block.requiredText("id"), block.requiredText("name"), arguments)));
    }

    private Part document(ClientFields block) {
        String title = block.text("title");
        if (block.has("context")) {
            ignored.add(block.path("context"));
        }
        return new Part.Document(
                media(block.requiredObject("source"), "application/pdf"),
                title == null || title.isBlank() ? "document" : title);
    }

    private static Media media(ClientFields source, String usual) {
        String type = source.requiredText("type");
        return switch (type) {
            case "base64" ->
                source.checked("data", () -> {
                    String mediaType = source.text("media_type");
                    return new Media.Inline(mediaType == null ? usual : mediaType, source.requiredText("data"));
                });
            case "url" -> ClientMedia.at(source, "url", source.requiredText("url"));
            case "text" -> Media.of("text/plain", source.requiredText("data").getBytes(StandardCharsets.UTF_8));
            default -> throw source.notOneOf("type", type, "base64, url, text");
        };
    }
}
