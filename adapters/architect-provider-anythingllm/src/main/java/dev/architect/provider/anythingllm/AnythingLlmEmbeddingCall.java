package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
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

/** Vectors of the server's one embedder, which all workspaces share. It counts nothing. */
final class AnythingLlmEmbeddingCall {

    private AnythingLlmEmbeddingCall() {}

    static HttpRequest request(EmbeddingCall call, ProviderHttp http) {
        if (call.dimensions().orElse(null) != null) {
            throw http.unsupported(
                    call, "dimensions is " + call.dimensions().orElse(null) + ", expected none: the embedder decides");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode input = body.putArray("input");
        call.texts().forEach(input::add);
        return HttpRequest.post("/v1/openai/embeddings", body);
    }

    static EmbeddingAnswer read(EmbeddingCall call, JsonNode body, Exchange exchange) {
        List<Embedding> vectors = new ArrayList<>();
        body.path("data").forEach(entry -> vectors.add(VectorReader.read(entry.path("embedding"), exchange)));
        String model = exchange.modelOr(body.path("model"));
        return VectorReader.answer(call, model, vectors, MissingNode.getInstance(), exchange);
    }
}
