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

    private static final StrictFields STRICT = GeminiErrorWriter.STRICT;
    private static final int MOST = 100;
    private static final Set<String> FIELDS =
            Set.of("model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig");

    private final boolean batch;

    private GeminiEmbeddingEndpoint(boolean batch) {
        this.batch = batch;
    }

    static ParsedRequest.Embedding one(ObjectNode given, String id, SimulatedModel model)
            throws ErrorResponseException {
        ObjectNode body = GeminiFieldNameNormalizer.camel(given);
        return wanted(List.of(body), "", id, model, false);
    }

    static ParsedRequest.Embedding batch(ObjectNode given, String id, SimulatedModel model)
            throws ErrorResponseException {
        ObjectNode body = GeminiFieldNameNormalizer.camel(given);
        STRICT.fields(body, "", Set.of("requests"));
        List<JsonNode> requests = new ArrayList<>();
        STRICT.each(body, "", "requests", (one, path) -> requests.add(one));
        if (requests.isEmpty() || requests.size() > MOST) {
            throw GeminiErrorWriter.invalid("* BatchEmbedContentsRequest.requests: "
                    + (requests.isEmpty()
                            ? "requests is not specified\n"
                            : "at most 100 requests can be in one batch\n"));
        }
        return wanted(requests, "requests", id, model, true);
    }

    private static ParsedRequest.Embedding wanted(
            List<JsonNode> requests, String list, String id, SimulatedModel model, boolean batch)
            throws ErrorResponseException {
        List<String> texts = new ArrayList<>();
        int dimensions = model.embeddingDimensions();
        for (int i = 0; i < requests.size(); i++) {
            JsonNode request = requests.get(i);
            String path = list.isEmpty() ? "" : list + "[" + i + "]";
            STRICT.fields(request, path, FIELDS);
            if (batch && !STRICT.text(request, path, "model").equals("models/" + id)) {
                throw GeminiErrorWriter.invalid("* BatchEmbedContentsRequest." + path
                        + ".model: model must be that of the request, models/" + id + "\n");
            }
            STRICT.range(request, path, "outputDimensionality", 1, model.embeddingDimensions());
            dimensions = request.path("outputDimensionality").asInt(dimensions);
            texts.add(text(STRICT.required(request, path, "content"), StrictFields.at(path, "content")));
        }
        return new ParsedRequest.Embedding(new GeminiEmbeddingEndpoint(batch), id, model, texts, dimensions);
    }

    private static String text(JsonNode content, String path) throws ErrorResponseException {
        STRICT.fields(content, path, Set.of("role", "parts"));
        StringBuilder text = new StringBuilder();
        STRICT.each(content, path, "parts", (part, at) -> text.append(STRICT.text(part, at, "text")));
        if (text.isEmpty()) {
            throw GeminiErrorWriter.invalid("* EmbedContentRequest.content: contents is not specified\n");
        }
        return text.toString();
    }

    @Override
    public byte[] body(ParsedRequest.Embedding wanted, List<float[]> vectors, long tokens) {
        ArrayNode embeddings = SimulatorJson.array();
        for (float[] vector : vectors) {
            ArrayNode values = SimulatorJson.array();
            for (float value : vector) {
                values.add(value);
            }
            ObjectNode embedding = SimulatorJson.object();
            embedding.set("values", values);
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
