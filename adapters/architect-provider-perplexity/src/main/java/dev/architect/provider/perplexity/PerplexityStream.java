package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.spi.ProviderAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a streamed answer. The same text comes up to four times: in pieces, as the end of its part, as the end of its item, and
 * in the closing response; and it may come in any of them alone. So the text of each part is kept, and of each event only what
 * is missing is said. What was said stands where a later event tells it differently.
 */
final class PerplexityStream implements StreamReader {

    private final Exchange exchange;
    private final Map<String, StringBuilder> parts = new HashMap<>();
    private @Nullable ProviderAnswer answer;

    PerplexityStream(Exchange exchange) {
        this.exchange = exchange;
    }

    static ProviderAnswer whole(JsonNode response, Exchange exchange) {
        exchange.say(PerplexityAnswers.text(response));
        return PerplexityAnswers.read(response, exchange);
    }

    @Override
    public Progress accept(StreamEvent event) {
        JsonNode json = event.json();
        switch (json.path("type").asText("")) {
            case "response.output_text.delta" ->
                add(part(json), json.path("delta").asText(""));
            case "response.output_text.done" ->
                addRest(part(json), json.path("text").asText(""));
            case "response.output_item.done" -> item(json);
            case "response.completed", "response.incomplete" -> {
                finish(json.path("response"));
                return Progress.DONE;
            }
            case "response.failed", "response.cancelled", "error" -> throw failed(json);
            default -> {
                // Beginnings, searches, and what a later version adds.
            }
        }
        return Progress.OPEN;
    }

    @Override
    public ProviderAnswer answer() {
        if (answer == null) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no end")
                    .build();
        }
        return answer;
    }

    private void item(JsonNode event) {
        JsonNode item = event.path("item");
        if (!item.path("type").asText("").equals("message")) {
            return;
        }
        int index = 0;
        for (JsonNode content : item.path("content")) {
            addRest(part(event, item.path("id"), index), PerplexityAnswers.partText(content));
            index++;
        }
    }

    private void finish(JsonNode response) {
        String whole = PerplexityAnswers.text(response);
        String said = exchange.text();
        if (whole.startsWith(said)) {
            exchange.say(whole.substring(said.length()));
        }
        answer = PerplexityAnswers.read(response, exchange);
    }

    private RuntimeException failed(JsonNode event) {
        JsonNode response = event.path("response");
        exchange.used(PerplexityAnswers.usage(response.path("usage")));
        JsonNode error = event.path("error").isObject() ? event.path("error") : response.path("error");
        return exchange.failure(PerplexityErrors.inAnswer(error.isObject() ? error : event))
                .build();
    }

    private void add(StringBuilder part, String piece) {
        part.append(piece);
        exchange.say(piece);
    }

    private void addRest(StringBuilder part, String whole) {
        if (whole.startsWith(part.toString())) {
            add(part, whole.substring(part.length()));
        }
    }

    private StringBuilder part(JsonNode event) {
        return part(event, event.path("item_id"), event.path("content_index").asInt(0));
    }

    /** The text of a part so far. Events name its item by place, by id, or by both. */
    private StringBuilder part(JsonNode event, JsonNode itemId, int contentIndex) {
        List<String> names = Stream.of(event.path("output_index"), itemId)
                .map(name -> name.asText(""))
                .filter(name -> !name.isEmpty())
                .map(name -> name + "/" + contentIndex)
                .toList();
        StringBuilder part = names.stream()
                .map(parts::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(StringBuilder::new);
        names.forEach(name -> parts.put(name, part));
        return part;
    }
}
