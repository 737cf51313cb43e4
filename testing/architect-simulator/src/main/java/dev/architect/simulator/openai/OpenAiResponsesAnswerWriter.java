package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.ReasoningSignature;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;

/**
 * Answers of the OpenAI Responses API: a list of items, of which reasoning is the first. Its text is sent as a summary when one
 * is requested, and encrypted when that is requested.
 */
final class OpenAiResponsesAnswerWriter implements ChatAnswerWriter {

    /** The id prefix of calls that follow reasoning; they must come back together with it. */
    static final String REASONING_CALL = "fc_rs_";

    private final ObjectNode request;
    private final String tier;
    private final boolean encrypted;
    private final boolean summary;

    /**
     * Writes the answers to one request.
     *
     * @param request the request, parts of which the answer repeats
     * @param tier the service tier of the call, as OpenAI names it
     * @param encrypted whether encrypted reasoning is included
     * @param summary whether a summary of the reasoning is included
     */
    OpenAiResponsesAnswerWriter(ObjectNode request, String tier, boolean encrypted, boolean summary) {
        this.request = request;
        this.tier = tier;
        this.encrypted = encrypted;
        this.summary = summary;
    }

    @Override
    public byte[] whole(ParsedRequest.Chat chat, ChatAnswer answer) {
        return SimulatorJson.pretty(finished(answer));
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat chat, ChatAnswer answer) {
        return new OpenAiResponsesAnswerStreamWriter(this, answer);
    }

    /** Whether the answer begins with an item of reasoning, whose text may be hidden. */
    static boolean hasReasoning(ChatAnswer answer) {
        return answer.counts().reasoning() > 0;
    }

    /** The text of the summary; empty when none was requested. */
    String summary(ChatAnswer answer) {
        return summary ? answer.reasoning() : "";
    }

    ObjectNode finished(ChatAnswer answer) {
        ObjectNode response = response(answer, answer.truncated() ? "incomplete" : "completed");
        if (answer.truncated()) {
            response.set("incomplete_details", SimulatorJson.object().put("reason", "max_output_tokens"));
        }
        ArrayNode output = SimulatorJson.array();
        if (hasReasoning(answer)) {
            output.add(reasoning(answer, summary(answer)));
        }
        if (!answer.text().isEmpty()) {
            output.add(message(answer));
        }
        for (int i = 0; i < answer.calls().size(); i++) {
            output.add(call(answer, i, answer.calls().get(i).json()));
        }
        response.set("output", output);
        response.set("usage", usage(answer.counts()));
        return response;
    }

    private static ObjectNode usage(TokenCounts counts) {
        ObjectNode usage = SimulatorJson.object().put("input_tokens", counts.prompt());
        usage.set(
                "input_tokens_details",
                SimulatorJson.object()
                        .put("cache_write_tokens", counts.cacheWrite() + counts.longCacheWrite())
                        .put("cached_tokens", counts.cacheRead()));
        usage.put("output_tokens", counts.output());
        usage.set("output_tokens_details", SimulatorJson.object().put("reasoning_tokens", counts.reasoning()));
        return usage.put("total_tokens", counts.prompt() + counts.output());
    }

    /** A response without output and usage. */
    ObjectNode response(ChatAnswer answer, String status) {
        ObjectNode response = SimulatorJson.object()
                .put("id", answer.ids().of("resp_"))
                .put("object", "response")
                .put("created_at", answer.createdAt().getEpochSecond())
                .put("status", status)
                .put("background", false)
                .putNull("error")
                .putNull("incomplete_details");
        repeat(response, "instructions", NullNode.instance);
        repeat(response, "max_output_tokens", NullNode.instance);
        response.put("model", answer.model());
        repeat(response, "parallel_tool_calls", BooleanNode.TRUE);
        response.putNull("previous_response_id").put("service_tier", status.equals("in_progress") ? "auto" : tier);
        repeat(response, "store", BooleanNode.TRUE);
        repeat(response, "temperature", DoubleNode.valueOf(1));
        repeat(response, "tool_choice", TextNode.valueOf("auto"));
        repeat(response, "tools", SimulatorJson.array());
        repeat(response, "top_p", DoubleNode.valueOf(1));
        response.set("metadata", SimulatorJson.object());
        response.set("output", SimulatorJson.array());
        return response.putNull("usage");
    }

    private void repeat(ObjectNode response, String field, JsonNode defaultValue) {
        response.set(field, request.hasNonNull(field) ? request.get(field) : defaultValue);
    }

    ObjectNode reasoning(ChatAnswer answer, String text) {
        ObjectNode item =
                SimulatorJson.object().put("id", answer.ids().of("rs_")).put("type", "reasoning");
        if (encrypted) {
            item.put("encrypted_content", ReasoningSignature.of(answer.reasoning()));
        }
        item.set("summary", text.isEmpty() ? SimulatorJson.array() : SimulatorJson.array(summaryText(text)));
        return item;
    }

    static ObjectNode summaryText(String text) {
        return SimulatorJson.object().put("type", "summary_text").put("text", text);
    }

    static ObjectNode message(ChatAnswer answer) {
        ObjectNode item = item(answer, answer.truncated() ? "incomplete" : "completed");
        item.set("content", SimulatorJson.array(part(answer.text())));
        return item;
    }

    static ObjectNode item(ChatAnswer answer, String status) {
        return SimulatorJson.object()
                .put("id", answer.ids().of("msg_"))
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
    }

    static ObjectNode call(ChatAnswer answer, int index, String arguments) {
        ToolCall call = answer.calls().get(index);
        return SimulatorJson.object()
                .put("id", answer.ids().of(hasReasoning(answer) ? REASONING_CALL : "fc_", index))
                .put("type", "function_call")
                .put("status", "completed")
                .put("arguments", arguments)
                .put("call_id", call.id())
                .put("name", call.name());
    }

    static ObjectNode part(String text) {
        ObjectNode part = SimulatorJson.object().put("type", "output_text");
        part.set("annotations", SimulatorJson.array());
        part.set("logprobs", SimulatorJson.array());
        return part.put("text", text);
    }

    static JsonNode wrap(JsonNode response) {
        ObjectNode event = SimulatorJson.object();
        event.set("response", response);
        return event;
    }
}
