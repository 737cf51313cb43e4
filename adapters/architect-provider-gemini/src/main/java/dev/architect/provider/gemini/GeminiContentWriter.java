package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import org.jspecify.annotations.Nullable;

/**
 * Writes the turns of a conversation. The results of tools follow the calls at once, in a content of their own, since the model
 * refuses any other order. Turns of one author become one, and a turn of which nothing is left is none. Empty texts are left
 * out: Gemini refuses parts without content, unless they carry a signature.
 */
final class GeminiContentWriter {

    /**
     * Stands for the signature of a call that another model made, as other libraries send it and saw it taken (vercel/ai, pull
     * request 15560, 2026-05); not checked against the service.
     */
    static final String SKIP_SIGNATURE_CHECK = "skip_thought_signature_validator";

    private final ProviderCall call;
    private final ProviderHttp http;
    private final boolean wantsSignatures;
    private final ArrayNode contents = JsonNodeFactory.instance.arrayNode();
    private Author last = Author.NONE;

    private enum Author {
        NONE,
        USER,
        TOOLS,
        MODEL
    }

    private GeminiContentWriter(ProviderCall call, ProviderHttp http) {
        this.call = call;
        this.http = http;
        this.wantsSignatures = GeminiModel.of(call.model()).wantsSignatures();
    }

    static ArrayNode of(ProviderCall call, ProviderHttp http) {
        GeminiContentWriter writer = new GeminiContentWriter(call, http);
        call.request().messages().forEach(writer::add);
        return writer.contents;
    }

    private void add(Message message) {
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        // Of parallel calls Gemini signs the first only, and wants a signature on that one only.
        boolean unsigned = wantsSignatures;
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) {
                results.add(result(result));
            } else if (part instanceof Part.ToolCall toolCall) {
                parts.add(toolCall(toolCall, unsigned));
                unsigned = false;
            } else if (part instanceof Part.Reasoning reasoning) {
                reasoning(reasoning, parts);
            } else if (part instanceof Part.Text text) {
                if (!text.text().isEmpty()) {
                    parts.addObject().put("text", text.text());
                }
            } else if (part instanceof Part.Image image) {
                parts.add(GeminiMediaWriter.image(call, image, http));
            } else if (part instanceof Part.Document document) {
                parts.add(GeminiMediaWriter.document(call, document, http));
            }
        }
        // Before the other parts of the message: results must follow the calls at once.
        append(Author.TOOLS, results);
        append(message.role() == Role.USER ? Author.USER : Author.MODEL, parts);
    }

    private void append(Author author, ArrayNode parts) {
        if (parts.isEmpty()) {
            return;
        }
        if (author == last) {
            ((ArrayNode) contents.path(contents.size() - 1).path("parts")).addAll(parts);
        } else {
            contents.addObject()
                    .put("role", author == Author.MODEL ? "model" : "user")
                    .set("parts", parts);
            last = author;
        }
    }

    /** The first call of a turn is signed; where another model made it, with a placeholder. */
    private ObjectNode toolCall(Part.ToolCall toolCall, boolean mustBeSigned) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.putObject("functionCall")
                .put("id", toolCall.id())
                .put("name", toolCall.name())
                .set("args", http.arguments(call, toolCall));
        String signature = own(toolCall.signature().orElse(null));
        if (signature != null || mustBeSigned) {
            part.put("thoughtSignature", signature == null ? SKIP_SIGNATURE_CHECK : signature);
        }
        return part;
    }

    private static ObjectNode result(Part.ToolResult result) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.putObject("functionResponse")
                .put("id", result.callId())
                .put("name", result.name())
                .putObject("response")
                .put(result.isError() ? "error" : "output", result.text());
        return part;
    }

    /** A signature without text belongs to the text before it; reasoning is sent back only with a signature of Gemini's. */
    private void reasoning(Part.Reasoning reasoning, ArrayNode parts) {
        String signature = own(reasoning.signature().orElse(null));
        if (signature == null) {
            return;
        }
        if (!reasoning.text().isEmpty()) {
            parts.addObject().put("text", reasoning.text()).put("thought", true).put("thoughtSignature", signature);
        } else if (parts.path(parts.size() - 1) instanceof ObjectNode before
                && before.has("text")
                && !before.has("thoughtSignature")) {
            before.put("thoughtSignature", signature);
        } else {
            parts.addObject().put("text", "").put("thoughtSignature", signature);
        }
    }

    private @Nullable String own(@Nullable Signature signature) {
        return signature != null && signature.provider().equals(http.provider()) ? signature.value() : null;
    }
}
