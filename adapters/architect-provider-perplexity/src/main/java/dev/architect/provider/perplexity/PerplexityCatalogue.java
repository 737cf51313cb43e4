package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.UsageReader;
import dev.architect.spi.Embedding;
import dev.architect.spi.EmbeddingAnswer;
import dev.architect.spi.EmbeddingCall;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the list of models, whose prices are not taken, and vectors. Perplexity sends a vector as one signed byte a value,
 * in base64; at most 512 texts a call (perplexity-py 0.38, embedding_create_params).
 */
final class PerplexityCatalogue {

    static final HttpRequest MODELS = HttpRequest.get("/v1/models");

    private static final int MOST_TEXTS = 512;
    private static final int LEAST_DIMENSIONS = 128;

    private PerplexityCatalogue() {}

    static List<ModelInfo> models(JsonNode list, Exchange exchange) {
        if (!list.path("data").isArray()) {
            throw bad(exchange, "answer has no list of models");
        }
        List<ModelInfo> models = new ArrayList<>();
        for (JsonNode model : list.path("data")) {
            String id = model.path("id").asText("");
            if (!id.isBlank()) {
                models.add(ModelInfo.hosted(id));
            }
        }
        return List.copyOf(models);
    }

    static HttpRequest embedding(EmbeddingCall call) {
        check(call);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", call.model());
        ArrayNode input = body.putArray("input");
        call.texts().forEach(input::add);
        call.dimensions().ifPresent(count -> body.put("dimensions", count));
        return HttpRequest.post("/v1/embeddings", body.put("encoding_format", "base64_int8"));
    }

    static EmbeddingAnswer vectors(JsonNode answer, Exchange exchange, int texts) {
        @Nullable Embedding[] vectors = new @Nullable Embedding[texts];
        int place = 0;
        for (JsonNode entry : answer.path("data")) {
            int index = entry.path("index").asInt(place++);
            if (index < 0 || index >= texts || vectors[index] != null) {
                throw bad(exchange, "vector has the index " + index + ", expected each of 0.." + (texts - 1) + " once");
            }
            vectors[index] = vector(entry.path("embedding").asText(""), exchange);
        }
        List<Embedding> all = new ArrayList<>();
        for (Embedding vector : vectors) {
            if (vector == null || vector.dimensions() != (all.isEmpty() ? vector : all.get(0)).dimensions()) {
                throw bad(exchange, "answer lacks a vector or has one of another length");
            }
            all.add(vector);
        }
        UsageReader counts =
                new UsageReader().put(UsageBucket.INPUT, answer.path("usage").path("prompt_tokens"));
        boolean counted = counts.usage().isKnown(UsageBucket.INPUT);
        return new EmbeddingAnswer(
                exchange.modelOr(answer.path("model")),
                all,
                counts.usage(),
                counted ? UsageSource.REPORTED : UsageSource.ESTIMATED);
    }

    private static Embedding vector(String base64, Exchange exchange) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            float[] values = new float[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                values[i] = bytes[i];
            }
            return Embedding.of(values);
        } catch (IllegalArgumentException notAVector) {
            throw bad(exchange, "vector is not base64 of one byte or more");
        }
    }

    private static void check(EmbeddingCall call) {
        if (!PerplexityModels.isEmbedding(call.model())) {
            throw unsupported(call, "model lacks [EMBEDDINGS]");
        }
        if (call.texts().size() > MOST_TEXTS) {
            throw unsupported(call, "texts has " + call.texts().size() + " entries, expected at most " + MOST_TEXTS);
        }
        int most = PerplexityModels.mostDimensions(call.model());
        int asked = call.dimensions().orElse(most);
        if (asked < LEAST_DIMENSIONS || asked > most) {
            throw unsupported(call, "dimensions is " + asked + ", expected " + LEAST_DIMENSIONS + ".." + most);
        }
    }

    private static ProviderException unsupported(EmbeddingCall call, String words) {
        return ProviderException.builder(new ModelId(PerplexityProvider.NAME, call.model()), FailureKind.UNSUPPORTED)
                .delivery(Delivery.NOT_SENT)
                .explanation(words)
                .build();
    }

    private static ProviderException bad(Exchange exchange, String words) {
        return exchange.failure(FailureKind.PROTOCOL).explanation(words).build();
    }
}
