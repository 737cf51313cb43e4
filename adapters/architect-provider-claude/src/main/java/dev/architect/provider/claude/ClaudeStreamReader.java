package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads a streamed answer. Counts are cumulative: of each field the last value seen holds, from the first event or a later
 * one. Events of kinds that this version does not know are ignored, as Anthropic recommends. The beginning may be repeated; that of
 * another message is a broken stream.
 */
final class ClaudeStreamReader implements StreamReader {

    private final Exchange exchange;
    // Kept as JSON: message_delta repeats and corrects single fields, and the last value that is not null counts.
    private final ObjectNode counts = JsonNodeFactory.instance.objectNode();
    private JsonNode stopReason = MissingNode.getInstance();
    private final Set<Integer> calls = new HashSet<>();
    private boolean started;
    private String id = "";

    ClaudeStreamReader(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Progress accept(StreamEvent event) {
        JsonNode json = event.json();
        switch (json.path("type").asText("")) {
            case "message_start" -> {
                begin(json.path("message").path("id").asText(""));
                exchange.reportModel(json.path("message").path("model").asText(""));
                count(json.path("message").path("usage"));
            }
            case "content_block_start" -> start(json.path("index").asInt(0), json.path("content_block"));
            case "content_block_delta" -> add(json.path("index").asInt(0), json.path("delta"));
            case "message_delta" -> {
                JsonNode why = json.path("delta").path("stop_reason");
                // A stream may have several message_delta events, of which a later one has null here.
                stopReason = why.isTextual() ? why : stopReason;
                count(json.path("usage"));
            }
            case "message_stop" -> {
                return Progress.DONE;
            }
            case "error" -> throw ClaudeErrorReader.inAnswer(json, exchange);
            default -> {
                // ping, content_block_stop, and what a later version adds.
            }
        }
        // The content is complete before the reason of the end comes, and the counts come with it.
        return stopReason.isTextual() ? Progress.MAY_END : Progress.OPEN;
    }

    @Override
    public ProviderAnswer answer() {
        // Without message_start neither the model that answers nor the counts of the prompt are known.
        if (!started) {
            throw exchange.protocolFailure("answer has no beginning");
        }
        return ClaudeResponseReader.answer(stopReason, counts, exchange);
    }

    /** What comes after the beginning of another message cannot be told from what came before it. */
    private void begin(String message) {
        if (!id.isEmpty() && !message.isEmpty() && !id.equals(message)) {
            throw exchange.protocolFailure("another message began before the end of the first");
        }
        id = message.isEmpty() ? id : message;
        started = true;
    }

    private void start(int index, JsonNode block) {
        if (block.path("type").asText("").equals("tool_use")) {
            calls.add(index);
        }
        ClaudeResponseReader.add(index, block, exchange);
    }

    private void add(int index, JsonNode delta) {
        switch (delta.path("type").asText("")) {
            case "text_delta" -> exchange.appendText(delta.path("text").asText(""));
            case "thinking_delta" ->
                exchange.appendReasoning(delta.path("thinking").asText(""));
            case "signature_delta" ->
                exchange.signReasoning(delta.path("signature").asText(""));
            case "input_json_delta" -> {
                // Tools that Claude's own side runs get their input in the same way.
                if (calls.contains(index)) {
                    exchange.appendToolCall(
                            index, "", "", delta.path("partial_json").asText(""));
                }
            }
            case "citations_delta" -> ClaudeResponseReader.cite(delta.path("citation"), exchange);
            default -> {
                // What a later version adds.
            }
        }
    }

    private void count(JsonNode seen) {
        merge(counts, seen);
        ClaudeResponseReader.report(counts, exchange);
    }

    private static void merge(ObjectNode known, JsonNode seen) {
        seen.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isObject() && known.get(field.getKey()) instanceof ObjectNode inner) {
                merge(inner, value);
            } else if (!value.isNull()) {
                known.set(field.getKey(), value);
            }
        });
    }
}
