package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;

/**
 * Reads a streamed answer of Chat Completions. The counts come in an event of their own after the reason of the end; with both here the answer is
 * complete even if the closing {@code [DONE]} is lost.
 */
final class OpenAiChatStreamReader implements StreamReader {

    private final Exchange exchange;
    private String finishReason = "";
    private boolean refused;
    private boolean counted;

    OpenAiChatStreamReader(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Progress accept(StreamEvent event) {
        if (event.is("[DONE]")) {
            return Progress.DONE;
        }
        JsonNode chunk = event.json();
        if (chunk.path("error").isObject()) {
            throw exchange.failure(OpenAiErrorReader.inStream(chunk.path("error")))
                    .build();
        }
        OpenAiChatResponseReader.report(chunk, exchange);
        for (JsonNode choice : chunk.path("choices")) {
            // Compatible servers may send several choices, interleaved; only one answer was asked for.
            if (choice.path("index").asInt(0) == 0) {
                refused |= OpenAiChatResponseReader.append(choice.path("delta"), exchange);
                finishReason = choice.path("finish_reason").asText(finishReason);
            }
        }
        if (chunk.path("usage").isObject()) {
            counted = true;
            exchange.reportUsage(OpenAiUsageReader.ofChat(chunk.path("usage")));
        }
        return counted && !finishReason.isEmpty() ? Progress.MAY_END : Progress.OPEN;
    }

    @Override
    public ProviderAnswer answer() {
        return exchange.answer(OpenAiChatResponseReader.stopReason(finishReason, refused, exchange))
                .build();
    }
}
