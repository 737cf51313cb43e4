package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.VectorReader;
import java.util.ArrayList;
import java.util.List;

/** Reads vectors. */
final class OllamaEmbeddingReader {

    private OllamaEmbeddingReader() {}

    static EmbeddingAnswer read(EmbeddingCall call, JsonNode body, Exchange exchange) {
        if (body.hasNonNull("error")) {
            throw exchange.failure(OllamaErrorReader.inAnswer(body)).build();
        }
        List<Embedding> vectors = new ArrayList<>();
        body.path("embeddings").forEach(list -> vectors.add(VectorReader.read(list, exchange)));
        String model = exchange.modelOr(body.path("model"));
        return VectorReader.answer(call, model, vectors, body.path("prompt_eval_count"), exchange);
    }
}
