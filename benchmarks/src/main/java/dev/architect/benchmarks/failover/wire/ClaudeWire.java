package dev.architect.benchmarks.failover.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Claude's Messages. */
final class ClaudeWire extends WireDialect {

    ClaudeWire() {
        super("claude");
    }

    @Override
    public boolean serves(String path) {
        return path.endsWith("/messages");
    }

    @Override
    public WireRequest read(String path, JsonNode body) {
        List<WireRequest.Turn> turns = new ArrayList<>();
        if (!text(body.path("system")).isEmpty()) {
            turns.add(new WireRequest.Turn("system", text(body.path("system"))));
        }
        body.path("messages")
                .forEach(message -> turns.add(
                        new WireRequest.Turn(message.path("role").asText(""), text(message.path("content")))));
        return new WireRequest(
                body.path("model").asText(""), body.path("stream").asBoolean(false), true, turns);
    }

    @Override
    public String begin(WireAnswer answer) {
        ObjectNode start = event("message_start");
        ObjectNode message = start.putObject("message");
        fill(message, answer, 1);
        message.putArray("content");
        message.putNull("stop_reason");
        ObjectNode block = event("content_block_start").put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        return named(start) + named(block);
    }

    @Override
    public String token(WireAnswer answer, int index, String token) {
        ObjectNode event = event("content_block_delta").put("index", 0);
        event.putObject("delta").put("type", "text_delta").put("text", token);
        return named(event);
    }

    @Override
    public String end(WireAnswer answer) {
        ObjectNode delta = event("message_delta");
        delta.putObject("delta").put("stop_reason", "end_turn").putNull("stop_sequence");
        usage(delta, answer, answer.completionTokens());
        return named(event("content_block_stop").put("index", 0)) + named(delta);
    }

    @Override
    public String terminator(WireAnswer answer) {
        return named(event("message_stop"));
    }

    @Override
    public String broken() {
        return "event: content_block_delta\n" + data("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"ty");
    }

    @Override
    public String errorEvent(WireError error) {
        return named(error(error));
    }

    @Override
    public String brokenToolCall(WireAnswer answer) {
        ObjectNode start = event("content_block_start").put("index", 1);
        start.putObject("content_block")
                .put("type", "tool_use")
                .put("id", "toolu_1")
                .put("name", "lookup")
                .putObject("input");
        ObjectNode delta = event("content_block_delta").put("index", 1);
        delta.putObject("delta").put("type", "input_json_delta").put("partial_json", "{\"place\": \"Lis");
        return named(event("content_block_stop").put("index", 0)) + named(start) + named(delta);
    }

    @Override
    public ObjectNode whole(WireAnswer answer) {
        ObjectNode body = object();
        fill(body, answer, answer.completionTokens());
        body.putArray("content").addObject().put("type", "text").put("text", answer.text());
        body.put("stop_reason", "end_turn");
        return body;
    }

    @Override
    public ObjectNode error(WireError error) {
        ObjectNode body = object().put("type", "error");
        body.putObject("error").put("type", type(error)).put("message", message(error));
        return body;
    }

    private static String message(WireError error) {
        return error == WireError.UNKNOWN_MODEL ? "model: unknown" : error.message();
    }

    private static String type(WireError error) {
        return switch (error) {
            case RATE_LIMITED -> "rate_limit_error";
            case SERVER_ERROR -> "api_error";
            case UNAVAILABLE, OVERLOADED -> "overloaded_error";
            case UNAUTHORIZED -> "authentication_error";
            case CONTEXT_TOO_LONG, CONTENT_REFUSED, INVALID_PREFILL -> "invalid_request_error";
            case UNKNOWN_MODEL -> "not_found_error";
        };
    }

    private static ObjectNode event(String type) {
        return object().put("type", type);
    }

    private static void fill(ObjectNode message, WireAnswer answer, int outputTokens) {
        message.put("id", "msg_1")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", answer.model())
                .putNull("stop_sequence");
        usage(message, answer, outputTokens);
    }

    private static void usage(ObjectNode body, WireAnswer answer, int outputTokens) {
        if (!answer.hasUsage()) {
            return;
        }
        body.putObject("usage").put("input_tokens", answer.promptTokens()).put("output_tokens", outputTokens);
    }
}
