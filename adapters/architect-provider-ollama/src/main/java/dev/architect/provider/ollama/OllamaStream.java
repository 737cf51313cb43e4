package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.chat.StopReason;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;

/**
 * Reads an answer. Lines of a stream are of the same shape, and the last one says so and carries the counts, so a whole answer
 * is a stream of one line. A failure after the start is a line too, under a status of success.
 */
final class OllamaStream implements StreamReader {

    private final Exchange exchange;
    private UsageReader usage = new UsageReader();
    private JsonNode last = MissingNode.getInstance();

    OllamaStream(Exchange exchange) {
        this.exchange = exchange;
    }

    static ProviderAnswer whole(JsonNode line, Exchange exchange) {
        OllamaStream reader = new OllamaStream(exchange);
        if (reader.take(line) != Progress.DONE) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer is not done")
                    .build();
        }
        return reader.answer();
    }

    @Override
    public Progress accept(StreamEvent event) {
        return take(event.json());
    }

    @Override
    public ProviderAnswer answer() {
        return exchange.answer(
                        last.path("model"), stopReason(last.path("done_reason").asText("")))
                .build();
    }

    private Progress take(JsonNode line) {
        if (line.hasNonNull("error")) {
            throw exchange.failure(OllamaErrors.inAnswer(line)).build();
        }
        exchange.say(line.path("message").path("content").asText(""));
        if (!line.path("done").asBoolean(false)) {
            return Progress.OPEN;
        }
        last = line;
        // A prompt that the server still had in memory is not counted, which is not the same as zero.
        exchange.used(new UsageReader()
                .put(UsageBucket.INPUT, line.path("prompt_eval_count"))
                .put(UsageBucket.OUTPUT, line.path("eval_count")));
        return Progress.DONE;
    }

    /** Ollama says {@code stop} for a stop sequence too. */
    private static StopReason stopReason(String word) {
        return switch (word) {
            case "stop" -> StopReason.COMPLETE;
            case "length" -> StopReason.LENGTH;
            default -> StopReason.OTHER;
        };
    }
}
