package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.Citation;
import dev.architect.provider.http.reading.Exchange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the passages of documents that an answer is based on. Its text does not mark them. */
final class AnythingLlmCitationReader {

    private static final String LINK = "link://";

    private AnythingLlmCitationReader() {}

    static void cite(JsonNode sources, Exchange exchange) {
        for (JsonNode source : sources) {
            String title = source.path("title").asText("");
            String quote = source.path("text").asText(source.path("chunk").asText(""));
            if (!title.isEmpty() || !quote.isEmpty()) {
                exchange.addCitation(new Citation(
                        "",
                        title,
                        Optional.ofNullable(url(source)),
                        Optional.ofNullable(quote.isEmpty() ? null : quote)));
            }
        }
    }

    /** Where a page came from; documents that were uploaded have names of files of the server. */
    private static @Nullable String url(JsonNode source) {
        String chunk = source.path("chunkSource").asText("");
        String origin = chunk.startsWith(LINK)
                ? chunk.substring(LINK.length())
                : source.path("url").asText("");
        return origin.startsWith("https://") || origin.startsWith("http://") ? origin : null;
    }
}
