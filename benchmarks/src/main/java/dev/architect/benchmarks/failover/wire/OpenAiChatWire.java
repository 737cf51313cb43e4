package dev.architect.benchmarks.failover.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Chat Completions. */
final class OpenAiChatWire extends WireDialect {

    OpenAiChatWire() {
        super("openai");
    }

    @Override
    public boolean serves(String path) {
        return path.endsWith("/chat/completions");
    }

    @Override
    public WireRequest read(String path, JsonNode body) {
        List<WireRequest.Turn> turns = new ArrayList<>();
        body.path("messages")
                .forEach(message -> turns.add(
                        new WireRequest.Turn(message.path("role").asText(""), text(message.path("content")))));
        return new WireRequest(
                body.path("model").asText(""),
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false),
                turns);
    }

    @Override
    public String begin(WireAnswer answer) {
        ObjectNode chunk = chunk(answer);
        choice(chunk).putObject("delta").put("role", "assistant").put("content", "");
        return data(chunk.toString());
    }

    @Override
    public String token(WireAnswer answer, int index, String token) {
        ObjectNode chunk = chunk(answer);
        choice(chunk).putObject("delta").put("content", token);
        return data(chunk.toString());
    }

    @Override
    public String end(WireAnswer answer) {
        ObjectNode chunk = chunk(answer);
        ObjectNode choice = choice(chunk);
        choice.putObject("delta");
        choice.put("finish_reason", "stop");
        if (!answer.request().wantsUsage() || !answer.hasUsage()) {
            return data(chunk.toString());
        }
        ObjectNode last = chunk(answer);
        last.putArray("choices");
        usage(last, answer);
        return data(chunk.toString()) + data(last.toString());
    }

    @Override
    public String terminator(WireAnswer answer) {
        return data("[DONE]");
    }

    @Override
    public String brokenToolCall(WireAnswer answer) {
        return data(toolCall(answer, "lookup", "").toString())
                + data(toolCall(answer, "", "{\"place\": \"Lis").toString());
    }

    private static ObjectNode toolCall(WireAnswer answer, String name, String arguments) {
        ObjectNode chunk = chunk(answer);
        ObjectNode call = choice(chunk)
                .putObject("delta")
                .putArray("tool_calls")
                .addObject()
                .put("index", 0);
        ObjectNode function = call.putObject("function");
        if (!name.isEmpty()) {
            call.put("id", "call_1").put("type", "function");
            function.put("name", name);
        }
        function.put("arguments", arguments);
        return chunk;
    }

    @Override
    public ObjectNode whole(WireAnswer answer) {
        ObjectNode body = chunk(answer).put("object", "chat.completion");
        ObjectNode choice = choice(body);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", answer.text())
                .putNull("refusal");
        choice.put("finish_reason", "stop");
        usage(body, answer);
        return body;
    }

    @Override
    public ObjectNode error(WireError error) {
        ObjectNode body = object();
        body.putObject("error")
                .put("message", error.message())
                .put("type", type(error))
                .putNull("param")
                .put("code", code(error));
        return body;
    }

    /** The type of an error, in both interfaces of OpenAI. */
    static String type(WireError error) {
        return switch (error) {
            case RATE_LIMITED -> "rate_limit_error";
            case SERVER_ERROR, UNAVAILABLE, OVERLOADED -> "server_error";
            case UNAUTHORIZED, CONTEXT_TOO_LONG, CONTENT_REFUSED, INVALID_PREFILL, UNKNOWN_MODEL ->
                "invalid_request_error";
        };
    }

    /** The code of an error, in both interfaces of OpenAI. */
    static String code(WireError error) {
        return switch (error) {
            case RATE_LIMITED -> "rate_limit_exceeded";
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case CONTENT_REFUSED -> "content_policy_violation";
            case UNKNOWN_MODEL -> "model_not_found";
            case UNAVAILABLE, OVERLOADED -> "service_unavailable";
            case UNAUTHORIZED -> "invalid_api_key";
            case SERVER_ERROR, INVALID_PREFILL -> error.name().toLowerCase(Locale.ROOT);
        };
    }

    private static ObjectNode chunk(WireAnswer answer) {
        return object().put("id", "chatcmpl-1")
                .put("object", "chat.completion.chunk")
                .put("created", 1_731_368_639)
                .put("model", answer.model());
    }

    private static ObjectNode choice(ObjectNode chunk) {
        return chunk.putArray("choices")
                .addObject()
                .put("index", 0)
                .putNull("logprobs")
                .putNull("finish_reason");
    }

    private static void usage(ObjectNode body, WireAnswer answer) {
        if (!answer.hasUsage()) {
            return;
        }
        body.putObject("usage")
                .put("prompt_tokens", answer.promptTokens())
                .put("completion_tokens", answer.completionTokens())
                .put("total_tokens", answer.totalTokens());
    }
}
