package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.ChatMessageReader;
import dev.architect.provider.http.reading.PortableToolCallId;
import java.util.stream.Collectors;

/**
 * Writes calls as {@code POST /chat/completions}. OpenAI has no place for reasoning there. Compatible services that show reasoning expect
 * it back in a conversation with tool calls (DeepSeek refuses the request without), and may refuse it in any other.
 */
final class OpenAiChatRequestWriter {

    static final String PATH = "/chat/completions";

    /** GPT-5.4 is the first that cannot reason and use tools in one such call. */
    private static final int TOOLS_OR_REASONING = 504;

    private final OpenAiCall call;
    private final OpenAiContentWriter content;
    private final ArrayNode messages;
    private final boolean usesTools;

    private OpenAiChatRequestWriter(OpenAiCall call) {
        this.call = call;
        this.content = new OpenAiContentWriter(call, OpenAiApi.CHAT_COMPLETIONS);
        this.messages = JsonNodeFactory.instance.arrayNode();
        this.usesTools = call.request().messages().stream()
                .anyMatch(message -> !message.toolCalls().isEmpty());
    }

    static HttpRequest whole(OpenAiCall call) {
        return HttpRequest.post(PATH, new OpenAiChatRequestWriter(call).body());
    }

    /** Requests the counts too: by default a stream has none. */
    static HttpRequest streamed(OpenAiCall call) {
        ObjectNode body = new OpenAiChatRequestWriter(call).body().put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return HttpRequest.post(PATH, body);
    }

    private ObjectNode body() {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        call.writeShared(body);
        body.set("messages", messages);
        request.system().ifPresent(text -> content.addText(open("system"), text));
        OpenAiTurn.of(call).forEach(turn -> {
            if (turn.role() == Role.USER) {
                addUser(turn);
            } else {
                addAssistant(turn);
            }
        });
        // At the end, once it is known which texts carry a cache breakpoint and must stay parts.
        OpenAiContentWriter.simplify(messages);
        if (call.call().isPrefilled()) {
            writePrefix(body);
        }
        // Not max_tokens, which reasoning models reject.
        request.generation().maxOutputTokens().ifPresent(tokens -> body.put("max_completion_tokens", tokens));
        if (!request.generation().stopSequences().isEmpty()) {
            ArrayNode stops = body.putArray("stop");
            request.generation().stopSequences().forEach(stops::add);
        }
        OpenAiToolWriter.write(call, OpenAiApi.CHAT_COMPLETIONS, body);
        request.generation()
                .outputSchema()
                .ifPresent(schema -> OpenAiToolWriter.writeSchema(
                        call, OpenAiApi.CHAT_COMPLETIONS, schema, body.putObject("response_format")));
        writeEffort(body);
        if (call.options().containsKey(OpenAiCall.VERBOSITY)) {
            body.put(OpenAiCall.VERBOSITY, call.options().get(OpenAiCall.VERBOSITY));
        }
        content.writeCacheOptions(body);
        return body;
    }

    private void writePrefix(ObjectNode body) {
        ObjectNode last = messages.addObject()
                .put("role", "assistant")
                .put("content", call.call().prefix());
        switch (call.prefill()) {
            case PREFIX_FIELD -> last.put("prefix", true);
            case CONTINUE_FINAL_MESSAGE ->
                body.put("continue_final_message", true).put("add_generation_prompt", false);
            case LAST_MESSAGE, NONE -> {
                // The message alone; without a way to continue the call was rejected before.
            }
        }
    }

    private void writeEffort(ObjectNode body) {
        if (call.options().containsKey(OpenAiCall.REASONING_SUMMARY)) {
            throw call.unsupported("option " + call.http().provider()
                    + ".reasoning_summary is set, expected the Responses API with it");
        }
        String effort = call.effort();
        OpenAiModelFamily family = call.family();
        String none = OpenAiModelFamily.wireName(ReasoningEffort.NONE);
        if (family.hasReasoning()
                && family.isGpt(TOOLS_OR_REASONING)
                && !call.request().toolset().tools().isEmpty()) {
            if (!effort.isEmpty() && !effort.equals(none)) {
                throw call.unsupported(
                        "effort is " + call.request().generation().effort().orElse(null)
                                + " together with tools, expected NONE, or the Responses API");
            }
            // Stated although none was asked for: the default of these models may be to reason, which tools exclude
            // here.
            effort = family.efforts().contains(ReasoningEffort.NONE) ? none : "";
        }
        if (!effort.isEmpty()) {
            body.put("reasoning_effort", effort);
        }
    }

    private void addUser(OpenAiTurn turn) {
        ArrayNode open = null;
        boolean answers = false;
        for (Part part : turn.parts()) {
            if (part instanceof Part.CacheBreakpoint mark) {
                content.mark(mark.lifetime());
            } else if (part instanceof Part.ToolResult result) {
                answers = true;
                ArrayNode text = open("tool");
                ((ObjectNode) messages.get(messages.size() - 1))
                        .put("tool_call_id", PortableToolCallId.shortened(result.callId()));
                content.addText(text, OpenAiTurn.text(result));
            } else {
                open = open == null ? open("user") : open;
                content.add(open, part);
            }
        }
        // Without any message for this turn, two answers of the assistant would follow each other.
        if (open == null && !answers) {
            content.addText(open("user"), "");
        }
    }

    private void addAssistant(OpenAiTurn turn) {
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (Part.ToolCall made : Message.toolCalls(turn.parts())) {
            calls.addObject()
                    .put("id", PortableToolCallId.shortened(made.id()))
                    .put("type", "function")
                    .putObject("function")
                    .put("name", made.name())
                    .put("arguments", made.arguments());
        }
        ArrayNode open = null;
        for (Part part : turn.parts()) {
            if (part instanceof Part.CacheBreakpoint mark) {
                content.mark(mark.lifetime());
            } else if (part instanceof Part.Text text) {
                open = open == null ? open("assistant") : open;
                content.addText(open, text.text());
            }
        }
        if (open == null && calls.isEmpty()) {
            return;
        }
        ObjectNode message = open == null
                ? messages.addObject().put("role", "assistant")
                : (ObjectNode) messages.get(messages.size() - 1);
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        if (usesTools) {
            for (String field : ChatMessageReader.REASONING_FIELDS) {
                String reasoning = reasoning(turn, field);
                if (!reasoning.isEmpty()) {
                    message.put(field, reasoning);
                }
            }
        }
    }

    /** What the model thought, as far as this provider sent it in that field. */
    private String reasoning(OpenAiTurn turn, String field) {
        Signature wanted = new Signature(call.http().provider(), field);
        return turn.parts().stream()
                .filter(part -> part instanceof Part.Reasoning reasoning
                        && reasoning.signature().filter(wanted::equals).isPresent())
                .map(part -> ((Part.Reasoning) part).text())
                .collect(Collectors.joining("\n\n"));
    }

    /** Opens a message and returns its content. */
    private ArrayNode open(String role) {
        return messages.addObject().put("role", role).putArray("content");
    }
}
