package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.ThinkTagParser;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;

/**
 * Reads an answer. A chunk with {@code close} is not the end: the event with the counts follows, or one that calls the
 * answer off. A failure has a status of success, and after it the server may still end the stream as if all was well, so the
 * first {@code abort} decides.
 */
final class AnythingLlmStreamReader implements StreamReader {

    private final Exchange exchange;
    private final ThinkTagParser text;
    private JsonNode metrics = MissingNode.getInstance();

    AnythingLlmStreamReader(Exchange exchange) {
        this.exchange = exchange;
        this.text = ThinkTagParser.create(exchange);
    }

    static ProviderAnswer whole(JsonNode event, Exchange exchange) {
        AnythingLlmStreamReader reader = new AnythingLlmStreamReader(exchange);
        if (reader.read(event) == Progress.OPEN) {
            throw exchange.protocolFailure("answer is not a textResponse");
        }
        return reader.answer();
    }

    @Override
    public Progress accept(StreamEvent event) {
        return read(event.json());
    }

    /** Without counts no model has answered, but the workspace itself: it found no document to answer from. */
    @Override
    public ProviderAnswer answer() {
        text.finish();
        return exchange.answer(metrics.isEmpty() ? StopReason.OTHER : StopReason.COMPLETE)
                .build();
    }

    private Progress read(JsonNode event) {
        String type = event.path("type").asText("");
        // Before the abort is looked at: an answer that is called off may have been counted and billed.
        if (!event.path("metrics").isEmpty()) {
            count(event.path("metrics"));
        }
        if (type.equals("abort") || event.path("error").isTextual()) {
            // Without the server's text: it may quote the message of the provider behind it, and with it the prompt.
            throw failed(AnythingLlmErrorReader.inAnswer(event), "workspace gave the answer up");
        }
        switch (type) {
            case "textResponseChunk" -> {
                text.append(event.path("textResponse").asText(""));
                return Progress.OPEN;
            }
            case "textResponse" -> {
                end(event);
                // A whole text may be the last event, or be followed by finalizeResponseStream.
                return Progress.MAY_END;
            }
            case "finalizeResponseStream" -> {
                end(event);
                if (text.isEmpty() && metrics.isEmpty()) {
                    throw failed(
                            ErrorMeaning.of(FailureKind.UNAVAILABLE, null), "model behind the workspace gave no text");
                }
                return Progress.DONE;
            }
            default -> {
                return Progress.OPEN;
            }
        }
    }

    /** Appends what is missing of a whole text; an agent's answer comes in deltas and again as a whole. */
    private void end(JsonNode event) {
        text.appendUpTo(event.path("textResponse").asText(""));
        AnythingLlmCitationReader.cite(event.path("sources"), exchange);
    }

    private void count(JsonNode counted) {
        metrics = counted;
        String provider = metrics.path("provider").asText("").strip();
        String model = metrics.path("model").asText("").strip();
        exchange.reportModel(model.isEmpty() || provider.isEmpty() ? "" : provider + "/" + model);
        exchange.reportUsage(new UsageReader()
                .put(UsageBucket.INPUT, counted.path("prompt_tokens"))
                .put(UsageBucket.OUTPUT, counted.path("completion_tokens"))
                // The server may estimate the counts and does not state whether it did.
                .estimated());
    }

    private RuntimeException failed(ErrorMeaning meaning, String explanation) {
        return exchange.failure(meaning).explanation(explanation).build();
    }
}
