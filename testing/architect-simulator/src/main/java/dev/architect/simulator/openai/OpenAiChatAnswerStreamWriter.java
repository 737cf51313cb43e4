package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ParsedRequest;
import org.jspecify.annotations.Nullable;

/** A stream of Chat Completions: unnamed events, usage only on request, {@code [DONE]} at the end. */
final class OpenAiChatAnswerStreamWriter implements AnswerStreamWriter {

    private static final byte[] NOTHING = {};
    private static final byte[] DONE = SimulatorJson.utf8("data: [DONE]\n\n");

    private final ParsedRequest.Chat request;
    private final ChatAnswer answer;
    private final String tier;

    OpenAiChatAnswerStreamWriter(ParsedRequest.Chat request, ChatAnswer answer, String tier) {
        this.request = request;
        this.answer = answer;
        this.tier = tier;
    }

    @Override
    public byte[] open() {
        ObjectNode delta = SimulatorJson.object().put("role", "assistant");
        delta.put("content", answer.calls().isEmpty() ? "" : null).putNull("refusal");
        return chunk(delta, null);
    }

    /** Chat Completions never shows reasoning. */
    @Override
    public byte[] reasoning(Chunk chunk) {
        return NOTHING;
    }

    @Override
    public byte[] text(Chunk chunk) {
        return chunk(SimulatorJson.object().put("content", chunk.text()), null);
    }

    /** The first delta of a call has id and name with empty arguments; later ones have only the index of their call. */
    @Override
    public byte[] call(int index, ToolCall call, Chunk arguments) {
        byte[] head = NOTHING;
        if (arguments.first()) {
            ObjectNode first = SimulatorJson.object().put("index", index);
            first.setAll(OpenAiChatAnswerWriter.call(call, ""));
            head = chunk(calls(first), null);
        }
        ObjectNode chunk = SimulatorJson.object().put("index", index);
        chunk.set("function", SimulatorJson.object().put("arguments", arguments.text()));
        return SimulatorJson.join(head, chunk(calls(chunk), null));
    }

    @Override
    public byte[] close() {
        byte[] end = chunk(SimulatorJson.object(), OpenAiChatAnswerWriter.reason(request, answer));
        if (!request.usageInStream()) {
            return SimulatorJson.join(end, DONE);
        }
        ObjectNode last = head();
        last.set("choices", SimulatorJson.array());
        last.set("usage", OpenAiChatAnswerWriter.usage(answer.counts()));
        return SimulatorJson.join(end, SimulatorJson.event("", last, "", "\n"), DONE);
    }

    @Override
    public byte[] fail(JsonNode error) {
        return SimulatorJson.event("", error, "", "\n");
    }

    private static ObjectNode calls(JsonNode call) {
        ObjectNode delta = SimulatorJson.object();
        delta.set("tool_calls", SimulatorJson.array(call));
        return delta;
    }

    private ObjectNode head() {
        return OpenAiChatAnswerWriter.head(answer, "chat.completion.chunk")
                .put("service_tier", tier)
                .putNull("system_fingerprint");
    }

    private byte[] chunk(JsonNode delta, @Nullable String reason) {
        ObjectNode choice = SimulatorJson.object().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", reason);
        ObjectNode chunk = head();
        chunk.set("choices", SimulatorJson.array(choice));
        if (request.usageInStream()) {
            chunk.putNull("usage");
        }
        return SimulatorJson.event("", chunk, "", "\n");
    }
}
