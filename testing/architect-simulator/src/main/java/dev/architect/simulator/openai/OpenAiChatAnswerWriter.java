package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;

/** Answers of OpenAI Chat Completions. Reasoning is counted and never shown. */
final class OpenAiChatAnswerWriter implements ChatAnswerWriter {

    private final String tier;

    /** @param tier the service tier of the calls, as OpenAI names it */
    OpenAiChatAnswerWriter(String tier) {
        this.tier = tier;
    }

    @Override
    public byte[] whole(ParsedRequest.Chat request, ChatAnswer answer) {
        ObjectNode message = SimulatorJson.object().put("role", "assistant");
        message.put("content", answer.calls().isEmpty() ? answer.text() : null);
        if (!answer.calls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            answer.calls().forEach(call -> calls.add(call(call, call.json())));
        }
        message.putNull("refusal").set("annotations", SimulatorJson.array());
        ObjectNode choice = SimulatorJson.object().put("index", 0);
        choice.set("message", message);
        choice.putNull("logprobs").put("finish_reason", reason(request, answer));
        ObjectNode body = head(answer, "chat.completion");
        body.set("choices", SimulatorJson.array(choice));
        body.set("usage", usage(answer.counts()));
        return SimulatorJson.pretty(body.put("service_tier", tier).put("system_fingerprint", "fp_simulator"));
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer) {
        return new OpenAiChatAnswerStreamWriter(request, answer, tier);
    }

    static ObjectNode call(ToolCall call, String arguments) {
        ObjectNode node = SimulatorJson.object().put("id", call.id()).put("type", "function");
        node.set("function", SimulatorJson.object().put("name", call.name()).put("arguments", arguments));
        return node;
    }

    static ObjectNode head(ChatAnswer answer, String object) {
        return SimulatorJson.object()
                .put("id", answer.ids().of("chatcmpl-"))
                .put("object", object)
                .put("created", answer.createdAt().getEpochSecond())
                .put("model", answer.model());
    }

    /** The finish reason; a call that the tool choice names ends with {@code stop}, as at OpenAI. */
    static String reason(ParsedRequest.Chat request, ChatAnswer answer) {
        if (answer.truncated()) {
            return "length";
        }
        boolean isDemanded = request.tools().choice() == ToolUse.ToolChoice.NAMED;
        return answer.calls().isEmpty() || isDemanded ? "stop" : "tool_calls";
    }

    static ObjectNode usage(TokenCounts counts) {
        ObjectNode usage = SimulatorJson.object()
                .put("prompt_tokens", counts.prompt())
                .put("completion_tokens", counts.output())
                .put("total_tokens", counts.prompt() + counts.output());
        ObjectNode prompt =
                SimulatorJson.object().put("cached_tokens", counts.cacheRead()).put("audio_tokens", 0);
        long written = counts.cacheWrite() + counts.longCacheWrite();
        if (written > 0) {
            prompt.put("cache_write_tokens", written);
        }
        usage.set("prompt_tokens_details", prompt);
        usage.set(
                "completion_tokens_details",
                SimulatorJson.object()
                        .put("reasoning_tokens", counts.reasoning())
                        .put("audio_tokens", 0)
                        .put("accepted_prediction_tokens", 0)
                        .put("rejected_prediction_tokens", 0));
        return usage;
    }
}
