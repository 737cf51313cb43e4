package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.model.Capability;
import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.UsageReader;
import dev.architect.provider.http.VectorReader;
import dev.architect.spi.Embedding;
import dev.architect.spi.EmbeddingAnswer;
import dev.architect.spi.EmbeddingCall;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;

/** Turns texts into vectors with {@code batchEmbedContents}, which may leave out what it counted. */
final class GeminiEmbeddings {

    /** The most texts of one call (ai.google.dev, read 2026-11-22). */
    private static final int MOST_TEXTS = 100;

    private GeminiEmbeddings() {}

    static EmbeddingAnswer embed(EmbeddingCall call, ProviderHttp http) {
        if (!GeminiModel.of(call.model()).capabilities().contains(Capability.EMBEDDINGS)) {
            throw unsupported(call, "model lacks [EMBEDDINGS]");
        }
        if (call.texts().size() > MOST_TEXTS) {
            throw unsupported(call, "texts has " + call.texts().size() + " entries, expected 1.." + MOST_TEXTS);
        }
        HttpRequest request = HttpRequest.post(GeminiRequests.path(call.model(), "batchEmbedContents"), body(call));
        return http.ask(call.model(), request, call.timeout(), (answer, exchange) -> read(answer, call, exchange));
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
        if (vectors.size() != call.texts().size()) {
            throw broken(
                    exchange,
                    "answer has " + vectors.size() + " vectors, expected "
                            + call.texts().size());
        }
        UsageReader usage = new UsageReader()
                .put(UsageBucket.INPUT, answer.path("usageMetadata").path("promptTokenCount"));
        UsageSource source = usage.usage().isUnknown() ? UsageSource.ESTIMATED : UsageSource.REPORTED;
        return new EmbeddingAnswer(call.model(), vectors, usage.usage(), source);
    }

    private static ProviderException broken(Exchange exchange, String words) {
        return exchange.failure(FailureKind.PROTOCOL).explanation(words).build();
    }

    private static ProviderException unsupported(EmbeddingCall call, String words) {
        return ProviderException.builder(new ModelId(GeminiProvider.NAME, call.model()), FailureKind.UNSUPPORTED)
                .delivery(Delivery.NOT_SENT)
                .explanation(words)
                .build();
    }
}
