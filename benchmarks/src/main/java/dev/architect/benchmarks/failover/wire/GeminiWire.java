package dev.architect.benchmarks.failover.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Gemini's generateContent. A stream has no event that only ends it: the last one names the reason. */
final class GeminiWire extends WireDialect {

    private static final String MODELS = "/models/";

    GeminiWire() {
        super("gemini");
    }

    @Override
    public boolean serves(String path) {
        return path.contains(MODELS) && path.contains("enerateContent");
    }

    @Override
    public WireRequest read(String path, JsonNode body) {
        List<WireRequest.Turn> turns = new ArrayList<>();
        body.path("contents").forEach(content -> {
            String role = content.path("role").asText("user");
            turns.add(new WireRequest.Turn(role.equals("model") ? "assistant" : role, text(content.path("parts"))));
        });
        int start = path.lastIndexOf(MODELS) + MODELS.length();
        int end = path.indexOf(':', start);
        return new WireRequest(path.substring(start, end), path.startsWith(":stream", end), true, turns);
    }

    @Override
    public String begin(WireAnswer answer) {
        return data(piece(answer, "").toString());
    }

    @Override
    public String token(WireAnswer answer, int index, String token) {
        return data(piece(answer, token).toString());
    }

    @Override
    public String end(WireAnswer answer) {
        ObjectNode last = piece(answer, "");
        finish(last, answer);
        return data(last.toString());
    }

    @Override
    public String terminator(WireAnswer answer) {
        return "";
    }

    @Override
    public String broken() {
        return data("{\"candidates\": [{\"content\": {\"par");
    }

    /** A tool call comes whole, so its event is cut. */
    @Override
    public String brokenToolCall(WireAnswer answer) {
        return "data: {\"candidates\": [{\"content\": {\"parts\": [{\"functionCall\": {\"name\": \"lookup\", \"args\": {\"place\": \"Lis";
    }

    @Override
    public ObjectNode whole(WireAnswer answer) {
        ObjectNode body = piece(answer, answer.text());
        finish(body, answer);
        return body;
    }

    @Override
    public ObjectNode error(WireError error) {
        ObjectNode body = object();
        body.putObject("error")
                .put("code", error.status())
                .put("message", error.message())
                .put("status", word(error));
        return body;
    }

    private static String word(WireError error) {
        return switch (error) {
            case RATE_LIMITED -> "RESOURCE_EXHAUSTED";
            case SERVER_ERROR -> "INTERNAL";
            case UNAVAILABLE, OVERLOADED -> "UNAVAILABLE";
            case UNAUTHORIZED -> "UNAUTHENTICATED";
            case CONTEXT_TOO_LONG, CONTENT_REFUSED, INVALID_PREFILL -> "INVALID_ARGUMENT";
            case UNKNOWN_MODEL -> "NOT_FOUND";
        };
    }

    private static ObjectNode piece(WireAnswer answer, String text) {
        ObjectNode body = object();
        ObjectNode candidate = body.putArray("candidates").addObject();
        ObjectNode content = candidate.putObject("content");
        content.putArray("parts").addObject().put("text", text);
        content.put("role", "model");
        candidate.put("index", 0);
        return body.put("modelVersion", answer.model()).put("responseId", "response-1");
    }

    private static void finish(ObjectNode body, WireAnswer answer) {
        ((ObjectNode) body.path("candidates").path(0)).put("finishReason", "STOP");
        if (!answer.hasUsage()) {
            return;
        }
        body.putObject("usageMetadata")
                .put("promptTokenCount", answer.promptTokens())
                .put("candidatesTokenCount", answer.completionTokens())
                .put("totalTokenCount", answer.totalTokens());
    }
}
