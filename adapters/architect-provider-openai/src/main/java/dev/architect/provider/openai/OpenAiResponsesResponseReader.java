package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.StopWordReader;
import dev.architect.spi.ProviderAnswer;

/** Reads whole answers of the Responses API, and the end of streamed ones, which is a whole response too. */
final class OpenAiResponsesResponseReader {

    private OpenAiResponsesResponseReader() {}

    static ProviderAnswer read(JsonNode response, Exchange exchange) {
        OpenAiResponsesItemReader items = new OpenAiResponsesItemReader(exchange);
        int index = 0;
        for (JsonNode item : response.path("output")) {
            items.finish(index++, item);
        }
        return finish(response, items, exchange);
    }

    /** Returns the answer whose items have been appended. A response may have failed although its HTTP status is one of success. */
    static ProviderAnswer finish(JsonNode response, OpenAiResponsesItemReader items, Exchange exchange) {
        // Before the status is looked at: a failed response may have been counted, and its failure carries the usage.
        exchange.reportUsage(OpenAiUsageReader.ofResponse(response.path("usage")));
        OpenAiChatResponseReader.report(response, exchange);
        return exchange.answer(stopReason(response, items, exchange)).build();
    }

    private static StopReason stopReason(JsonNode response, OpenAiResponsesItemReader items, Exchange exchange) {
        switch (response.path("status").asText("")) {
            case "completed":
                return items.isRefused() ? StopReason.REFUSED : StopReason.COMPLETE;
            case "incomplete":
                String reason =
                        response.path("incomplete_details").path("reason").asText("");
                // The first is a bound of the loop of OpenAI's own tools, the second a new input while it ran: both go
                // on when they are sent back.
                return reason.equals("max_messages") || reason.equals("steered")
                        ? StopReason.PAUSED
                        : StopWordReader.read(reason, exchange);
            case "failed":
                throw exchange.failure(OpenAiErrorReader.inStream(response.path("error")))
                        .build();
            case "cancelled":
                throw exchange.failure(FailureKind.UNAVAILABLE)
                        .explanation("response was cancelled at the provider")
                        .build();
            default:
                throw exchange.protocolFailure("response is not finished");
        }
    }
}
