package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.model.StopReason;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.StopWordReader;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;

/**
 * Reads an answer. Lines of a stream are of the same shape, and the last one is marked as such and carries the counts, so a whole answer
 * is a stream of one line. A failure after the start is a line too, under a status of success. Tool calls come whole, often
 * without ids and all under the same index, so they are distinguished by their order.
 */
final class OllamaStreamReader implements StreamReader {

    private final Exchange exchange;
    private JsonNode last = MissingNode.getInstance();
    private int calls;
    private boolean isReasoning;

    OllamaStreamReader(Exchange exchange) {
        this.exchange = exchange;
    }

    static ProviderAnswer whole(JsonNode line, Exchange exchange) {
        OllamaStreamReader reader = new OllamaStreamReader(exchange);
        if (reader.read(line) != Progress.DONE) {
            throw exchange.protocolFailure("answer is not done");
        }
        return reader.answer();
    }

    @Override
    public Progress accept(StreamEvent event) {
        return read(event.json());
    }

    @Override
    public ProviderAnswer answer() {
        return exchange.answer(stopReason(last.path("done_reason").asText(""))).build();
    }

    private Progress read(JsonNode line) {
        if (line.hasNonNull("error")) {
            throw exchange.failure(OllamaErrorReader.inAnswer(line)).build();
        }
        exchange.reportModel(line.path("model").asText(""));
        boolean isDone = line.path("done").asBoolean(false);
        // The older /api/generate, which some gateways answer with, has the fields of the message beside it.
        JsonNode message = line.has("message") ? line.path("message") : line;
        appendReasoning(message.path("thinking").asText(""));
        String text = message.path("content").asText(message.path("response").asText(""));
        // Reasoning has no end of its own on this wire: what follows it ends it.
        if (!text.isEmpty() || !message.path("tool_calls").isEmpty() || isDone) {
            endReasoning();
        }
        exchange.appendText(text);
        for (JsonNode call : message.path("tool_calls")) {
            JsonNode function = call.path("function");
            exchange.appendToolCall(
                    calls++,
                    call.path("id").asText(""),
                    function.path("name").asText(""),
                    arguments(function.path("arguments")));
        }
        if (!isDone) {
            return Progress.OPEN;
        }
        last = line;
        // A prompt that the server still had in memory is not counted, which is not the same as zero.
        exchange.reportUsage(new UsageReader()
                .put(UsageBucket.INPUT, line.path("prompt_eval_count"))
                .put(UsageBucket.OUTPUT, line.path("eval_count")));
        return Progress.DONE;
    }

    private void appendReasoning(String delta) {
        exchange.appendReasoning(delta);
        isReasoning |= !delta.isEmpty();
    }

    /** Ollama does not sign reasoning. A model gets its own one back, and the signature is the name of the model. */
    private void endReasoning() {
        if (isReasoning) {
            exchange.signReasoning(exchange.model().model());
            isReasoning = false;
        }
    }

    /** An object, or with some templates its text. */
    private static String arguments(JsonNode arguments) {
        return arguments.isContainerNode() ? arguments.toString() : arguments.asText("");
    }

    /** Ollama reports {@code stop} for a stop sequence too. A model that is only loaded or unloaded has answered nothing. */
    private StopReason stopReason(String name) {
        return name.equals("load") || name.equals("unload") ? StopReason.OTHER : StopWordReader.read(name, exchange);
    }
}
