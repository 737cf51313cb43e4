package dev.architect.simulator.anythingllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.CallCost;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.EmbeddingAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * Answers of AnythingLLM: chunks, an empty chunk with {@code close}, and the final event with metrics and sources. Reasoning is part of
 * the text, between tags.
 */
final class AnythingLlmAnswerWriter implements ChatAnswerWriter, EmbeddingAnswerWriter {

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>\n\n";

    @Override
    public byte[] whole(ParsedRequest.Chat request, ChatAnswer answer) {
        String reasoning = answer.reasoning().isEmpty() ? "" : OPEN + answer.reasoning() + CLOSE;
        ObjectNode body = SimulatorJson.object()
                .put("id", answer.ids().uuid(""))
                .put("type", "textResponse")
                .put("close", true)
                .putNull("error")
                .put("chatId", chatId(answer))
                .put("textResponse", reasoning + answer.text());
        body.set("sources", sources());
        body.set("metrics", metrics(request, answer));
        return SimulatorJson.bytes(body);
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer) {
        return new Chunks(request, answer);
    }

    @Override
    public String streamType() {
        return "text/event-stream";
    }

    @Override
    public byte[] body(ParsedRequest.Embedding request, List<float[]> vectors, long tokens) {
        ObjectNode list = SimulatorJson.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (float[] vector : vectors) {
            ObjectNode entry = SimulatorJson.object().put("object", "embedding");
            entry.set("embedding", SimulatorJson.array(vector));
            data.add(entry.put("index", data.size()));
        }
        return SimulatorJson.bytes(list.put("model", request.modelId()));
    }

    private static long chatId(ChatAnswer answer) {
        return answer.createdAt().toEpochMilli() % 1_000_000;
    }

    private static ArrayNode sources() {
        return SimulatorJson.array(SimulatorJson.object()
                .put("title", "handbook.txt")
                .put("text", "The handbook describes how the parts work together.")
                .put("chunkSource", "localfile://handbook.txt")
                .put("score", 0.81)
                .put("url", "file://handbook.txt"));
    }

    private static ObjectNode metrics(ParsedRequest.Chat request, ChatAnswer answer) {
        TokenCounts counts = answer.counts();
        BigDecimal seconds = BigDecimal.valueOf(Math.max(answer.nanos() / 1_000_000, 1), 3);
        BigDecimal pace = BigDecimal.valueOf(counts.output()).divide(seconds, MathContext.DECIMAL32);
        CallCost cost = answer.cost();
        return SimulatorJson.object()
                .put("prompt_tokens", counts.prompt())
                .put("completion_tokens", counts.output())
                .put("total_tokens", counts.prompt() + counts.output())
                .put("outputTps", pace)
                .put("duration", seconds)
                .put("model", answer.model())
                .put("provider", request.model().servedProvider())
                .put("timestamp", answer.createdAt().toString())
                .put("inputCost", CallCost.usd(cost.input() + cost.cacheRead() + cost.cacheWrite()))
                .put("outputCost", CallCost.usd(cost.output()))
                .put("totalCost", CallCost.usd(cost.total()));
    }

    private static final class Chunks implements AnswerStreamWriter {
        private final ParsedRequest.Chat request;
        private final ChatAnswer answer;

        Chunks(ParsedRequest.Chat request, ChatAnswer answer) {
            this.request = request;
            this.answer = answer;
        }

        @Override
        public byte[] open() {
            return new byte[0];
        }

        @Override
        public byte[] reasoning(Chunk chunk) {
            byte[] head = chunk.first() ? chunk(OPEN, false) : new byte[0];
            byte[] end = chunk.last() ? chunk(CLOSE, false) : new byte[0];
            return SimulatorJson.join(head, chunk(chunk.text(), false), end);
        }

        @Override
        public byte[] text(Chunk chunk) {
            return chunk(chunk.text(), false);
        }

        @Override
        public byte[] call(int index, ToolCall call, Chunk arguments) {
            throw new IllegalStateException("answer has tool calls, expected none: AnythingLLM has no tools");
        }

        @Override
        public byte[] close() {
            return SimulatorJson.join(chunk("", true), end(metrics(request, answer), sources()));
        }

        /** The real server ends a failed stream like a complete one; only the event before reports the failure. */
        @Override
        public byte[] fail(JsonNode error) {
            ObjectNode abort =
                    SimulatorJson.object().put("id", answer.ids().uuid("")).setAll((ObjectNode) error);
            return SimulatorJson.join(
                    SimulatorJson.event("", abort, "", "\n"), end(SimulatorJson.object(), SimulatorJson.array()));
        }

        private byte[] end(ObjectNode metrics, ArrayNode sources) {
            ObjectNode end = SimulatorJson.object()
                    .put("uuid", answer.ids().uuid(""))
                    .put("type", "finalizeResponseStream")
                    .put("close", true)
                    .put("error", false)
                    .put("chatId", chatId(answer));
            end.set("metrics", metrics);
            end.set("sources", sources);
            return SimulatorJson.event("", end, "", "\n");
        }

        private byte[] chunk(String text, boolean close) {
            ObjectNode chunk = SimulatorJson.object().put("uuid", answer.ids().uuid(""));
            chunk.set("sources", SimulatorJson.array());
            chunk.put("type", "textResponseChunk").put("textResponse", text);
            return SimulatorJson.event("", chunk.put("close", close).put("error", false), "", "\n");
        }
    }
}
