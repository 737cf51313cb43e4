package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.CallCost;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.EmbeddingAnswerWriter;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** {@code POST /v1/embeddings}: a vector is base64 of one signed byte a value, or of one bit. */
final class PerplexityEmbeddingEndpoint implements EmbeddingAnswerWriter {

    private static final StrictFields FIELDS = PerplexityErrorWriter.FIELDS;
    private static final int MAX_TEXTS = 512;
    private static final int MIN_DIMENSIONS = 128;

    private final boolean bits;

    private PerplexityEmbeddingEndpoint(boolean bits) {
        this.bits = bits;
    }

    static ParsedRequest.Embedding read(ObjectNode body, ProviderScript script) throws ErrorResponseException {
        FIELDS.allowOnly(body, "", Set.of("model", "input", "dimensions", "encoding_format"));
        String id = FIELDS.text(body, "", "model");
        SimulatedModel model = script.models().get(id);
        if (model == null || !model.isEmbedding()) {
            throw PerplexityErrorWriter.unknownModel(id);
        }
        JsonNode input = FIELDS.required(body, "", "input");
        List<String> texts = new ArrayList<>();
        for (JsonNode text : input.isArray() ? input : SimulatorJson.array(input)) {
            if (!text.isTextual() || text.textValue().isEmpty()) {
                throw PerplexityErrorWriter.invalid("input holds something else than a text", "input");
            }
            texts.add(text.textValue());
        }
        if (texts.isEmpty() || texts.size() > MAX_TEXTS) {
            throw PerplexityErrorWriter.invalid("input has " + texts.size() + " texts, expected 1 to 512", "input");
        }
        FIELDS.range(body, "", "dimensions", MIN_DIMENSIONS, model.embeddingDimensions());
        boolean bits = body.hasNonNull("encoding_format")
                && FIELDS.oneOf(body, "", "encoding_format", Set.of("base64_int8", "base64_binary"))
                        .equals("base64_binary");
        int dimensions = body.path("dimensions").asInt(model.embeddingDimensions());
        return new ParsedRequest.Embedding(new PerplexityEmbeddingEndpoint(bits), id, model, texts, dimensions);
    }

    @Override
    public byte[] body(ParsedRequest.Embedding request, List<float[]> vectors, long tokens) {
        ArrayNode data = SimulatorJson.array();
        for (float[] vector : vectors) {
            byte[] bytes = bits ? packed(vector) : signed(vector);
            data.add(SimulatorJson.object()
                    .put("object", "embedding")
                    .put("index", data.size())
                    .put("embedding", Base64.getEncoder().encodeToString(bytes)));
        }
        ObjectNode usage = SimulatorJson.object().put("prompt_tokens", tokens).put("total_tokens", tokens);
        long cost = Math.multiplyExact(tokens, request.model().prices().inputPicoUsd());
        usage.set(
                "cost",
                SimulatorJson.object()
                        .put("input_cost", CallCost.usd(cost))
                        .put("total_cost", CallCost.usd(cost))
                        .put("currency", "USD"));
        ObjectNode body = SimulatorJson.object().put("object", "list").put("model", request.modelId());
        body.set("data", data);
        body.set("usage", usage);
        return SimulatorJson.bytes(body);
    }

    /** The largest value becomes 127. */
    private static byte[] signed(float[] vector) {
        float largest = Float.MIN_NORMAL;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        byte[] bytes = new byte[vector.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(vector[i] / largest * 127);
        }
        return bytes;
    }

    private static byte[] packed(float[] vector) {
        byte[] bytes = new byte[(vector.length + 7) / 8];
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > 0) {
                bytes[i / 8] |= (byte) (128 >> i % 8);
            }
        }
        return bytes;
    }
}
