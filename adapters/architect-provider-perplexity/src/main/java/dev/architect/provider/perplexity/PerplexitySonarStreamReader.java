package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.architect.chat.Citation;
import dev.architect.model.StopReason;
import dev.architect.provider.http.StreamEvent;
import dev.architect.provider.http.StreamReader;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.ThinkTagParser;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an answer of Sonar Chat, streamed or whole. Every event repeats all sources, the text so far and counts that grow, so
 * of these the last ones stand. A stream is complete once an event has stated why it ended; proxies may add a {@code [DONE]}.
 */
final class PerplexitySonarStreamReader implements StreamReader {

    private final Exchange exchange;
    private final ThinkTagParser text;
    private JsonNode last = MissingNode.getInstance();
    private JsonNode citations = MissingNode.getInstance();
    private JsonNode results = MissingNode.getInstance();
    private String finish = "";

    PerplexitySonarStreamReader(Exchange exchange) {
        this.exchange = exchange;
        this.text = PerplexitySonarApi.hasReasoning(exchange.model().model())
                ? ThinkTagParser.create(exchange)
                : ThinkTagParser.withoutReasoning(exchange);
    }

    ProviderAnswer whole(JsonNode json) {
        read(json);
        if (!last.path("choices").has(0)) {
            throw exchange.protocolFailure("answer has no choice");
        }
        return answer();
    }

    @Override
    public Progress accept(StreamEvent event) {
        if (event.is("[DONE]")) {
            // A [DONE] before any reason of the end does not make the answer complete.
            return finish.isEmpty() ? Progress.OPEN : Progress.DONE;
        }
        JsonNode json = event.json();
        read(json);
        if (finish.isEmpty()) {
            return Progress.OPEN;
        }
        return json.path("object").asText("").equals("chat.completion.done") ? Progress.DONE : Progress.MAY_END;
    }

    private void read(JsonNode json) {
        if (json.hasNonNull("error")) {
            throw exchange.failure(PerplexityErrorReader.inAnswer(json.path("error")))
                    .build();
        }
        last = json;
        exchange.reportModel(json.path("model").asText(""));
        // Every event repeats all sources, so they are kept and reported once at the end.
        citations = json.path("citations").isArray() ? json.path("citations") : citations;
        results = json.path("search_results").isArray() ? json.path("search_results") : results;
        if (json.path("usage").isObject()) {
            exchange.reportUsage(usage(json));
            exchange.reportCost(
                    PerplexityResponseReader.statedCost(json.path("usage").path("cost")));
        }
        JsonNode choice = json.path("choices").path(0);
        text.append(choice.path("delta").path("content").asText(""));
        // After the delta: the message repeats the text so far and completes it where a delta was left out.
        text.appendUpTo(choice.path("message").path("content").asText(""));
        finish = choice.path("finish_reason").asText(finish);
    }

    @Override
    public ProviderAnswer answer() {
        text.finish();
        cite();
        StopReason reason = switch (finish) {
            case "stop" -> StopReason.COMPLETE;
            case "length" -> StopReason.LENGTH;
            default -> StopReason.OTHER;
        };
        return exchange.answer(reason)
                .requestId(exchange.requestIdOr(last.path("id")))
                .build();
    }

    /** The marks of the text are places in the list of citations; search results describe them further. */
    private void cite() {
        Map<String, JsonNode> found = new HashMap<>();
        results.forEach(result -> found.putIfAbsent(result.path("url").asText(""), result));
        int mark = 0;
        if (citations.isEmpty()) {
            for (JsonNode result : results) {
                cite(Integer.toString(++mark), result.path("url").asText(""), result);
            }
            return;
        }
        for (JsonNode citation : citations) {
            String url = citation.asText("");
            cite(Integer.toString(++mark), url, found.getOrDefault(url, MissingNode.getInstance()));
            found.remove(url);
        }
        for (JsonNode result : results) {
            String url = result.path("url").asText("");
            if (found.remove(url) != null) {
                cite("", url, result);
            }
        }
    }

    private void cite(String mark, String url, JsonNode details) {
        if (!url.isBlank()) {
            String quote = details.path("snippet").asText("");
            exchange.addCitation(new Citation(
                    mark,
                    details.path("title").asText(""),
                    Optional.ofNullable(url),
                    Optional.ofNullable(quote.isBlank() ? null : quote)));
        }
    }

    /** Only deep research counts reasoning and citations apart from its answer, and has no fee for the call. */
    private UsageReader usage(JsonNode json) {
        JsonNode counts = json.path("usage");
        boolean deep = PerplexitySonarApi.isDeepResearch(exchange.modelOr(json.path("model")));
        UsageReader usage = new UsageReader()
                .put(UsageBucket.INPUT, counts.path("prompt_tokens"))
                .put(UsageBucket.OUTPUT, counts.path("completion_tokens"))
                .put(UsageBucket.CITATION, counts.path("citation_tokens"))
                .put(deep ? UsageBucket.REASONING : UsageBucket.REASONING_IN_OUTPUT, counts.path("reasoning_tokens"))
                .put(UsageBucket.WEB_SEARCH, counts.path("num_search_queries"));
        boolean fee = counts.path("cost").path("request_cost").isNumber();
        return fee ? usage.put(UsageBucket.REQUEST, IntNode.valueOf(1)) : usage;
    }
}
