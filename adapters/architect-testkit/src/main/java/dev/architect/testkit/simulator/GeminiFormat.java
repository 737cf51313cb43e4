package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Answers of the Gemini API. Every event of a stream is a whole response with the usage so far; zero counts are left
 * out; thoughts are counted apart from the candidates.
 */
final class GeminiFormat implements PieceFormat {

    private final boolean events;

    /** Streams as server-sent events with CRLF, or else as one JSON array. */
    GeminiFormat(boolean events) {
        this.events = events;
    }

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        return Json.pretty(response(answer, answer.text(), answer.counts(), true));
    }

    @Override
    public String streamType() {
        return events ? "text/event-stream" : "application/json; charset=UTF-8";
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        return new byte[0];
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        TokenCounts soFar = answer.counts().withText(TokenCounts.of(to));
        return write(response(answer, answer.text().substring(from, to), soFar, false), index, false);
    }

    @Override
    public byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from) {
        return write(response(answer, answer.text().substring(from), answer.counts(), true), index, true);
    }

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        return write((ObjectNode) error, index, true);
    }

    private byte[] write(ObjectNode response, int index, boolean last) {
        if (events) {
            return Json.event("", response, "", "\r\n");
        }
        return Json.join(Json.utf8(index == 0 ? "[" : ",\r\n"), Json.bytes(response), Json.utf8(last ? "]" : ""));
    }

    private static ObjectNode response(ChatAnswer answer, String text, TokenCounts counts, boolean last) {
        ObjectNode content = Json.object();
        if (!text.isEmpty()) {
            content.set("parts", Json.array(Json.object().put("text", text)));
        }
        ObjectNode candidate = Json.object();
        candidate.set("content", content.put("role", "model"));
        if (last) {
            candidate.put("finishReason", answer.cutByLimit() ? "MAX_TOKENS" : "STOP");
        }
        ObjectNode response = Json.object();
        response.set("candidates", Json.array(candidate.put("index", 0)));
        response.set("usageMetadata", usage(counts));
        return response.put("modelVersion", answer.model())
                .put("responseId", answer.ids().of(""));
    }

    private static ObjectNode usage(TokenCounts counts) {
        ObjectNode usage = Json.object().put("promptTokenCount", counts.prompt());
        if (counts.text() > 0) {
            usage.put("candidatesTokenCount", counts.text());
        }
        usage.put("totalTokenCount", counts.prompt() + counts.output());
        if (counts.cacheRead() > 0) {
            usage.put("cachedContentTokenCount", counts.cacheRead());
        }
        usage.set(
                "promptTokensDetails",
                Json.array(Json.object().put("modality", "TEXT").put("tokenCount", counts.prompt())));
        if (counts.reasoning() > 0) {
            usage.put("thoughtsTokenCount", counts.reasoning());
        }
        return usage.put("serviceTier", "standard");
    }
}
