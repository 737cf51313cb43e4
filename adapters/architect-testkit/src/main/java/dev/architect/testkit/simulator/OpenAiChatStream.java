package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A stream of Chat Completions: unnamed events, usage only when asked for, {@code [DONE]} at the end. */
final class OpenAiChatStream implements AnswerStream {

    private static final byte[] NOTHING = {};
    private static final byte[] DONE = Json.utf8("data: [DONE]\n\n");

    private final Wanted.Chat wanted;
    private final ChatAnswer answer;
    private final String tier;

    OpenAiChatStream(Wanted.Chat wanted, ChatAnswer answer, String tier) {
        this.wanted = wanted;
        this.answer = answer;
        this.tier = tier;
    }

    @Override
    public byte[] open() {
        ObjectNode delta = Json.object().put("role", "assistant");
        delta.put("content", answer.calls().isEmpty() ? "" : null).putNull("refusal");
        return chunk(delta, null);
    }

    /** Never shown. */
    @Override
    public byte[] reasoning(Piece piece) {
        return NOTHING;
    }

    @Override
    public byte[] text(Piece piece) {
        return chunk(Json.object().put("content", piece.text()), null);
    }

    /** Id and name come once, with empty arguments; later pieces say the place of their call alone. */
    @Override
    public byte[] call(int index, ToolCall call, Piece arguments) {
        byte[] head = NOTHING;
        if (arguments.first()) {
            ObjectNode first = Json.object().put("index", index);
            first.setAll(OpenAiChatFormat.call(call, ""));
            head = chunk(calls(first), null);
        }
        ObjectNode piece = Json.object().put("index", index);
        piece.set("function", Json.object().put("arguments", arguments.text()));
        return Json.join(head, chunk(calls(piece), null));
    }

    @Override
    public byte[] close() {
        byte[] end = chunk(Json.object(), OpenAiChatFormat.reason(wanted, answer));
        if (!wanted.usageInStream()) {
            return Json.join(end, DONE);
        }
        ObjectNode last = head();
        last.set("choices", Json.array());
        last.set("usage", OpenAiChatFormat.usage(answer.counts()));
        return Json.join(end, Json.event("", last, "", "\n"), DONE);
    }

    @Override
    public byte[] fail(JsonNode error) {
        return Json.event("", error, "", "\n");
    }

    private static ObjectNode calls(JsonNode call) {
        ObjectNode delta = Json.object();
        delta.set("tool_calls", Json.array(call));
        return delta;
    }

    private ObjectNode head() {
        return OpenAiChatFormat.head(answer, "chat.completion.chunk")
                .put("service_tier", tier)
                .putNull("system_fingerprint");
    }

    private byte[] chunk(JsonNode delta, @Nullable String reason) {
        ObjectNode choice = Json.object().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", reason);
        ObjectNode chunk = head();
        chunk.set("choices", Json.array(choice));
        if (wanted.usageInStream()) {
            chunk.putNull("usage");
        }
        return Json.event("", chunk, "", "\n");
    }
}
