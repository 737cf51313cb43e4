package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.WebCitationReader;
import dev.architect.spi.ProviderAnswer;

/**
 * Reads a streamed answer of the Responses API. Events name themselves in their data. One of three ends the stream, and
 * carries the response with its counts; without it the stream was cut.
 */
final class OpenAiResponsesStreamReader implements StreamReader {

    private final Exchange exchange;
    private final OpenAiResponsesItemReader items;
    private JsonNode response = MissingNode.getInstance();

    OpenAiResponsesStreamReader(Exchange exchange) {
        this.exchange = exchange;
        this.items = new OpenAiResponsesItemReader(exchange);
    }

    @Override
    public Progress accept(StreamEvent event) {
        JsonNode data = event.json();
        int index = data.path("output_index").asInt(0);
        String delta = data.path("delta").asText("");
        switch (data.path("type").asText("")) {
            // Its tier is the requested one; the response at the end names the one that served.
            case "response.created" ->
                exchange.reportModel(data.path("response").path("model").asText(""));
            case "response.output_item.added" -> items.begin(index, data.path("item"));
            case "response.output_item.done" -> items.finish(index, data.path("item"));
            case "response.output_text.delta" -> items.appendText(index, delta);
            case "response.refusal.delta" -> items.appendRefusal(index, delta);
            case "response.reasoning_summary_part.added", "response.content_part.added" -> items.startReasoning();
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                items.appendReasoning(index, delta);
            case "response.function_call_arguments.delta" -> items.appendToolCall(index, "", "", delta);
            case "response.output_text.annotation.added" -> WebCitationReader.cite(data.path("annotation"), exchange);
            case "response.completed", "response.incomplete", "response.failed" -> {
                response = data.path("response");
                // No [DONE] follows in this API, so waiting for one would end in a timeout.
                return Progress.DONE;
            }
            case "error" -> throw failure(data);
            default -> {
                // Compatible servers may send an error in a field of an event whose type is not known.
                if (data.path("error").isObject()) {
                    throw failure(data);
                }
            }
        }
        return Progress.OPEN;
    }

    /** The error stands in a field of its own, or is the event itself. */
    private RuntimeException failure(JsonNode data) {
        JsonNode error = data.path("error").isObject() ? data.path("error") : data;
        return exchange.failure(OpenAiErrorReader.inStream(error)).build();
    }

    @Override
    public ProviderAnswer answer() {
        return OpenAiResponsesResponseReader.finish(response, items, exchange);
    }
}
