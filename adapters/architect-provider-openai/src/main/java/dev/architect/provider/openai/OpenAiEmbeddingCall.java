package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.VectorReader;

/** Turns texts into vectors. */
final class OpenAiEmbeddingCall {

    /** The most texts of one call (OpenAI's interface description of embeddings). */
    private static final int MOST_TEXTS = 2048;

    private OpenAiEmbeddingCall() {}

    static EmbeddingAnswer embed(EmbeddingCall call, OpenAiApi api, ProviderHttp http) {
        http.guard().require(call, OpenAiModelCapabilities.capabilities(call.model(), api), MOST_TEXTS);
        if (call.dimensions().isPresent() && !call.model().startsWith("text-embedding-3-")) {
            throw http.unsupported(
                    call,
                    "dimensions is " + call.dimensions().orElseThrow() + ", expected none: the model has one length");
        }
        return http.call(
                call.model(), request(call), call.timeout(), (answer, exchange) -> read(answer, call, exchange));
    }

    private static HttpRequest request(EmbeddingCall call) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", call.model());
        ArrayNode input = body.putArray("input");
        call.texts().forEach(input::add);
        call.dimensions().ifPresent(length -> body.put("dimensions", length));
        // Stated, so that the form does not depend on the default of a compatible server.
        return HttpRequest.post("/embeddings", body.put("encoding_format", "float"));
    }

    private static EmbeddingAnswer read(JsonNode answer, EmbeddingCall call, Exchange exchange) {
        return VectorReader.openAiFormat(answer, call, exchange, numbers -> VectorReader.read(numbers, exchange));
    }
}
