package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Answers of Ollama: one JSON object per line, counts and durations on the last one. */
final class OllamaFormat implements PieceFormat {

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        return line(error);
    }

    private static final long LOAD_NANOS = 1_000_000;

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        return Json.bytes(last(answer, answer.text()));
    }

    @Override
    public String streamType() {
        return "application/x-ndjson";
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        return new byte[0];
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        return line(head(answer, answer.text().substring(from, to)).put("done", false));
    }

    @Override
    public byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from) {
        byte[] text = from < answer.text().length()
                ? piece(wanted, answer, index, from, answer.text().length())
                : new byte[0];
        return Json.join(text, line(last(answer, "")));
    }

    private static ObjectNode last(ChatAnswer answer, String text) {
        TokenCounts counts = answer.counts();
        ObjectNode last = head(answer, text)
                .put("done_reason", answer.cutByLimit() ? "length" : "stop")
                .put("done", true)
                .put("total_duration", LOAD_NANOS + answer.nanos())
                .put("load_duration", LOAD_NANOS);
        // A prompt that was cached as a whole has no count.
        if (counts.prompt() > counts.cacheRead()) {
            last.put("prompt_eval_count", counts.prompt());
        }
        return last.put("prompt_eval_duration", LOAD_NANOS)
                .put("eval_count", counts.output())
                .put("eval_duration", answer.nanos());
    }

    private static ObjectNode head(ChatAnswer answer, String text) {
        ObjectNode head = Json.object()
                .put("model", answer.model())
                .put("created_at", Instant.now().toString());
        head.set("message", Json.object().put("role", "assistant").put("content", text));
        return head;
    }

    private static byte[] line(JsonNode node) {
        return Json.join(Json.bytes(node), Json.utf8("\n"));
    }
}
