package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.wire.EmbeddingAnswerWriter;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** {@code POST /embeddings}: vectors as numbers, or as the bytes of their floats. */
final class OpenAiEmbeddingEndpoint implements EmbeddingAnswerWriter {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final int MAX_TEXTS = 2048;

    private final boolean base64;

    private OpenAiEmbeddingEndpoint(boolean base64) {
        this.base64 = base64;
    }

    static ParsedRequest.Embedding read(ObjectNode body, ProviderScript script) throws ErrorResponseException {
        OpenAiParsedRequest request = OpenAiParsedRequest.of(body, "input", script, 404);
        FIELDS.allowOnly(body, "", Set.of("input", "model", "dimensions", "encoding_format", "user"));
        if (!request.model().isEmbedding()) {
            throw OpenAiErrorWriter.error(
                    403,
                    CallAction.BAD_REQUEST,
                    "You are not allowed to generate embeddings from this model",
                    "invalid_request_error",
                    null,
                    null);
        }
        String encoding = body.hasNonNull("encoding_format")
                ? FIELDS.oneOf(body, "", "encoding_format", Set.of("float", "base64"))
                : "float";
        List<String> texts = texts(body);
        long longest = request.model().embeddingDimensions();
        long dimensions = request.limit("dimensions", 1);
        if (dimensions != Long.MAX_VALUE && dimensions > longest) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid value for 'dimensions' = " + dimensions + ". Must be less than or equal to " + longest
                            + ".",
                    "dimensions",
                    null);
        }
        return new ParsedRequest.Embedding(
                new OpenAiEmbeddingEndpoint(encoding.equals("base64")), request.id(), request.model(), texts, (int)
                        Math.min(dimensions, longest));
    }

    private static List<String> texts(ObjectNode body) throws ErrorResponseException {
        JsonNode input = body.path("input");
        List<String> texts = new ArrayList<>();
        if (input.isTextual()) {
            texts.add(input.textValue());
        } else {
            FIELDS.forEachItem(body, "", "input", (one, path) -> {
                if (!one.isTextual() || one.textValue().isEmpty()) {
                    throw OpenAiErrorWriter.invalid("Invalid 'input': input cannot be an empty string.", path, null);
                }
                texts.add(one.textValue());
            });
        }
        if (texts.size() > MAX_TEXTS) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid 'input': array too long. Expected an array with maximum length 2048, but got an array with"
                            + " length " + texts.size() + " instead.",
                    "input",
                    "array_above_max_length");
        }
        return texts;
    }

    @Override
    public byte[] body(ParsedRequest.Embedding request, List<float[]> vectors, long tokens) {
        ArrayNode data = SimulatorJson.array();
        for (float[] vector : vectors) {
            ObjectNode entry = SimulatorJson.object().put("object", "embedding").put("index", data.size());
            if (base64) {
                entry.put("embedding", bytes(vector));
            } else {
                entry.set("embedding", SimulatorJson.array(vector));
            }
            data.add(entry);
        }
        ObjectNode body = SimulatorJson.object().put("object", "list");
        body.set("data", data);
        body.put("model", request.modelId());
        body.set("usage", SimulatorJson.object().put("prompt_tokens", tokens).put("total_tokens", tokens));
        return SimulatorJson.bytes(body);
    }

    private static String bytes(float[] vector) {
        ByteBuffer buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            buffer.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(buffer.array());
    }
}
