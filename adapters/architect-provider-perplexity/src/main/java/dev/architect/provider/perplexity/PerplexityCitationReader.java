package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.Citation;
import dev.architect.provider.http.reading.Exchange;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the sources of an answer. The marks of its text are the ids of search results; fetched pages and annotations have
 * none, and add only what no search found. Used by one thread.
 */
final class PerplexityCitationReader {

    private final Exchange exchange;
    private final Set<String> seen = new HashSet<>();

    PerplexityCitationReader(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Takes an item of the output; those that hold no sources add none. */
    void item(JsonNode item) {
        results(item.path("results"));
        contents(item.path("contents"));
        if (item.path("type").asText("").equals("message")) {
            item.path("content").forEach(part -> contents(part.path("annotations")));
        }
    }

    /** Takes what a search found. */
    void results(JsonNode results) {
        results.forEach(result -> cite(result.path("id").asText(""), result));
    }

    /** Takes fetched pages or annotations. */
    void contents(JsonNode contents) {
        contents.forEach(content -> cite("", content));
    }

    private void cite(String mark, JsonNode source) {
        String url = source.path("url").asText("");
        if (url.isBlank() || (mark.isEmpty() && seen.contains(url))) {
            return;
        }
        seen.add(url);
        // One page under two marks is two citations, because the text refers to both.
        if (seen.add(mark + " " + url)) {
            String quote = source.path("snippet").asText("");
            exchange.addCitation(new Citation(
                    mark,
                    source.path("title").asText(""),
                    Optional.ofNullable(url),
                    Optional.ofNullable(orNull(quote))));
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isBlank() ? null : text;
    }
}
