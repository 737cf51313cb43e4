package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Answers of OpenAI Chat Completions: unnamed events, usage only when asked for, {@code [DONE]} at the end. */
final class OpenAiChatFormat implements PieceFormat {

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        return Json.event("", error, "", "\n");
    }

    private static final byte[] DONE = Json.utf8("data: [DONE]\n\n");

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode message = Json.object().put("role", "assistant").put("content", answer.text());
        message.putNull("refusal").set("annotations", Json.array());
        ObjectNode choice = Json.object().put("index", 0);
        choice.set("message", message);
        choice.putNull("logprobs").put("finish_reason", reason(answer));
        ObjectNode body = head(answer, "chat.completion");
        body.set("choices", Json.array(choice));
        body.set("usage", usage(answer.counts()));
        return Json.pretty(body.put("service_tier", "default").put("system_fingerprint", "fp_simulator"));
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode delta =
                Json.object().put("role", "assistant").put("content", "").putNull("refusal");
        return chunk(wanted, answer, delta, null);
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        return chunk(wanted, answer, Json.object().put("content", answer.text().substring(from, to)), null);
    }

    @Override
    public byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from) {
        byte[] text = from < answer.text().length()
                ? piece(wanted, answer, index, from, answer.text().length())
                : new byte[0];
        byte[] end = chunk(wanted, answer, Json.object(), reason(answer));
        if (!wanted.usageInStream()) {
            return Json.join(text, end, DONE);
        }
        ObjectNode last = head(answer, "chat.completion.chunk").putNull("system_fingerprint");
        last.set("choices", Json.array());
        last.set("usage", usage(answer.counts()));
        return Json.join(text, end, Json.event("", last, "", "\n"), DONE);
    }

    private static byte[] chunk(Wanted.Chat wanted, ChatAnswer answer, JsonNode delta, @Nullable String reason) {
        ObjectNode choice = Json.object().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", reason);
        ObjectNode chunk = head(answer, "chat.completion.chunk").putNull("system_fingerprint");
        chunk.set("choices", Json.array(choice));
        if (wanted.usageInStream()) {
            chunk.putNull("usage");
        }
        return Json.event("", chunk, "", "\n");
    }

    private static ObjectNode head(ChatAnswer answer, String object) {
        return Json.object()
                .put("id", answer.ids().of("chatcmpl-"))
                .put("object", object)
                .put("created", answer.createdAt().getEpochSecond())
                .put("model", answer.model());
    }

    private static String reason(ChatAnswer answer) {
        return answer.cutByLimit() ? "length" : "stop";
    }

    private static ObjectNode usage(TokenCounts counts) {
        ObjectNode usage = Json.object()
                .put("prompt_tokens", counts.prompt())
                .put("completion_tokens", counts.output())
                .put("total_tokens", counts.prompt() + counts.output());
        ObjectNode prompt =
                Json.object().put("cached_tokens", counts.cacheRead()).put("audio_tokens", 0);
        if (counts.cacheWrite() > 0) {
            prompt.put("cache_write_tokens", counts.cacheWrite());
        }
        usage.set("prompt_tokens_details", prompt);
        usage.set(
                "completion_tokens_details",
                Json.object()
                        .put("reasoning_tokens", counts.reasoning())
                        .put("audio_tokens", 0)
                        .put("accepted_prediction_tokens", 0)
                        .put("rejected_prediction_tokens", 0));
        return usage;
    }
}
