package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.Citation;
import dev.architect.provider.http.reading.Exchange;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads where an answer comes from: what a search found, and what was recited. The text has no marks for its sources. A stream
 * may repeat them, and a query counts once.
 */
final class GeminiCitationReader {

    private final Exchange exchange;
    private final Set<String> queries = new HashSet<>();

    GeminiCitationReader(Exchange exchange) {
        this.exchange = exchange;
    }

    void read(JsonNode candidate) {
        JsonNode grounding = candidate.path("groundingMetadata");
        for (JsonNode query : grounding.path("webSearchQueries")) {
            if (!query.asText("").isBlank()) {
                queries.add(query.asText());
            }
        }
        for (JsonNode chunk : grounding.path("groundingChunks")) {
            cite(chunk.path("web"));
            cite(chunk.path("retrievedContext"));
        }
        candidate.path("citationMetadata").path("citationSources").forEach(this::cite);
    }

    /** How many searches are billed. */
    int billed() {
        int searches = queries.size();
        boolean countsOnce =
                searches < 2 || !GeminiModel.of(exchange.model().model()).billsEachSearch();
        return countsOnce ? Math.min(searches, 1) : searches;
    }

    private void cite(JsonNode source) {
        String uri = source.path("uri").asText("");
        String title = source.path("title").asText("");
        String quote = source.path("text").asText("");
        if (!uri.isEmpty() || !title.isEmpty()) {
            exchange.addCitation(new Citation(
                    "",
                    title,
                    Optional.ofNullable(uri.isEmpty() ? null : uri),
                    Optional.ofNullable(quote.isEmpty() ? null : quote)));
        }
    }
}
