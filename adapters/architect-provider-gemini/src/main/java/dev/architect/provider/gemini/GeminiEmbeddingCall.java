package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.VectorReader;
import java.util.ArrayList;
import java.util.List;

/** Turns texts into vectors with {@code batchEmbedContents}, which may leave out what it counted. */
final class GeminiEmbeddingCall {

    /** The most texts of one call, as the service states when it refuses more (quoted in geldata/gel, issue 9032, 2025-09). */
    private static final int MOST_TEXTS = 100;

    private GeminiEmbeddingCall() {}

    static EmbeddingAnswer embed(EmbeddingCall call, ProviderHttp http) {
        http.guard().require(call, GeminiModel.of(call.model()).capabilities(), MOST_TEXTS);
        HttpRequest request =
                HttpRequest.post(GeminiRequestWriter.path(call.model(), "batchEmbedContents"), body(call));
        return http.call(call.model(), request, call.timeout(), (answer, exchange) -> read(answer, call, exchange));
    }

    private static ObjectNode body(EmbeddingCall call) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = body.putArray("requests");
        for (String text : call.texts()) {
            ObjectNode request = requests.addObject().put("model", "models/" + call.model());
            request.putObject("content").putArray("parts").addObject().put("text", text);
            call.dimensions().ifPresent(dimensions -> request.put("outputDimensionality", dimensions));
        }
        return body;
    }

    private static EmbeddingAnswer read(JsonNode answer, EmbeddingCall call, Exchange exchange) {
        List<Embedding> vectors = new ArrayList<>();
        answer.path("embeddings").forEach(one -> vectors.add(VectorReader.read(one.path("values"), exchange)));
        JsonNode tokens = answer.path("usageMetadata").path("promptTokenCount");
        return VectorReader.answer(call, call.model(), vectors, tokens, exchange);
    }
}
