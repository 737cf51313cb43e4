package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.StopReason;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;

/** Reads whole answers, and the parts that streams have in common with them. */
final class OpenAiAnswers {

    private OpenAiAnswers() {}

    static ProviderAnswer read(JsonNode completion, Exchange exchange) {
        JsonNode choice = completion.path("choices").path(0);
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no message")
                    .build();
        }
        boolean refused = say(message, exchange);
        exchange.used(usage(completion.path("usage")));
        return exchange.answer(
                        completion.path("model"),
                        stopReason(choice.path("finish_reason").asText(""), refused))
                .serviceTier(serviceTier(completion.path("service_tier"), exchange))
                .build();
    }

    /** Says the text of a message or of a piece of one; true when it refuses. */
    static boolean say(JsonNode message, Exchange exchange) {
        exchange.say(message.path("content").asText(""));
        String refusal = message.path("refusal").asText("");
        exchange.say(refusal);
        return !refusal.isEmpty();
    }

    /** OpenAI counts cached tokens as part of {@code prompt_tokens}, and reasoning as part of {@code completion_tokens}. */
    static UsageReader usage(JsonNode counts) {
        JsonNode prompt = counts.path("prompt_tokens_details");
        return new UsageReader()
                .put(UsageBucket.CACHE_READ, prompt.path("cached_tokens"))
                .put(UsageBucket.CACHE_WRITE, prompt.path("cache_write_tokens"))
                .putRest(
                        UsageBucket.INPUT,
                        counts.path("prompt_tokens"),
                        UsageBucket.CACHE_READ,
                        UsageBucket.CACHE_WRITE)
                .put(UsageBucket.OUTPUT, counts.path("completion_tokens"))
                .put(
                        UsageBucket.REASONING_IN_OUTPUT,
                        counts.path("completion_tokens_details").path("reasoning_tokens"));
    }

    /** The tier that served the call; OpenAI calls the usual one {@code default}. */
    static String serviceTier(JsonNode tier, Exchange exchange) {
        String word = exchange.wordOr(tier, "default");
        return word.equals("default") ? "standard" : word;
    }

    /** OpenAI says {@code stop} for a stop sequence too. */
    static StopReason stopReason(String word, boolean refused) {
        if (refused) {
            return StopReason.REFUSED;
        }
        return switch (word) {
            case "stop" -> StopReason.COMPLETE;
            case "length" -> StopReason.LENGTH;
            case "content_filter" -> StopReason.REFUSED;
            default -> StopReason.OTHER;
        };
    }
}
