package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.GenerationSettings;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.chat.Toolset;
import dev.architect.model.StopReason;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ProviderSignatures;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The objects of a response, alike in a whole answer and in a streamed one. */
final class OpenAiResponseItems {

    private static final String IN_PROGRESS = "in_progress";
    private static final String COMPLETED = "completed";

    private final GatewayRequest request;
    private final Instant at;

    OpenAiResponseItems(GatewayRequest request, Instant at) {
        this.request = request;
        this.at = at;
    }

    /** Returns a response that has no output yet. */
    ObjectNode response(String requestId, String model) {
        GenerationSettings generation = request.chat().generation();
        Toolset toolset = request.chat().toolset();
        ObjectNode json = JsonResponseWriter.object()
                .put("id", "resp_" + requestId)
                .put("object", "response")
                .put("created_at", at.getEpochSecond())
                .put("status", IN_PROGRESS)
                .put("background", false);
        json.putNull("error")
                .putNull("incomplete_details")
                .put("instructions", request.chat().system().orElse(null));
        json.put("max_output_tokens", generation.maxOutputTokens().orElse(null));
        json.put("model", model);
        json.putArray("output");
        json.put("parallel_tool_calls", toolset.choice().parallel() == ToolChoice.Parallel.ALLOWED);
        json.putNull("previous_response_id");
        json.put("store", false).put("temperature", generation.temperature().orElse(1.0));
        json.putObject("text").putObject("format").put("type", "text");
        json.set("tool_choice", choice(toolset.choice()));
        ArrayNode tools = json.putArray("tools");
        toolset.tools().forEach(tool -> tools.add(tool(tool)));
        json.put("top_p", 1.0).put("truncation", "disabled").putNull("usage");
        JsonResponseWriter.putTexts(json, "metadata", request.tags());
        return json;
    }

    private static JsonNode choice(ToolChoice choice) {
        return choice.name()
                .<JsonNode>map(name ->
                        JsonResponseWriter.object().put("type", "function").put("name", name))
                .orElseGet(() -> TextNode.valueOf(
                        switch (choice.mode()) {
                            case REQUIRED -> "required";
                            case NONE -> "none";
                            case AUTO, NAMED -> "auto";
                        }));
    }

    private static ObjectNode tool(Tool tool) {
        ObjectNode json = JsonResponseWriter.object()
                .put("type", "function")
                .put("name", tool.name())
                .put("description", tool.description())
                .put("strict", false);
        json.set("parameters", JsonResponseWriter.parsed(tool.inputSchema()).orElseGet(JsonResponseWriter::object));
        return json;
    }

    /** Returns the response of {@code answer}, whose output is {@code items}. */
    ObjectNode finished(ChatResponse answer, List<ObjectNode> items) {
        ObjectNode json = response(answer.requestId(), answer.model().model());
        Optional<String> incomplete = incomplete(answer.stopReason());
        json.put("status", incomplete.isPresent() ? "incomplete" : COMPLETED);
        incomplete.ifPresent(reason -> json.putObject("incomplete_details").put("reason", reason));
        ArrayNode output = json.putArray("output");
        items.forEach(output::add);
        json.set("usage", OpenAiTokenCounts.ofResponse(answer.usage()));
        return json;
    }

    static Optional<String> incomplete(StopReason reason) {
        return switch (reason) {
            case LENGTH -> Optional.of("max_output_tokens");
            case REFUSED -> Optional.of("content_filter");
            case COMPLETE, STOP_SEQUENCE, TOOL_CALLS, PAUSED, OTHER -> Optional.empty();
        };
    }

    static ObjectNode message(String id, String text, List<Citation> citations) {
        ObjectNode item = message(id, COMPLETED);
        item.withArray("content").add(text(text, citations));
        return item;
    }

    static ObjectNode begunMessage(String id) {
        return message(id, IN_PROGRESS);
    }

    private static ObjectNode message(String id, String status) {
        ObjectNode item = JsonResponseWriter.object()
                .put("type", "message")
                .put("id", id)
                .put("status", status)
                .put("role", "assistant");
        item.putArray("content");
        return item;
    }

    static ObjectNode text(String text, List<Citation> citations) {
        ObjectNode part = JsonResponseWriter.object().put("type", "output_text").put("text", text);
        ArrayNode annotations = part.putArray("annotations");
        for (Citation citation : citations) {
            citation.url()
                    .ifPresent(url -> annotations
                            .addObject()
                            .put("type", "url_citation")
                            .put("url", url)
                            .put("title", citation.title())
                            .put("start_index", 0)
                            .put("end_index", 0));
        }
        part.putArray("logprobs");
        return part;
    }

    static ObjectNode call(String itemId, String id, String name, String arguments, boolean isWhole) {
        return JsonResponseWriter.object()
                .put("type", "function_call")
                .put("id", itemId)
                .put("call_id", id)
                .put("name", name)
                .put("arguments", arguments)
                .put("status", isWhole ? COMPLETED : IN_PROGRESS);
    }

    static ObjectNode reasoning(String id, String text, Optional<Signature> signature) {
        ObjectNode item = JsonResponseWriter.object().put("type", "reasoning").put("id", id);
        ArrayNode summary = item.putArray("summary");
        if (!text.isEmpty()) {
            summary.add(summary(text));
        }
        return item.put(
                "encrypted_content", signature.map(ProviderSignatures::write).orElse(null));
    }

    static ObjectNode summary(String text) {
        return JsonResponseWriter.object().put("type", "summary_text").put("text", text);
    }

    /** Returns the items of a whole answer. */
    static List<ObjectNode> items(ChatResponse answer) {
        List<ObjectNode> items = new ArrayList<>();
        for (Part part : answer.content()) {
            String id = answer.requestId() + "_" + items.size();
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                items.add(message("msg_" + id, text.text(), answer.citations()));
            } else if (part instanceof Part.ToolCall call) {
                items.add(call("fc_" + id, call.id(), call.name(), call.arguments(), true));
            } else if (part instanceof Part.Reasoning reasoning) {
                items.add(reasoning("rs_" + id, reasoning.text(), reasoning.signature()));
            }
        }
        return items;
    }
}
