package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.UsageReader;
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
            throw broken(
                    exchange,
                    "answer has " + lists.size() + " vectors, expected "
                            + call.texts().size());
        }
        List<Embedding> vectors = new ArrayList<>();
        for (JsonNode list : lists) {
            vectors.add(vector(list, exchange));
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

    private static Embedding vector(JsonNode list, Exchange exchange) {
        float[] values = new float[list.size()];
        for (int index = 0; index < values.length; index++) {
            JsonNode value = list.path(index);
            values[index] = value.isNumber() ? value.floatValue() : Float.NaN;
            if (!Float.isFinite(values[index])) {
                throw broken(exchange, "vector has a value that is no number, expected numbers");
            }
        }
        if (values.length == 0) {
            throw broken(exchange, "vector has 0 values, expected 1 or more");
        }
        return Embedding.of(values);
    }

    private static RuntimeException broken(Exchange exchange, String words) {
        return exchange.failure(FailureKind.PROTOCOL).explanation(words).build();
    }
}
