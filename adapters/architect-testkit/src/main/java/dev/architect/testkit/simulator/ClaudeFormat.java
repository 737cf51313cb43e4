package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers of the Anthropic Messages API: named events, data lines padded with blanks, usage that excludes the cache. */
final class ClaudeFormat implements PieceFormat {

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode message = message(answer);
        message.set("content", Json.array(Json.object().put("type", "text").put("text", answer.text())));
        stop(message, answer);
        message.set("usage", usage(answer, answer.counts().output()));
        return Json.bytes(message);
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode message = message(answer);
        message.set("content", Json.array());
        message.putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
        message.set("usage", usage(answer, 1));
        ObjectNode start = Json.object().put("type", "message_start");
        start.set("message", message);
        ObjectNode block = Json.object().put("type", "content_block_start").put("index", 0);
        block.set("content_block", Json.object().put("type", "text").put("text", ""));
        return Json.join(event(start, 5), event(block, 2), event(Json.object().put("type", "ping"), 0));
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        ObjectNode delta = Json.object().put("type", "content_block_delta").put("index", 0);
        delta.set(
                "delta",
                Json.object()
                        .put("type", "text_delta")
                        .put("text", answer.text().substring(from, to)));
        return event(delta, index % 5);
    }

    @Override
    public byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from) {
        ObjectNode end = Json.object().put("type", "message_delta");
        ObjectNode delta = Json.object();
        stop(delta, answer);
        end.set("delta", delta);
        TokenCounts counts = answer.counts();
        ObjectNode usage = Json.object()
                .put("input_tokens", counts.uncached())
                .put("cache_creation_input_tokens", counts.cacheWrite())
                .put("cache_read_input_tokens", counts.cacheRead())
                .put("output_tokens", counts.output());
        end.set("usage", thinking(usage, counts));
        byte[] text = from < answer.text().length()
                ? piece(wanted, answer, index, from, answer.text().length())
                : new byte[0];
        return Json.join(
                text,
                event(Json.object().put("type", "content_block_stop").put("index", 0), 4),
                event(end, 9),
                event(Json.object().put("type", "message_stop"), 0));
    }

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        return event(error, 0);
    }

    private static ObjectNode message(ChatAnswer answer) {
        return Json.object()
                .put("model", answer.model())
                .put("id", answer.ids().of("msg_"))
                .put("type", "message")
                .put("role", "assistant");
    }

    private static void stop(ObjectNode node, ChatAnswer answer) {
        node.put("stop_reason", answer.cutByLimit() ? "max_tokens" : "end_turn")
                .putNull("stop_sequence")
                .putNull("stop_details");
    }

    private static ObjectNode usage(ChatAnswer answer, long output) {
        TokenCounts counts = answer.counts();
        ObjectNode usage = Json.object()
                .put("input_tokens", counts.uncached())
                .put("cache_creation_input_tokens", counts.cacheWrite())
                .put("cache_read_input_tokens", counts.cacheRead());
        usage.set(
                "cache_creation",
                Json.object()
                        .put("ephemeral_5m_input_tokens", counts.cacheWrite())
                        .put("ephemeral_1h_input_tokens", 0));
        usage.put("output_tokens", output);
        thinking(usage, counts);
        return usage.put("service_tier", "standard").put("inference_geo", "not_available");
    }

    private static ObjectNode thinking(ObjectNode usage, TokenCounts counts) {
        if (counts.reasoning() > 0) {
            usage.set("output_tokens_details", Json.object().put("thinking_tokens", counts.reasoning()));
        }
        return usage;
    }

    private static byte[] event(JsonNode data, int blanks) {
        return Json.event(data.path("type").asText(), data, " ".repeat(blanks), "\n");
    }
}
