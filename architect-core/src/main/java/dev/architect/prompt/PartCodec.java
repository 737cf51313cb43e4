package dev.architect.prompt;

import dev.architect.chat.CacheLifetime;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.json.JsonFields;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON form of the turns of a conversation. A turn is {@code {"role": "user"|"assistant", "content": …}}, whose content is
 * text or a list of parts:
 *
 * <pre>
 * {"type": "text", "text": "…"}
 * {"type": "image", "mediaType": "image/png", "data": "base64"}       or with "url" in place of "data"
 * {"type": "document", "name": "a.pdf", "mediaType": "application/pdf", "data": "base64"}       or "url"
 * {"type": "tool-call", "id": "…", "name": "…", "arguments": "JSON as text", "signature": {…}}
 * {"type": "tool-result", "callId": "…", "name": "…", "text": "…", "isError": false}
 * {"type": "reasoning", "text": "…", "signature": {"provider": "…", "value": "…"}}
 * {"type": "cache-breakpoint", "lifetime": "short"|"long"}
 * </pre>
 */
final class PartCodec {

    private PartCodec() {}

    static Map<String, Object> write(Message message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", JsonFields.wordOf(message.role()));
        List<Part> parts = message.parts();
        fields.put(
                "content",
                parts.size() == 1 && parts.get(0) instanceof Part.Text text
                        ? text.text()
                        : parts.stream().map(PartCodec::write).toList());
        return fields;
    }

    private static Map<String, Object> write(Part part) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (part instanceof Part.Text text) {
            fields.put("type", "text");
            fields.put("text", text.text());
        } else if (part instanceof Part.Image image) {
            fields.put("type", "image");
            write(image.media(), fields);
        } else if (part instanceof Part.Document document) {
            fields.put("type", "document");
            fields.put("name", document.name());
            write(document.media(), fields);
        } else if (part instanceof Part.ToolCall call) {
            fields.put("type", "tool-call");
            fields.put("id", call.id());
            fields.put("name", call.name());
            fields.put("arguments", call.arguments());
            call.signature().ifPresent(signature -> fields.put("signature", write(signature)));
        } else if (part instanceof Part.ToolResult result) {
            fields.put("type", "tool-result");
            fields.put("callId", result.callId());
            fields.put("name", result.name());
            fields.put("text", result.text());
            if (result.isError()) {
                fields.put("isError", true);
            }
        } else if (part instanceof Part.Reasoning reasoning) {
            fields.put("type", "reasoning");
            fields.put("text", reasoning.text());
            reasoning.signature().ifPresent(signature -> fields.put("signature", write(signature)));
        } else if (part instanceof Part.CacheBreakpoint breakpoint) {
            fields.put("type", "cache-breakpoint");
            fields.put("lifetime", JsonFields.wordOf(breakpoint.lifetime()));
        } else {
            throw new IllegalStateException("part is a " + part.getClass().getSimpleName() + ", expected a known kind");
        }
        return fields;
    }

    private static void write(Media media, Map<String, Object> fields) {
        media.type().ifPresent(type -> fields.put("mediaType", type));
        if (media instanceof Media.Inline inline) {
            fields.put("data", inline.base64());
        } else if (media instanceof Media.Link link) {
            fields.put("url", link.url().toString());
        }
    }

    private static Map<String, Object> write(Signature signature) {
        return Map.of("provider", signature.provider(), "value", signature.value());
    }

    static Message readMessage(JsonFields fields) {
        Role role = fields.constant("role", Role.class).orElseThrow(() -> fields.missing("role", "user or assistant"));
        List<Part> parts = fields.isText("content")
                ? List.of(new Part.Text(fields.requiredText("content")))
                : fields.objects("content").stream().map(PartCodec::readPart).toList();
        return ChatRequestCodec.checked(fields, "content", () -> new Message(role, parts));
    }

    private static Part readPart(JsonFields fields) {
        String type = fields.requiredText("type");
        return ChatRequestCodec.checked(fields, "type", () -> switch (type) {
            case "text" -> new Part.Text(fields.requiredText("text"));
            case "image" -> new Part.Image(readMedia(fields));
            case "document" ->
                new Part.Document(readMedia(fields), fields.text("name").orElse("document"));
            case "tool-call" ->
                new Part.ToolCall(
                        fields.requiredText("id"),
                        fields.requiredText("name"),
                        fields.text("arguments").orElse("{}"),
                        readSignature(fields));
            case "tool-result" ->
                new Part.ToolResult(
                        fields.requiredText("callId"),
                        fields.requiredText("name"),
                        fields.requiredText("text"),
                        fields.flag("isError", false));
            case "reasoning" -> new Part.Reasoning(fields.text("text").orElse(""), readSignature(fields));
            case "cache-breakpoint" ->
                new Part.CacheBreakpoint(
                        fields.constant("lifetime", CacheLifetime.class).orElse(CacheLifetime.SHORT));
            default ->
                throw fields.invalid(
                        "type",
                        "'" + JsonFields.shorten(type) + "'",
                        "text, image, document, tool-call, tool-result, reasoning or cache-breakpoint");
        });
    }

    private static Media readMedia(JsonFields fields) {
        if (fields.has("data") == fields.has("url")) {
            throw fields.missing("data", "base64 with a mediaType, or a url in its place");
        }
        if (fields.has("url")) {
            return ChatRequestCodec.checked(fields, "url", () -> new Media.Link(url(fields), fields.text("mediaType")));
        }
        return ChatRequestCodec.checked(
                fields, "data", () -> new Media.Inline(fields.requiredText("mediaType"), fields.requiredText("data")));
    }

    private static URI url(JsonFields fields) {
        String text = fields.requiredText("url");
        try {
            return URI.create(text);
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid(
                    "url", "'" + JsonFields.shorten(text) + "'", "an address such as https://example.com/a.png");
        }
    }

    private static Optional<Signature> readSignature(JsonFields fields) {
        return fields.object("signature")
                .map(signature -> new Signature(signature.requiredText("provider"), signature.requiredText("value")));
    }
}
