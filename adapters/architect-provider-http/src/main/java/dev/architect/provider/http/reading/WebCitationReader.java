package dev.architect.provider.http.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.Citation;
import java.util.Optional;

/** Reads the web pages that an answer names as its sources, as OpenAI and compatible services write them. */
public final class WebCitationReader {

    private WebCitationReader() {}

    /** Adds a web page; anything without an address is passed over. */
    public static void cite(JsonNode source, Exchange exchange) {
        String url = source.path("url").asText("");
        if (!url.isEmpty()) {
            exchange.addCitation(
                    new Citation("", source.path("title").asText(""), Optional.ofNullable(url), Optional.empty()));
        }
    }
}
