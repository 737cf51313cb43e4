package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.StopReason;
import dev.architect.provider.http.reading.ChatMessageReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.StopWordReader;
import dev.architect.spi.ProviderAnswer;

/** Reads whole answers of Chat Completions. */
final class OpenAiChatResponseReader {

    private OpenAiChatResponseReader() {}

    static ProviderAnswer read(JsonNode completion, Exchange exchange) {
        OpenAiErrorReader.throwStated(completion, exchange);
        JsonNode choice = completion.path("choices").path(0);
        OpenAiErrorReader.throwStated(choice, exchange);
        JsonNode message = choice.path("message");
        String reason = choice.path("finish_reason").asText("");
        // A content filter may leave the reason alone.
        if (!message.isObject() && !reason.equals("content_filter")) {
            throw exchange.protocolFailure("answer has no message");
        }
        report(completion, exchange);
        ChatMessageReader content = new ChatMessageReader(exchange);
        content.append(message);
        exchange.reportUsage(OpenAiUsageReader.ofChat(completion.path("usage")));
        content.finish();
        return exchange.answer(stopReason(reason, content.isRefused(), exchange))
                .build();
    }

    /** Reports what a response, or an event of one, names beside its content. */
    static void report(JsonNode response, Exchange exchange) {
        exchange.reportModel(response.path("model").asText(""));
        exchange.reportServiceTier(response.path("service_tier").asText(""));
    }

    /** OpenAI reports {@code stop} for a stop sequence too, and for a call of a tool that the request requires. */
    static StopReason stopReason(String name, boolean refused, Exchange exchange) {
        return refused ? StopReason.REFUSED : StopWordReader.read(name, exchange);
    }
}
