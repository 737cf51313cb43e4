package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.Tool;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer, streamed or whole. The same text comes up to four times: in deltas, as the end of its part, as the end of
 * its item, and in the closing response; and it may come in any of them alone. So the text of each part is kept, and of each
 * event only what is missing is appended. What was appended stands where a later event differs.
 *
 * <p>Perplexity's own tools open as calls too: only calls of tools that the request offers are the caller's, each id once. Reasoning
 * comes only in streams, never in a whole answer.
 */
final class PerplexityAgentStreamReader implements StreamReader {

    private final Exchange exchange;
    private final Set<String> offered;
    private final PerplexityCitationReader sources;
    // Per part and not per answer: deltas of several items may interleave.
    private final Map<String, StringBuilder> parts = new HashMap<>();
    private final Set<String> calls = new HashSet<>();
    private boolean hasReasoning;
    private @Nullable ProviderAnswer answer;

    PerplexityAgentStreamReader(Exchange exchange, ProviderCall call) {
        this.exchange = exchange;
        this.offered =
                call.request().toolset().tools().stream().map(Tool::name).collect(Collectors.toUnmodifiableSet());
        this.sources = new PerplexityCitationReader(exchange);
    }

    static ProviderAnswer whole(JsonNode response, Exchange exchange, ProviderCall call) {
        return new PerplexityAgentStreamReader(exchange, call).finish(response);
    }

    @Override
    public Progress accept(StreamEvent event) {
        JsonNode json = event.json();
        switch (json.path("type").asText("")) {
            case "response.created" -> PerplexityResponseReader.report(json.path("response"), exchange);
            case "response.output_text.delta" ->
                add(part(json), json.path("delta").asText(""));
            case "response.output_text.done" ->
                addRest(part(json), json.path("text").asText(""));
            case "response.output_item.done" -> done(json);
            case "response.reasoning.started", "response.reasoning.stopped" ->
                appendReasoning(json.path("thought").asText(""));
            case "response.reasoning.search_results" -> sources.results(json.path("results"));
            case "response.reasoning.fetch_url_results" -> sources.contents(json.path("contents"));
            case "response.completed", "response.incomplete" -> {
                answer = finish(json.path("response"));
                return Progress.DONE;
            }
            case "response.failed", "response.cancelled", "error" -> throw failed(json);
            default -> {
                // Beginnings, queries, and what a later version adds.
            }
        }
        return Progress.OPEN;
    }

    @Override
    public ProviderAnswer answer() {
        if (answer == null) {
            throw exchange.protocolFailure("answer has no end");
        }
        return answer;
    }

    private void done(JsonNode event) {
        JsonNode item = event.path("item");
        if (item.path("type").asText("").equals("message")) {
            int index = 0;
            for (JsonNode content : item.path("content")) {
                addRest(part(event, item.path("id"), index), PerplexityResponseReader.partText(content));
                index++;
            }
        }
        readOther(item);
    }

    /** Appends what did not come before, which is everything of a whole answer. */
    private ProviderAnswer finish(JsonNode response) {
        String whole = PerplexityResponseReader.text(response.path("output"));
        String known = exchange.text();
        // Where the texts differ nothing is appended: what the listener has got cannot be taken back.
        int skipped = whole.startsWith(known) ? known.length() : whole.length();
        for (JsonNode item : response.path("output")) {
            String text = PerplexityResponseReader.itemText(item);
            exchange.appendText(text.substring(Math.min(skipped, text.length())));
            skipped -= Math.min(skipped, text.length());
            readOther(item);
        }
        return PerplexityResponseReader.read(response, exchange, !calls.isEmpty());
    }

    /** Reads citations and tool calls. */
    private void readOther(JsonNode item) {
        sources.item(item);
        String name = item.path("name").asText("");
        String id = item.path("call_id").asText(item.path("id").asText(""));
        if (item.path("type").asText("").equals("function_call") && offered.contains(name) && calls.add(id)) {
            JsonNode arguments = item.path("arguments");
            exchange.appendToolCall(
                    calls.size(), id, name, arguments.isObject() ? arguments.toString() : arguments.asText(""));
            exchange.signToolCall(calls.size(), item.path("thought_signature").asText(""));
        }
    }

    private void appendReasoning(String text) {
        if (!text.isEmpty()) {
            exchange.appendReasoning(hasReasoning ? "\n" + text : text);
            hasReasoning = true;
        }
    }

    private RuntimeException failed(JsonNode event) {
        JsonNode response = event.path("response");
        // The failed response may state usage and cost, and the entry of the call needs them.
        PerplexityResponseReader.report(response, exchange);
        JsonNode error = event.path("error").isObject() ? event.path("error") : response.path("error");
        return exchange.failure(PerplexityErrorReader.inAnswer(error.isObject() ? error : event))
                .build();
    }

    private void add(StringBuilder part, String delta) {
        part.append(delta);
        exchange.appendText(delta);
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
        // Under both names, since a later event may name its item in the other way only.
        names.forEach(name -> parts.put(name, part));
        return part;
    }
}
