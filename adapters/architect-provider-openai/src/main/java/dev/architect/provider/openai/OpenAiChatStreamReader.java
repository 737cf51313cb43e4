package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.ChatMessageReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;

/**
 * Reads a streamed answer of Chat Completions. The counts come in an event of their own after the reason of the end. Compatible
 * services may leave out the counts and the closing {@code [DONE]}: with the reason, the end of the body completes the answer.
 */
final class OpenAiChatStreamReader implements StreamReader {

    private final Exchange exchange;
    private final ChatMessageReader content;
    private String finishReason = "";

    OpenAiChatStreamReader(Exchange exchange) {
        this.exchange = exchange;
        this.content = new ChatMessageReader(exchange);
    }

    @Override
    public Progress accept(StreamEvent event) {
        if (event.is("[DONE]")) {
            return Progress.DONE;
        }
        JsonNode chunk = event.json();
        OpenAiErrorReader.throwStated(chunk, exchange);
        OpenAiChatResponseReader.report(chunk, exchange);
        for (JsonNode choice : chunk.path("choices")) {
            // Compatible servers may send several choices, interleaved; only one answer was asked for.
            if (choice.path("index").asInt(0) == 0) {
                OpenAiErrorReader.throwStated(choice, exchange);
                content.append(choice.path("delta"));
                finishReason = choice.path("finish_reason").asText(finishReason);
            }
        }
        if (chunk.path("usage").isObject()) {
            exchange.reportUsage(OpenAiUsageReader.ofChat(chunk.path("usage")));
        }
        return finishReason.isEmpty() ? Progress.OPEN : Progress.MAY_END;
    }

    @Override
    public ProviderAnswer answer() {
        content.finish();
        return exchange.answer(OpenAiChatResponseReader.stopReason(finishReason, content.isRefused(), exchange))
                .build();
    }
}
