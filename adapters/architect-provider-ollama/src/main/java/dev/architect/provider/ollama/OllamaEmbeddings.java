package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.UsageReader;
import dev.architect.provider.http.VectorReader;
import dev.architect.spi.Embedding;
import dev.architect.spi.EmbeddingAnswer;
import dev.architect.spi.EmbeddingCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;

/** Reads vectors. */
final class OllamaEmbeddings {

    private OllamaEmbeddings() {}

    static EmbeddingAnswer read(EmbeddingCall call, JsonNode body, Exchange exchange) {
        if (body.hasNonNull("error")) {
            throw exchange.failure(OllamaErrors.inAnswer(body)).build();
        }
        JsonNode lists = body.path("embeddings");
        if (lists.size() != call.texts().size()) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has " + lists.size() + " vectors, expected "
                            + call.texts().size())
                    .build();
        }
        List<Embedding> vectors = new ArrayList<>();
        for (JsonNode list : lists) {
            vectors.add(VectorReader.read(list, exchange));
        }
        TokenUsage usage = new UsageReader()
                .put(UsageBucket.INPUT, body.path("prompt_eval_count"))
                .usage();
        return new EmbeddingAnswer(
                exchange.modelOr(body.path("model")),
                vectors,
                usage,
                usage.isKnown(UsageBucket.INPUT) ? UsageSource.REPORTED : UsageSource.ESTIMATED);
    }
}
