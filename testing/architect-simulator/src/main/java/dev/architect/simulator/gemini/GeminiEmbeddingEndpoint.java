package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.EmbeddingAnswerWriter;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Vectors of the Gemini API, for one text or for up to a hundred. */
final class GeminiEmbeddingEndpoint implements EmbeddingAnswerWriter {

    private static final StrictFields FIELDS = GeminiErrorWriter.FIELDS;
    private static final int MAX = 100;
    private static final Set<String> ALLOWED_FIELDS =
            Set.of("model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig");

    private final boolean batch;

    private GeminiEmbeddingEndpoint(boolean batch) {
        this.batch = batch;
    }

    static ParsedRequest.Embedding one(ObjectNode given, String id, SimulatedModel model)
            throws ErrorResponseException {
        ObjectNode body = GeminiFieldNameNormalizer.toCamelCase(given);
        return parse(List.of(body), "", id, model, false);
    }

    static ParsedRequest.Embedding batch(ObjectNode given, String id, SimulatedModel model)
            throws ErrorResponseException {
        ObjectNode body = GeminiFieldNameNormalizer.toCamelCase(given);
        FIELDS.allowOnly(body, "", Set.of("requests"));
        List<JsonNode> requests = new ArrayList<>();
        FIELDS.forEachItem(body, "", "requests", (one, path) -> requests.add(one));
        if (requests.isEmpty() || requests.size() > MAX) {
            throw GeminiErrorWriter.invalid("* BatchEmbedContentsRequest.requests: "
                    + (requests.isEmpty()
                            ? "requests is not specified\n"
                            : "at most 100 requests can be in one batch\n"));
        }
        return parse(requests, "requests", id, model, true);
    }

    private static ParsedRequest.Embedding parse(
            List<JsonNode> requests, String list, String id, SimulatedModel model, boolean batch)
            throws ErrorResponseException {
        List<String> texts = new ArrayList<>();
        int dimensions = model.embeddingDimensions();
        for (int i = 0; i < requests.size(); i++) {
            JsonNode request = requests.get(i);
            String path = list.isEmpty() ? "" : list + "[" + i + "]";
            FIELDS.allowOnly(request, path, ALLOWED_FIELDS);
            if (batch && !FIELDS.text(request, path, "model").equals("models/" + id)) {
                throw GeminiErrorWriter.invalid("* BatchEmbedContentsRequest." + path
                        + ".model: model must be that of the request, models/" + id + "\n");
            }
            FIELDS.range(request, path, "outputDimensionality", 1, model.embeddingDimensions());
            dimensions = request.path("outputDimensionality").asInt(dimensions);
            texts.add(text(FIELDS.required(request, path, "content"), StrictFields.fieldPath(path, "content")));
        }
        return new ParsedRequest.Embedding(new GeminiEmbeddingEndpoint(batch), id, model, texts, dimensions);
    }

    private static String text(JsonNode content, String path) throws ErrorResponseException {
        FIELDS.allowOnly(content, path, Set.of("role", "parts"));
        StringBuilder text = new StringBuilder();
        FIELDS.forEachItem(content, path, "parts", (part, at) -> text.append(FIELDS.text(part, at, "text")));
        if (text.isEmpty()) {
            throw GeminiErrorWriter.invalid("* EmbedContentRequest.content: contents is not specified\n");
        }
        return text.toString();
    }

    @Override
    public byte[] body(ParsedRequest.Embedding request, List<float[]> vectors, long tokens) {
        ArrayNode embeddings = SimulatorJson.array();
        for (float[] vector : vectors) {
            ObjectNode embedding = SimulatorJson.object();
            embedding.set("values", SimulatorJson.array(vector));
            embeddings.add(embedding);
        }
        ObjectNode body = SimulatorJson.object();
        if (batch) {
            body.set("embeddings", embeddings);
        } else {
            body.set("embedding", embeddings.path(0));
        }
        ObjectNode usage = SimulatorJson.object().put("promptTokenCount", tokens);
        usage.set(
                "promptTokenDetails",
                SimulatorJson.array(
                        SimulatorJson.object().put("modality", "TEXT").put("tokenCount", tokens)));
        body.set("usageMetadata", usage);
        return SimulatorJson.bytes(body);
    }
}
