package dev.architect.benchmarks.failover.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Ollama's chat: a line for each piece. The line that ends an answer also has its counts, so there is no other ending. */
final class OllamaWire extends WireDialect {

    OllamaWire() {
        super("ollama");
    }

    @Override
    public boolean serves(String path) {
        return path.endsWith("/api/chat");
    }

    @Override
    public WireRequest read(String path, JsonNode body) {
        List<WireRequest.Turn> turns = new ArrayList<>();
        body.path("messages")
                .forEach(message -> turns.add(
                        new WireRequest.Turn(message.path("role").asText(""), text(message.path("content")))));
        return new WireRequest(
                body.path("model").asText(""), body.path("stream").asBoolean(true), true, turns);
    }

    @Override
    public String streamType() {
        return "application/x-ndjson";
    }

    @Override
    public String begin(WireAnswer answer) {
        return line(piece(answer, ""));
    }

    @Override
    public String token(WireAnswer answer, int index, String token) {
        return line(piece(answer, token));
    }

    @Override
    public String end(WireAnswer answer) {
        return line(done(answer, ""));
    }

    @Override
    public String terminator(WireAnswer answer) {
        return "";
    }

    @Override
    public String broken() {
        return "{\"model\":\"fb\",\"message\":{\"rol\n";
    }

    @Override
    public String errorEvent(WireError error) {
        return line(error(error));
    }

    /** A tool call comes whole, so its line is cut. */
    @Override
    public String brokenToolCall(WireAnswer answer) {
        return "{\"model\":\"fb\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"lookup\",\"arguments\":{\"place\":\"Lis";
    }

    @Override
    public ObjectNode whole(WireAnswer answer) {
        return done(answer, answer.text());
    }

    @Override
    public ObjectNode error(WireError error) {
        return object().put(
                        "error", error == WireError.UNAVAILABLE ? "server busy, please try again" : error.message());
    }

    private static String line(ObjectNode line) {
        return line + "\n";
    }

    private static ObjectNode piece(WireAnswer answer, String text) {
        ObjectNode line = object().put("model", answer.model()).put("created_at", "2026-05-24T20:26:46.294874Z");
        line.putObject("message").put("role", "assistant").put("content", text);
        return line.put("done", false);
    }

    private static ObjectNode done(WireAnswer answer, String text) {
        ObjectNode last =
                piece(answer, text).put("done", true).put("done_reason", "stop").put("total_duration", 1_897_385_625);
        return answer.hasUsage()
                ? last.put("prompt_eval_count", answer.promptTokens()).put("eval_count", answer.completionTokens())
                : last;
    }
}
