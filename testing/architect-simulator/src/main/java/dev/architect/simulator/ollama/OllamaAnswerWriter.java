package dev.architect.simulator.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.EmbeddingAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;
import java.time.Instant;
import java.util.List;

/**
 * Answers of Ollama: one JSON object per line, counts and durations on the last one. Reasoning, text and calls come on lines of
 * their own; a call is never split. The stop reason is the same with and without calls.
 */
final class OllamaAnswerWriter implements ChatAnswerWriter, EmbeddingAnswerWriter {

    static final String LINES = "application/x-ndjson";

    private static final long LOAD_NANOS = 1_000_000;

    @Override
    public byte[] whole(ParsedRequest.Chat request, ChatAnswer answer) {
        ObjectNode message = message(answer.text());
        if (!answer.reasoning().isEmpty()) {
            message.put("thinking", answer.reasoning());
        }
        if (!answer.calls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            answer.calls().forEach(call -> calls.add(call(calls.size(), call)));
        }
        return SimulatorJson.bytes(last(answer, message));
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer) {
        return new Lines(answer);
    }

    @Override
    public String streamType() {
        return LINES;
    }

    @Override
    public boolean argumentsInChunks() {
        return false;
    }

    @Override
    public byte[] body(ParsedRequest.Embedding request, List<float[]> vectors, long tokens) {
        ObjectNode body = SimulatorJson.object().put("model", request.modelId());
        ArrayNode embeddings = body.putArray("embeddings");
        for (float[] vector : vectors) {
            embeddings.add(SimulatorJson.array(vector));
        }
        return SimulatorJson.bytes(body.put("total_duration", LOAD_NANOS)
                .put("load_duration", LOAD_NANOS)
                .put("prompt_eval_count", tokens));
    }

    private static ObjectNode last(ChatAnswer answer, ObjectNode message) {
        TokenCounts counts = answer.counts();
        ObjectNode last = head(answer.model());
        last.set("message", message);
        last.put("done_reason", answer.truncated() ? "length" : "stop")
                .put("done", true)
                .put("total_duration", LOAD_NANOS + answer.nanos())
                .put("load_duration", LOAD_NANOS);
        // Ollama omits the count when the whole prompt was cached.
        if (counts.prompt() > counts.cacheRead()) {
            last.put("prompt_eval_count", counts.prompt());
        }
        return last.put("prompt_eval_duration", LOAD_NANOS)
                .put("eval_count", counts.output())
                .put("eval_duration", answer.nanos());
    }

    static ObjectNode head(String model) {
        return SimulatorJson.object()
                .put("model", model)
                .put("created_at", Instant.now().toString());
    }

    private static ObjectNode message(String text) {
        return SimulatorJson.object().put("role", "assistant").put("content", text);
    }

    private static ObjectNode call(int index, ToolCall call) {
        ObjectNode function = SimulatorJson.object().put("index", index).put("name", call.name());
        function.set("arguments", call.arguments());
        ObjectNode one = SimulatorJson.object().put("id", call.id());
        one.set("function", function);
        return one;
    }

    static byte[] line(JsonNode node) {
        return SimulatorJson.join(SimulatorJson.bytes(node), SimulatorJson.utf8("\n"));
    }

    private static final class Lines implements AnswerStreamWriter {
        private final ChatAnswer answer;

        Lines(ChatAnswer answer) {
            this.answer = answer;
        }

        @Override
        public byte[] open() {
            return new byte[0];
        }

        @Override
        public byte[] reasoning(Chunk chunk) {
            return line(message("").put("thinking", chunk.text()));
        }

        @Override
        public byte[] text(Chunk chunk) {
            return line(message(chunk.text()));
        }

        @Override
        public byte[] call(int index, ToolCall call, Chunk arguments) {
            ObjectNode message = message("");
            message.set("tool_calls", SimulatorJson.array(OllamaAnswerWriter.call(index, call)));
            return line(message);
        }

        @Override
        public byte[] close() {
            return OllamaAnswerWriter.line(last(answer, message("")));
        }

        @Override
        public byte[] fail(JsonNode error) {
            return OllamaAnswerWriter.line(error);
        }

        private byte[] line(ObjectNode message) {
            ObjectNode line = head(answer.model());
            line.set("message", message);
            return OllamaAnswerWriter.line(line.put("done", false));
        }
    }
}
