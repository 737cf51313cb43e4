package dev.architect.provider.http.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads vectors. What is not as promised fails with a {@code ProviderException} of kind {@code PROTOCOL}. */
public final class VectorReader {

    private VectorReader() {}

    /** Returns the vector that a list of numbers is. It has one or more, none too large for a {@code float}. */
    public static Embedding read(JsonNode numbers, Exchange exchange) {
        float[] values = new float[numbers.isArray() ? numbers.size() : 0];
        if (values.length == 0) {
            throw exchange.protocolFailure("vector has 0 values, expected 1 or more");
        }
        for (int index = 0; index < values.length; index++) {
            JsonNode number = numbers.get(index);
            // One check then covers what is no number and what is too large for a float.
            values[index] = number.isNumber() ? number.floatValue() : Float.NaN;
            if (!Float.isFinite(values[index])) {
                throw exchange.protocolFailure("vector has a value that is no number");
            }
        }
        return Embedding.of(values);
    }

    /** Returns the entries of a list in the order of their {@code index}; one that has none stands where it is. */
    public static List<JsonNode> ordered(JsonNode list, Exchange exchange) {
        @Nullable JsonNode[] entries = new @Nullable JsonNode[list.size()];
        int place = 0;
        for (JsonNode entry : list) {
            int index = entry.path("index").asInt(place++);
            // A vector at the wrong place would belong to another text without any sign of it.
            if (index < 0 || index >= entries.length || entries[index] != null) {
                throw exchange.protocolFailure(
                        "vector has the index " + index + ", expected each of 0.." + (entries.length - 1) + " once");
            }
            entries[index] = entry;
        }
        return Arrays.stream(entries).map(JsonNode.class::cast).toList();
    }

    /**
     * Returns the answer in the format of OpenAI's embeddings, which other vendors have taken over.
     *
     * @param vector reads the {@code embedding} of one entry
     */
    public static EmbeddingAnswer openAiFormat(
            JsonNode answer, EmbeddingCall call, Exchange exchange, Function<JsonNode, Embedding> vector) {
        List<Embedding> vectors = ordered(answer.path("data"), exchange).stream()
                .map(entry -> vector.apply(entry.path("embedding")))
                .toList();
        JsonNode tokens = answer.path("usage").path("prompt_tokens");
        return answer(call, exchange.modelOr(answer.path("model")), vectors, tokens, exchange);
    }

    /**
     * Returns the answer to {@code call}.
     *
     * @param model what made the vectors
     * @param vectors one for each text, all of one length
     * @param tokens how many the texts have; a missing value when they were not counted
     */
    public static EmbeddingAnswer answer(
            EmbeddingCall call, String model, List<Embedding> vectors, JsonNode tokens, Exchange exchange) {
        int texts = call.texts().size();
        if (vectors.size() != texts) {
            throw exchange.protocolFailure("answer has " + vectors.size() + " vectors, expected " + texts);
        }
        if (vectors.stream().mapToInt(Embedding::dimensions).distinct().count() > 1) {
            throw exchange.protocolFailure("answer has vectors of more than one length");
        }
        UsageReader counts = new UsageReader().put(UsageBucket.INPUT, tokens);
        return new EmbeddingAnswer(
                model,
                vectors,
                counts.usage(),
                counts.usage().isUnknown() ? UsageSource.ESTIMATED : UsageSource.REPORTED);
    }
}
