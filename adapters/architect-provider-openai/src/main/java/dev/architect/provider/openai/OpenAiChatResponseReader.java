package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.StopReason;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;

/** Reads whole answers of Chat Completions, and the pieces of streamed ones, which have the same fields. */
final class OpenAiChatResponseReader {

    private OpenAiChatResponseReader() {}

    static ProviderAnswer read(JsonNode completion, Exchange exchange) {
        JsonNode choice = completion.path("choices").path(0);
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            throw exchange.broken("answer has no message");
        }
        boolean refused = say(message, exchange);
        exchange.used(OpenAiUsageReader.ofChat(completion.path("usage")));
        return exchange.answer(
                        completion.path("model"),
                        stopReason(choice.path("finish_reason").asText(""), refused))
                .serviceTier(serviceTier(completion.path("service_tier"), exchange))
                .build();
    }

    /** Says what a message, or a piece of one, holds; true when it refuses. */
    static boolean say(JsonNode message, Exchange exchange) {
        exchange.say(message.path("content").asText(""));
        String refusal = message.path("refusal").asText("");
        exchange.say(refusal);
        int position = 0;
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            JsonNode arguments = function.path("arguments");
            exchange.callTool(
                    call.path("index").asInt(position++),
                    call.path("id").asText(""),
                    function.path("name").asText(""),
                    arguments.isObject() ? arguments.toString() : arguments.asText(""));
        }
        for (JsonNode annotation : message.path("annotations")) {
            OpenAiCitationReader.cite(annotation.path("url_citation"), exchange);
        }
        return !refusal.isEmpty();
    }

    /** The tier that served the call; OpenAI calls the usual one {@code default}. */
    static String serviceTier(JsonNode tier, Exchange exchange) {
        String word = exchange.wordOr(tier, "default");
        return word.equals("default") ? "standard" : word;
    }

    /** OpenAI says {@code stop} for a stop sequence too, and for a call of a tool that it was told to call. */
    static StopReason stopReason(String word, boolean refused) {
        if (refused) {
            return StopReason.REFUSED;
        }
        return switch (word) {
            case "stop" -> StopReason.COMPLETE;
            case "tool_calls" -> StopReason.TOOL_CALLS;
            case "length" -> StopReason.LENGTH;
            case "content_filter" -> StopReason.REFUSED;
            default -> StopReason.OTHER;
        };
    }
}
