package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Media;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Writes parts of messages as content blocks. */
final class ClaudeContentWriter {

    /** Stands before the value of a signature whose reasoning Claude keeps to itself. */
    static final String REDACTED = "redacted_thinking:";

    private static final Set<String> IMAGES =
            new TreeSet<>(Set.of("image/jpeg", "image/png", "image/gif", "image/webp"));
    private static final String PDF = "application/pdf";
    private static final String PLAIN = "text/plain";

    private final ProviderHttp http;
    private final ProviderCall call;
    private final boolean withCitations;
    // Of this request alone: the same id must be rewritten alike in a call and in its result.
    private final Map<String, String> ids = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    ClaudeContentWriter(ProviderHttp http, ProviderCall call, boolean withCitations) {
        this.http = http;
        this.call = call;
        this.withCitations = withCitations;
    }

    static ObjectNode text(String text) {
        return block("text").put("text", text);
    }

    /** Returns the block, empty for what Claude must not see: blank text, and reasoning of others. */
    Optional<ObjectNode> of(Part part) {
        if (part instanceof Part.Text text) {
            return Optional.of(text.text()).filter(value -> !value.isBlank()).map(ClaudeContentWriter::text);
        }
        if (part instanceof Part.ToolCall toolCall) {
            return Optional.of(toolUse(toolCall));
        }
        if (part instanceof Part.ToolResult result) {
            return Optional.of(toolResult(result));
        }
        if (part instanceof Part.Reasoning reasoning) {
            return reasoning
                    .signature()
                    .filter(signature -> signature.provider().equals(http.provider()))
                    .map(signature -> thinking(reasoning.text(), signature));
        }
        return Optional.of(part instanceof Part.Image image ? image(image) : document((Part.Document) part));
    }

    private ObjectNode toolUse(Part.ToolCall toolCall) {
        ObjectNode block = block("tool_use").put("id", id(toolCall.id())).put("name", toolCall.name());
        block.set("input", http.arguments(call, toolCall));
        return block;
    }

    private ObjectNode toolResult(Part.ToolResult result) {
        ObjectNode block = block("tool_result").put("tool_use_id", id(result.callId()));
        // Claude rejects blank text blocks; a result without content is allowed.
        if (!result.text().isBlank()) {
            block.put("content", result.text());
        }
        return result.isError() ? block.put("is_error", true) : block;
    }

    /** Claude takes letters, digits, underscores and hyphens; ids of other providers may have more, and still differ. */
    private String id(String given) {
        return ids.computeIfAbsent(given, unseen -> {
            String plain = unseen.replaceAll("[^A-Za-z0-9_-]", "_");
            String free = plain;
            // Two foreign ids may become equal by the replacement; their results would then belong to one call.
            for (int next = 2; !taken.add(free); next++) {
                free = plain + "_" + next;
            }
            return free;
        });
    }

    private static ObjectNode thinking(String text, Signature signature) {
        // Sent back exactly as it came: Claude verifies its reasoning when a tool loop continues.
        return signature.value().startsWith(REDACTED)
                ? block("redacted_thinking").put("data", signature.value().substring(REDACTED.length()))
                : block("thinking").put("thinking", text).put("signature", signature.value());
    }

    private ObjectNode image(Part.Image image) {
        ObjectNode block = block("image");
        image.media().type().filter(type -> !IMAGES.contains(type)).ifPresent(type -> {
            throw unsupported("image", type, IMAGES.toString());
        });
        block.set("source", source("image", image.media()));
        return block;
    }

    private ObjectNode document(Part.Document document) {
        ObjectNode block = block("document");
        block.set("source", documentSource(document.media()));
        block.put("title", document.name());
        if (withCitations) {
            block.putObject("citations").put("enabled", true);
        }
        return block;
    }

    private ObjectNode documentSource(Media media) {
        if (media instanceof Media.Inline inline && inline.mediaType().equals(PLAIN)) {
            byte[] bytes = Base64.getDecoder().decode(inline.base64());
            return block("text").put("media_type", PLAIN).put("data", new String(bytes, StandardCharsets.UTF_8));
        }
        media.type().filter(type -> !type.equals(PDF)).ifPresent(type -> {
            throw unsupported("document", type, media instanceof Media.Inline ? PDF + " or " + PLAIN : PDF);
        });
        return source("document", media);
    }

    private ObjectNode source(String kind, Media media) {
        if (media instanceof Media.Inline inline) {
            return block("base64").put("media_type", inline.mediaType()).put("data", inline.base64());
        }
        URI url = ((Media.Link) media).url();
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            throw http.unsupported(call, "link of " + kind + " is of scheme " + url.getScheme() + ", expected https");
        }
        return block("url").put("url", url.toString());
    }

    private ProviderException unsupported(String kind, String type, String expected) {
        return http.unsupported(call, kind + " is of " + type + ", expected " + expected);
    }

    private static ObjectNode block(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
