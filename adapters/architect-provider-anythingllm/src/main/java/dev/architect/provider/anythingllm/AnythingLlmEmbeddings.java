package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.VectorReader;
import dev.architect.spi.Embedding;
import dev.architect.spi.EmbeddingAnswer;
import dev.architect.spi.EmbeddingCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;

/** Vectors of the server's one embedder, which all workspaces share. It counts nothing. */
final class AnythingLlmEmbeddings {

    private AnythingLlmEmbeddings() {}

    static HttpRequest request(EmbeddingCall call) {
        if (call.dimensionsOrNull() != null) {
            throw ProviderException.builder(
                            new ModelId(AnythingLlmProvider.NAME, call.model()), FailureKind.UNSUPPORTED)
                    .delivery(Delivery.NOT_SENT)
                    .explanation("dimensions is " + call.dimensionsOrNull() + ", expected none: the embedder decides")
                    .build();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode input = body.putArray("input");
        call.texts().forEach(input::add);
        return HttpRequest.post("/v1/openai/embeddings", body);
    }

    static EmbeddingAnswer read(EmbeddingCall call, JsonNode body, Exchange exchange) {
        List<Embedding> vectors = new ArrayList<>();
        for (JsonNode entry : body.path("data")) {
            vectors.add(VectorReader.read(entry.path("embedding"), exchange));
        }
        if (vectors.size() != call.texts().size()) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has " + vectors.size() + " vectors, expected "
                            + call.texts().size())
                    .build();
        }
        return new EmbeddingAnswer(
                exchange.modelOr(body.path("model")), vectors, TokenUsage.UNKNOWN, UsageSource.ESTIMATED);
    }
}
