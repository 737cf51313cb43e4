package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer. Each event of a stream is a whole response with the next parts and the counts so far, so a whole answer is
 * a stream of one event. No event is marked as the last one: the stream is complete when it ends after a finish reason.
 */
final class GeminiStreamReader implements StreamReader {

    private final Exchange exchange;
    private final GeminiCitationReader sources;
    // Numbered here, because calls of Gemini have no index and may have no id.
    private int calls;
    private JsonNode id = MissingNode.getInstance();
    private @Nullable StopReason stopReason;

    GeminiStreamReader(Exchange exchange) {
        this.exchange = exchange;
        this.sources = new GeminiCitationReader(exchange);
    }

    static ProviderAnswer whole(JsonNode response, Exchange exchange) {
        GeminiStreamReader reader = new GeminiStreamReader(exchange);
        reader.read(response);
        return reader.answer();
    }

    @Override
    public Progress accept(StreamEvent event) {
        read(event.json());
        // Never DONE: no event is marked as the last one, and one with only a signature may follow.
        return stopReason == null ? Progress.OPEN : Progress.MAY_END;
    }

    @Override
    public ProviderAnswer answer() {
        if (stopReason == null) {
            throw exchange.protocolFailure("answer has no finish reason");
        }
        return exchange.answer(stopReason).requestId(exchange.requestIdOr(id)).build();
    }

    private void read(JsonNode response) {
        exchange.reportModel(response.path("modelVersion").asText(""));
        id = response.path("responseId").isTextual() ? response.path("responseId") : id;
        JsonNode candidate = response.path("candidates").path(0);
        candidate.path("content").path("parts").forEach(this::part);
        sources.read(candidate);
        JsonNode counts = response.path("usageMetadata");
        if (counts.isObject()) {
            exchange.reportServiceTier(counts.path("serviceTier").asText(""));
            exchange.reportUsage(usage(counts));
        }
        // After the counts of the same event, so that the failure has the usage.
        if (response.path("error").isObject()) {
            throw exchange.failure(GeminiErrorReader.inAnswer(response.path("error"), exchange))
                    .build();
        }
        String reason = candidate.path("finishReason").asText("");
        if (!reason.isEmpty()) {
            stopReason = stopReason(reason);
            // A blocked prompt is a status of success without any candidate.
        } else if (candidate.isMissingNode() && response.path("promptFeedback").hasNonNull("blockReason")) {
            stopReason = StopReason.REFUSED;
        }
    }

    /** Calls come whole; of several at once only the first is signed, and so may be a text. */
    private void part(JsonNode part) {
        String signature = part.path("thoughtSignature").asText("");
        JsonNode call = part.path("functionCall");
        if (call.isObject()) {
            String arguments = call.path("args").isObject() ? call.path("args").toString() : "";
            exchange.appendToolCall(
                    calls, call.path("id").asText(""), call.path("name").asText(""), arguments);
            exchange.signToolCall(calls, signature);
            calls++;
        } else if (part.path("thought").asBoolean(false)) {
            exchange.appendReasoning(part.path("text").asText(""));
            exchange.signReasoning(signature);
        } else {
            exchange.appendText(part.path("text").asText(""));
            // The last event may be an empty text that carries only a signature.
            exchange.signReasoning(signature);
        }
    }

    private UsageReader usage(JsonNode counts) {
        UsageReader usage = GeminiUsageReader.of(counts);
        return sources.billed() == 0 ? usage : usage.put(UsageBucket.WEB_SEARCH, IntNode.valueOf(sources.billed()));
    }

    /** Gemini reports {@code STOP} for a stop sequence too. */
    private StopReason stopReason(String name) {
        return switch (name) {
            case "STOP" -> StopReason.COMPLETE;
            case "MAX_TOKENS" -> StopReason.LENGTH;
            // A long answer that goes on when it is sent back.
            case "CONTINUATION" -> StopReason.PAUSED;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "LANGUAGE",
                    "MODEL_ARMOR",
                    "JAILBREAK",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" -> StopReason.REFUSED;
            case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE" ->
                // An error of the model and not of the request: as PROTOCOL it lets the router fail over.
                throw exchange.failure(FailureKind.PROTOCOL).code(name).build();
            // Gemini's own words for a reason that it does not tell.
            case "OTHER", "IMAGE_OTHER", "NO_IMAGE", "FINISH_REASON_UNSPECIFIED" -> StopReason.OTHER;
            default -> exchange.unknownStopReason(name);
        };
    }
}
