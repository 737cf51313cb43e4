package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;

/** Reads a whole answer. */
@FunctionalInterface
public interface AnswerReader {

    /**
     * Returns the answer that {@code json} holds, or throws {@link Exchange#failure}.
     *
     * @param json what the provider sent with a status of success; a JSON object
     * @param exchange the call this is the answer to
     */
    ProviderAnswer read(JsonNode json, Exchange exchange);
}
