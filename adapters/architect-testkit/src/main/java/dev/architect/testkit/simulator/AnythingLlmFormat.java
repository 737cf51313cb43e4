package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;

/** Answers of AnythingLLM: chunks, an empty chunk that says close, and the final event with metrics and sources. */
final class AnythingLlmFormat implements PieceFormat {

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode body = Json.object()
                .put("id", answer.ids().uuid(""))
                .put("type", "textResponse")
                .put("close", true)
                .putNull("error")
                .put("chatId", chatId(answer))
                .put("textResponse", answer.text());
        body.set("sources", sources());
        body.set("metrics", metrics(wanted, answer));
        return Json.bytes(body);
    }

    @Override
    public String streamType() {
        return "text/event-stream";
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        return new byte[0];
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        return chunk(answer, answer.text().substring(from, to), false);
    }

    @Override
    public byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from) {
        byte[] text = from < answer.text().length()
                ? piece(wanted, answer, index, from, answer.text().length())
                : new byte[0];
        ObjectNode end = Json.object()
                .put("uuid", answer.ids().uuid(""))
                .put("type", "finalizeResponseStream")
                .put("close", true)
                .put("error", false)
                .put("chatId", chatId(answer));
        end.set("metrics", metrics(wanted, answer));
        end.set("sources", sources());
        return Json.join(text, chunk(answer, "", true), Json.event("", end, "", "\n"));
    }

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        ObjectNode abort = Json.object().put("id", answer.ids().uuid("")).setAll((ObjectNode) error);
        ObjectNode end = Json.object()
                .put("uuid", answer.ids().uuid(""))
                .put("type", "finalizeResponseStream")
                .put("close", true)
                .put("error", false)
                .put("chatId", chatId(answer));
        end.set("metrics", Json.object());
        end.set("sources", Json.array());
        // The real server ends as if nothing had happened; only the event before says that it failed.
        return Json.join(Json.event("", abort, "", "\n"), Json.event("", end, "", "\n"));
    }

    private static byte[] chunk(ChatAnswer answer, String text, boolean close) {
        ObjectNode chunk = Json.object().put("uuid", answer.ids().uuid(""));
        chunk.set("sources", Json.array());
        chunk.put("type", "textResponseChunk").put("textResponse", text);
        return Json.event("", chunk.put("close", close).put("error", false), "", "\n");
    }

    private static long chatId(ChatAnswer answer) {
        return answer.createdAt().toEpochMilli() % 1_000_000;
    }

    private static ArrayNode sources() {
        return Json.array(Json.object()
                .put("title", "handbook.txt")
                .put("text", "The handbook describes how the parts work together.")
                .put("chunkSource", "localfile://handbook.txt")
                .put("score", 0.81)
                .put("url", "file://handbook.txt"));
    }

    private static ObjectNode metrics(Wanted.Chat wanted, ChatAnswer answer) {
        TokenCounts counts = answer.counts();
        BigDecimal seconds = BigDecimal.valueOf(Math.max(answer.nanos() / 1_000_000, 1), 3);
        BigDecimal pace = BigDecimal.valueOf(counts.output()).divide(seconds, MathContext.DECIMAL32);
        Bill bill = answer.bill();
        return Json.object()
                .put("prompt_tokens", counts.prompt())
                .put("completion_tokens", counts.output())
                .put("total_tokens", counts.prompt() + counts.output())
                .put("outputTps", pace)
                .put("duration", seconds)
                .put("model", answer.model())
                .put("provider", wanted.model().servedProvider())
                .put("timestamp", answer.createdAt().toString())
                .put("inputCost", Bill.usd(bill.input() + bill.cacheRead() + bill.cacheWrite()))
                .put("outputCost", Bill.usd(bill.output()))
                .put("totalCost", Bill.usd(bill.total()));
    }
}
