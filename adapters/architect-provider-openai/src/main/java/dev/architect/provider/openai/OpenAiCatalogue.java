package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.UsageReader;
import dev.architect.provider.http.VectorReader;
import dev.architect.spi.Embedding;
import dev.architect.spi.EmbeddingAnswer;
import dev.architect.spi.EmbeddingCall;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads what is no answer of a chat: the list of models, counts of tokens, vectors. */
final class OpenAiCatalogue {

    static final HttpRequest MODELS = HttpRequest.get("/models");

    private OpenAiCatalogue() {}

    /** OpenAI tells neither windows nor prices. */
    static List<ModelInfo> models(JsonNode list, Exchange exchange) {
        if (!list.path("data").isArray()) {
            throw protocol(exchange, "answer has no list of models");
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

    static long count(JsonNode answer, Exchange exchange) {
        JsonNode tokens = answer.path("input_tokens");
        if (!tokens.isIntegralNumber() || !tokens.canConvertToLong() || tokens.longValue() < 0) {
            throw protocol(exchange, "answer has no count of tokens");
        }
        return tokens.longValue();
    }

    static HttpRequest embed(EmbeddingCall call) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", call.model());
        ArrayNode input = body.putArray("input");
        call.texts().forEach(input::add);
        call.dimensions().ifPresent(length -> body.put("dimensions", length));
        return HttpRequest.post("/embeddings", body.put("encoding_format", "float"));
    }

    static EmbeddingAnswer embeddings(EmbeddingCall call, JsonNode answer, Exchange exchange) {
        Embedding[] vectors = new Embedding[call.texts().size()];
        int position = 0;
        for (JsonNode entry : answer.path("data")) {
            int index = entry.path("index").asInt(position++);
            if (index < 0 || index >= vectors.length) {
                throw protocol(exchange, "answer has a vector for text " + index + " of " + vectors.length);
            }
            vectors[index] = VectorReader.read(entry.path("embedding"), exchange);
        }
        if (Arrays.asList(vectors).contains(null)) {
            throw protocol(exchange, "answer lacks a vector, expected " + vectors.length);
        }
        UsageReader counts =
                new UsageReader().put(UsageBucket.INPUT, answer.path("usage").path("prompt_tokens"));
        boolean isKnown = counts.usage().isKnown(UsageBucket.INPUT);
        return new EmbeddingAnswer(
                exchange.modelOr(answer.path("model")),
                List.of(vectors),
                counts.usage(),
                isKnown ? UsageSource.REPORTED : UsageSource.ESTIMATED);
    }

    private static RuntimeException protocol(Exchange exchange, String words) {
        return exchange.failure(FailureKind.PROTOCOL).explanation(words).build();
    }
}
