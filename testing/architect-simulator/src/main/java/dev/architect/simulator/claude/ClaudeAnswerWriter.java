package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;
import org.jspecify.annotations.Nullable;

/** Answers of the Anthropic Messages API: a list of content blocks, and usage that excludes the cache. */
final class ClaudeAnswerWriter implements ChatAnswerWriter {

    private final boolean shown;
    private final @Nullable ObjectNode citation;

    /**
     * Writes the answers to one kind of request.
     *
     * @param shown whether thinking comes with its text, or as its signature alone
     * @param citation what the text cites; null for nothing
     */
    ClaudeAnswerWriter(boolean shown, @Nullable ObjectNode citation) {
        this.shown = shown;
        this.citation = citation;
    }

    @Override
    public byte[] whole(ParsedRequest.Chat request, ChatAnswer answer) {
        ArrayNode content = SimulatorJson.array();
        if (!answer.reasoning().isEmpty()) {
            content.add(thinking(shown ? answer.reasoning() : "", answer.signature()));
        }
        if (!answer.text().isEmpty()) {
            ObjectNode text = text(answer.text());
            if (citation != null) {
                text.set("citations", SimulatorJson.array(citation));
            }
            content.add(text);
        }
        answer.calls().forEach(call -> content.add(toolUse(call, call.arguments())));
        ObjectNode message = message(answer);
        message.set("content", content);
        stop(message, answer);
        message.set("usage", usage(answer, answer.counts().output()));
        return SimulatorJson.bytes(message);
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer) {
        return new ClaudeAnswerStreamWriter(answer, shown, citation);
    }

    @Override
    public String callId(ResponseIds ids, int index) {
        return ids.of("toolu_", index);
    }

    static ObjectNode message(ChatAnswer answer) {
        return SimulatorJson.object()
                .put("model", answer.model())
                .put("id", answer.ids().of("msg_"))
                .put("type", "message")
                .put("role", "assistant");
    }

    static ObjectNode text(String text) {
        return SimulatorJson.object().put("type", "text").put("text", text);
    }

    static ObjectNode thinking(String text, String signature) {
        return SimulatorJson.object()
                .put("type", "thinking")
                .put("thinking", text)
                .put("signature", signature);
    }

    static ObjectNode toolUse(ToolCall call, ObjectNode input) {
        ObjectNode block = SimulatorJson.object()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name());
        block.set("input", input);
        block.set("caller", SimulatorJson.object().put("type", "direct"));
        return block;
    }

    static void stop(ObjectNode node, ChatAnswer answer) {
        String reason = answer.truncated()
                ? "max_tokens"
                : !answer.calls().isEmpty() ? "tool_use" : answer.stopSequence() != null ? "stop_sequence" : "end_turn";
        node.put("stop_reason", reason)
                .put("stop_sequence", answer.stopSequence())
                .putNull("stop_details");
    }

    static ObjectNode usage(ChatAnswer answer, long output) {
        TokenCounts counts = answer.counts();
        ObjectNode usage = input(counts);
        usage.set(
                "cache_creation",
                SimulatorJson.object()
                        .put("ephemeral_5m_input_tokens", counts.cacheWrite())
                        .put("ephemeral_1h_input_tokens", counts.longCacheWrite()));
        usage.put("output_tokens", output);
        reasoning(usage, counts);
        return usage.put("service_tier", "standard").put("inference_geo", "not_available");
    }

    /** The usage at the end of a stream. */
    static ObjectNode lastUsage(TokenCounts counts) {
        return reasoning(input(counts).put("output_tokens", counts.output()), counts);
    }

    private static ObjectNode input(TokenCounts counts) {
        return SimulatorJson.object()
                .put("input_tokens", counts.uncached())
                .put("cache_creation_input_tokens", counts.cacheWrite() + counts.longCacheWrite())
                .put("cache_read_input_tokens", counts.cacheRead());
    }

    private static ObjectNode reasoning(ObjectNode usage, TokenCounts counts) {
        if (counts.reasoning() > 0) {
            usage.set("output_tokens_details", SimulatorJson.object().put("thinking_tokens", counts.reasoning()));
        }
        return usage;
    }
}
