package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.StopReason;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;

/** Reads whole answers, and the parts that streams have in common with them. */
final class ClaudeAnswers {

    private ClaudeAnswers() {}

    static ProviderAnswer read(JsonNode message, Exchange exchange) {
        JsonNode content = message.path("content");
        if (!content.isArray()) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no content")
                    .build();
        }
        for (JsonNode block : content) {
            exchange.say(text(block));
        }
        return answer(message.path("model"), message.path("stop_reason"), message.path("usage"), exchange);
    }

    static ProviderAnswer answer(JsonNode model, JsonNode stopReason, JsonNode counts, Exchange exchange) {
        exchange.used(usage(counts));
        return exchange.answer(model, stopReason(stopReason.asText("")))
                .serviceTier(exchange.wordOr(counts.path("service_tier"), "standard"))
                .build();
    }

    /** The text of a block; thinking, tools and kinds of a later version have none that belongs to the answer. */
    static String text(JsonNode block) {
        return block.path("type").asText("").equals("text") ? block.path("text").asText("") : "";
    }

    /** Claude counts cached tokens apart from {@code input_tokens}, and thinking as part of {@code output_tokens}. */
    static UsageReader usage(JsonNode counts) {
        JsonNode writes = counts.path("cache_creation");
        JsonNode tools = counts.path("server_tool_use");
        UsageReader usage = new UsageReader()
                .put(UsageBucket.INPUT, counts.path("input_tokens"))
                .put(UsageBucket.CACHE_READ, counts.path("cache_read_input_tokens"))
                .put(UsageBucket.OUTPUT, counts.path("output_tokens"))
                .put(
                        UsageBucket.REASONING_IN_OUTPUT,
                        counts.path("output_tokens_details").path("thinking_tokens"))
                .put(UsageBucket.WEB_SEARCH, tools.path("web_search_requests"))
                .put(UsageBucket.WEB_FETCH, tools.path("web_fetch_requests"));
        if (!writes.isObject()) {
            return usage.put(UsageBucket.CACHE_WRITE, counts.path("cache_creation_input_tokens"));
        }
        return usage.put(UsageBucket.CACHE_WRITE_5M, writes.path("ephemeral_5m_input_tokens"))
                .put(UsageBucket.CACHE_WRITE_1H, writes.path("ephemeral_1h_input_tokens"))
                .putRestIfAny(
                        UsageBucket.CACHE_WRITE,
                        counts.path("cache_creation_input_tokens"),
                        UsageBucket.CACHE_WRITE_5M,
                        UsageBucket.CACHE_WRITE_1H);
    }

    private static StopReason stopReason(String word) {
        return switch (word) {
            case "end_turn" -> StopReason.COMPLETE;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "max_tokens", "model_context_window_exceeded" -> StopReason.LENGTH;
            case "refusal" -> StopReason.REFUSED;
            default -> StopReason.OTHER;
        };
    }
}
