package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;

/**
 * A stream of the Gemini API. The last chunk of a text is sent with the end, or, where the text is signed, an empty text with
 * the signature is; calls are not split and are followed by an empty text.
 */
final class GeminiAnswerStreamWriter implements AnswerStreamWriter {

    private static final byte[] NOTHING = {};

    private final GeminiAnswerWriter format;
    private final ChatAnswer answer;
    private String lastChunk = "";
    private int events;
    private int reasoningCharacters;
    private int textCharacters;
    private long callTokens;

    GeminiAnswerStreamWriter(GeminiAnswerWriter format, ChatAnswer answer) {
        this.format = format;
        this.answer = answer;
    }

    @Override
    public byte[] open() {
        return NOTHING;
    }

    @Override
    public byte[] reasoning(Chunk chunk) {
        reasoningCharacters += chunk.text().length();
        return format.showsReasoning()
                ? event(SimulatorJson.array(GeminiAnswerWriter.thoughtPart(chunk.text())), false)
                : NOTHING;
    }

    @Override
    public byte[] text(Chunk chunk) {
        textCharacters += chunk.text().length();
        if (chunk.last() && !format.signsText()) {
            // Held back: recorded streams send it in one event with the finish reason.
            lastChunk = chunk.text();
            return NOTHING;
        }
        return event(SimulatorJson.array(SimulatorJson.object().put("text", chunk.text())), false);
    }

    @Override
    public byte[] call(int index, ToolCall call, Chunk arguments) {
        callTokens += call.tokens();
        return event(SimulatorJson.array(format.call(call, index)), false);
    }

    @Override
    public byte[] close() {
        ArrayNode parts = SimulatorJson.array();
        if (!lastChunk.isEmpty()) {
            parts.add(SimulatorJson.object().put("text", lastChunk));
        } else if (format.signsText() && !answer.text().isEmpty()) {
            parts.add(SimulatorJson.object()
                    .put("text", "")
                    .put("thoughtSignature", GeminiThoughtSignatures.ofText(answer.text())));
        } else if (!answer.calls().isEmpty()) {
            parts.add(SimulatorJson.object().put("text", ""));
        }
        return event(parts, true);
    }

    @Override
    public byte[] fail(JsonNode error) {
        return write(error, true);
    }

    private byte[] event(ArrayNode parts, boolean last) {
        return write(format.response(answer, parts, last ? answer.counts() : soFar(), last), last);
    }

    private TokenCounts soFar() {
        long hidden = answer.counts().reasoning() - TokenCounts.of(answer.reasoning());
        return answer.counts()
                .withOutput(TokenCounts.of(textCharacters) + callTokens, hidden + TokenCounts.of(reasoningCharacters));
    }

    private byte[] write(JsonNode response, boolean last) {
        boolean first = events++ == 0;
        if (format.isEvents()) {
            // Gemini ends its lines with CR LF, as recorded.
            return SimulatorJson.event("", response, "", "\r\n");
        }
        return SimulatorJson.join(
                SimulatorJson.utf8(first ? "[" : ",\r\n"),
                SimulatorJson.bytes(response),
                SimulatorJson.utf8(last ? "]" : ""));
    }
}
