package dev.architect.provider.perplexity;

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
import java.util.Base64;

/**
 * Turns texts into vectors. Perplexity sends a vector as one signed byte a value, in base64; at most 512 texts a call
 * (perplexity-py 0.38, embedding_create_params).
 */
final class PerplexityEmbeddingCall {

    private static final int MOST_TEXTS = 512;
    private static final int LEAST_DIMENSIONS = 128;

    private PerplexityEmbeddingCall() {}

    static EmbeddingAnswer embed(EmbeddingCall call, ProviderHttp http) {
        http.guard().require(call, PerplexityModelCapabilities.capabilities(call.model()), MOST_TEXTS);
        int most = PerplexityModelCapabilities.mostDimensions(call.model());
        int dimensions = call.dimensions().orElse(most);
        if (dimensions < LEAST_DIMENSIONS || dimensions > most) {
            throw http.unsupported(
                    call, "dimensions is " + dimensions + ", expected " + LEAST_DIMENSIONS + ".." + most);
        }
        return http.call(
                call.model(), request(call), call.timeout(), (answer, exchange) -> read(answer, call, exchange));
    }

    private static HttpRequest request(EmbeddingCall call) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", call.model());
        ArrayNode input = body.putArray("input");
        call.texts().forEach(input::add);
        call.dimensions().ifPresent(count -> body.put("dimensions", count));
        return HttpRequest.post("/v1/embeddings", body.put("encoding_format", "base64_int8"));
    }

    private static EmbeddingAnswer read(JsonNode answer, EmbeddingCall call, Exchange exchange) {
        return VectorReader.openAiFormat(answer, call, exchange, base64 -> vector(base64.asText(""), exchange));
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
            throw exchange.protocolFailure("vector is not base64 of one byte or more");
        }
    }
}
