package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.Citation;
import dev.architect.provider.http.reading.Exchange;
import java.util.Optional;

/** Reads the sources that an answer names. Its text has no marks for them. */
final class OpenAiCitationReader {

    private OpenAiCitationReader() {}

    /** Adds a web page; anything without an address is passed over. */
    static void cite(JsonNode source, Exchange exchange) {
        String url = source.path("url").asText("");
        if (!url.isEmpty()) {
            exchange.addCitation(
                    new Citation("", source.path("title").asText(""), Optional.ofNullable(url), Optional.empty()));
        }
    }
}
