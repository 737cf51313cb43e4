package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.StopReason;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.StopWordReader;
import dev.architect.spi.ProviderAnswer;

/** Reads whole answers of Chat Completions, and the chunks of streamed ones, which have the same fields. */
final class OpenAiChatResponseReader {

    private OpenAiChatResponseReader() {}

    static ProviderAnswer read(JsonNode completion, Exchange exchange) {
        JsonNode choice = completion.path("choices").path(0);
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            throw exchange.protocolFailure("answer has no message");
        }
        report(completion, exchange);
        boolean refused = append(message, exchange);
        exchange.reportUsage(OpenAiUsageReader.ofChat(completion.path("usage")));
        return exchange.answer(stopReason(choice.path("finish_reason").asText(""), refused, exchange))
                .build();
    }

    /** Appends what a message, or a chunk of one, holds; true when it refuses. */
    static boolean append(JsonNode message, Exchange exchange) {
        exchange.appendText(message.path("content").asText(""));
        String refusal = message.path("refusal").asText("");
        // The refusal is the answer's text: the caller sees the model's own reason.
        exchange.appendText(refusal);
        int position = 0;
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            JsonNode arguments = function.path("arguments");
            exchange.appendToolCall(
                    // Deltas are told apart by index, because id and name come once; whole answers have no index.
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
