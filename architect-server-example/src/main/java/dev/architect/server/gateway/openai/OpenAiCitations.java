package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Citation;
import java.util.List;

/** Sources of an answer as annotations of its text. */
final class OpenAiCitations {

    private OpenAiCitations() {}

    /** Puts those that are on the web, of all of the text: where it cites them is not known. */
    static void putInto(ObjectNode message, List<Citation> citations) {
        if (citations.stream().noneMatch(citation -> citation.url().isPresent())) {
            return;
        }
        ArrayNode annotations = message.putArray("annotations");
        for (Citation citation : citations) {
            citation.url()
                    .ifPresent(url -> annotations
                            .addObject()
                            .put("type", "url_citation")
                            .putObject("url_citation")
                            .put("url", url)
                            .put("title", citation.title())
                            .put("start_index", 0)
                            .put("end_index", 0));
        }
    }
}
