package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the Anthropic Messages API: named events, data lines padded with blanks, one content block after another.
 * The first block is opened before anything of it is due, as the recorded streams do.
 */
final class ClaudeAnswerStreamWriter implements AnswerStreamWriter {

    private static final byte[] NOTHING = {};

    private final ChatAnswer answer;
    private final boolean shown;
    private final @Nullable ObjectNode citation;
    private int block;
    private int deltas;
    private boolean opened;

    ClaudeAnswerStreamWriter(ChatAnswer answer, boolean shown, @Nullable ObjectNode citation) {
        this.answer = answer;
        this.shown = shown;
        this.citation = citation;
    }

    @Override
    public byte[] open() {
        ObjectNode message = ClaudeAnswerWriter.message(answer);
        message.set("content", SimulatorJson.array());
        message.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
        // Recorded streams begin with a preliminary count, mostly one; the true count follows with message_delta.
        message.set("usage", ClaudeAnswerWriter.usage(answer, 1));
        ObjectNode start = SimulatorJson.object().put("type", "message_start");
        start.set("message", message);
        return SimulatorJson.join(
                event(start, 5), firstBlock(), event(SimulatorJson.object().put("type", "ping"), 0));
    }

    private byte[] firstBlock() {
        if (!answer.reasoning().isEmpty()) {
            return start(ClaudeAnswerWriter.thinking("", ""));
        }
        if (!answer.text().isEmpty()) {
            return start(ClaudeAnswerWriter.text(""));
        }
        return answer.calls().isEmpty()
                ? NOTHING
                : start(ClaudeAnswerWriter.toolUse(answer.calls().get(0), SimulatorJson.object()));
    }

    @Override
    public byte[] reasoning(Chunk chunk) {
        byte[] head = chunk.first() ? start(ClaudeAnswerWriter.thinking("", "")) : NOTHING;
        byte[] text = shown ? delta("thinking_delta", "thinking", chunk.text()) : NOTHING;
        byte[] signature = chunk.last() ? delta("signature_delta", "signature", answer.signature()) : NOTHING;
        return SimulatorJson.join(head, text, signature, end(chunk));
    }

    @Override
    public byte[] text(Chunk chunk) {
        byte[] head = chunk.first() ? start(ClaudeAnswerWriter.text("")) : NOTHING;
        byte[] cited = NOTHING;
        if (chunk.last() && citation != null) {
            ObjectNode delta = SimulatorJson.object().put("type", "citations_delta");
            delta.set("citation", citation);
            cited = delta(delta);
        }
        return SimulatorJson.join(head, delta("text_delta", "text", chunk.text()), cited, end(chunk));
    }

    @Override
    public byte[] call(int index, ToolCall call, Chunk arguments) {
        byte[] head = arguments.first()
                ? SimulatorJson.join(
                        start(ClaudeAnswerWriter.toolUse(call, SimulatorJson.object())),
                        delta("input_json_delta", "partial_json", ""))
                : NOTHING;
        // A call without arguments sends only the empty first delta.
        byte[] chunk =
                call.arguments().isEmpty() ? NOTHING : delta("input_json_delta", "partial_json", arguments.text());
        return SimulatorJson.join(head, chunk, end(arguments));
    }

    @Override
    public byte[] close() {
        ObjectNode end = SimulatorJson.object().put("type", "message_delta");
        ObjectNode delta = SimulatorJson.object();
        ClaudeAnswerWriter.stop(delta, answer);
        end.set("delta", delta);
        end.set("usage", ClaudeAnswerWriter.lastUsage(answer.counts()));
        return SimulatorJson.join(event(end, 9), event(SimulatorJson.object().put("type", "message_stop"), 0));
    }

    @Override
    public byte[] fail(JsonNode error) {
        return event(error, 0);
    }

    private byte[] start(JsonNode content) {
        if (opened) {
            return NOTHING;
        }
        opened = true;
        ObjectNode start =
                SimulatorJson.object().put("type", "content_block_start").put("index", block);
        start.set("content_block", content);
        return event(start, 2);
    }

    private byte[] delta(String type, String field, String text) {
        return delta(SimulatorJson.object().put("type", type).put(field, text));
    }

    private byte[] delta(JsonNode delta) {
        ObjectNode event =
                SimulatorJson.object().put("type", "content_block_delta").put("index", block);
        event.set("delta", delta);
        // Recorded streams pad their lines with a varying number of blanks, which parsers must accept.
        return event(event, deltas++ % 5);
    }

    private byte[] end(Chunk chunk) {
        if (!chunk.last()) {
            return NOTHING;
        }
        opened = false;
        return event(SimulatorJson.object().put("type", "content_block_stop").put("index", block++), 4);
    }

    private static byte[] event(JsonNode data, int blanks) {
        return SimulatorJson.event(data.path("type").asText(), data, " ".repeat(blanks), "\n");
    }
}
