package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.provider.http.reading.PortableToolCallId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes turns as items of the Responses API. Reasoning goes back as it came, directly before the item that it led to: OpenAI
 * refuses reasoning that nothing follows, and reasoning for a model that does not reason.
 */
final class OpenAiResponsesInputWriter {

    private final String provider;
    private final OpenAiContentWriter content;
    private final ArrayNode items;
    private final boolean takesReasoning;
    private @Nullable ArrayNode open;

    OpenAiResponsesInputWriter(String provider, OpenAiContentWriter content, ArrayNode items, boolean takesReasoning) {
        this.provider = provider;
        this.content = content;
        this.items = items;
        this.takesReasoning = takesReasoning;
    }

    void add(OpenAiTurn turn) {
        open = null;
        int before = items.size();
        List<Part> parts = turn.parts();
        for (int index = 0; index < parts.size(); index++) {
            Part part = parts.get(index);
            if (part instanceof Part.CacheBreakpoint mark) {
                content.mark(mark.lifetime());
            } else if (turn.role() == Role.USER) {
                addUser(part);
            } else {
                addAssistant(part, parts.subList(index + 1, parts.size()));
            }
        }
        if (turn.role() == Role.USER && items.size() == before) {
            content.addText(message("user"), "");
        }
    }

    private void addUser(Part part) {
        if (part instanceof Part.ToolResult result) {
            ArrayNode output = items.addObject()
                    .put("type", "function_call_output")
                    .put("call_id", PortableToolCallId.shortened(result.callId()))
                    .putArray("output");
            content.addText(output, OpenAiTurn.text(result));
        } else {
            content.add(message("user"), part);
        }
    }

    private void addAssistant(Part part, List<Part> rest) {
        if (part instanceof Part.Text text) {
            message("assistant").addObject().put("type", "output_text").put("text", text.text());
        } else if (part instanceof Part.ToolCall made) {
            // A call is an item of its own; text behind it begins another message, so that the order is kept.
            open = null;
            items.addObject()
                    .put("type", "function_call")
                    .put("call_id", PortableToolCallId.shortened(made.id()))
                    .put("name", made.name())
                    .put("arguments", made.arguments());
            // OpenAI answers 400 to a reasoning item without the item that it led to.
        } else if (part instanceof Part.Reasoning reasoning && takesReasoning && leadsTo(rest)) {
            reasoning
                    .signature()
                    .filter(signature -> signature.provider().equals(provider))
                    .ifPresent(signature -> addReasoning(reasoning.text(), signature));
        }
    }

    private void addReasoning(String text, Signature signature) {
        open = null;
        ObjectNode item = items.addObject().put("type", "reasoning");
        ArrayNode summary = item.putArray("summary");
        if (!text.isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", text);
        }
        item.put("encrypted_content", signature.value());
    }

    private static boolean leadsTo(List<Part> rest) {
        return rest.stream().anyMatch(part -> part instanceof Part.Text || part instanceof Part.ToolCall);
    }

    /** The content of the message that is being written, or of another one. */
    private ArrayNode message(String role) {
        if (open == null) {
            open = items.addObject().put("role", role).putArray("content");
        }
        return open;
    }
}
