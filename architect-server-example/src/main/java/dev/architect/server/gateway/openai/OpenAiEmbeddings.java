package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ModelSelection;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.server.gateway.dialect.ClientFields;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.ModelCatalogue;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/embeddings} and its answer. Safe for use by several threads. */
public final class OpenAiEmbeddings {

    private static final String INPUT = "input";
    private static final String FORMAT = "encoding_format";
    private static final String DIMENSIONS = "dimensions";
    private static final String BASE64 = "base64";
    private static final Set<String> KNOWN = Set.of("model", INPUT, FORMAT, DIMENSIONS, "user");
    private static final int MAX_CHARACTERS = 1_000_000;

    private final ModelCatalogue models;
    private final ErrorDialect errors = OpenAiErrorBodies.ofEmbeddings();

    /** Creates the dialect of clients that choose among {@code models}. */
    public OpenAiEmbeddings(ModelCatalogue models) {
        this.models = models;
    }

    /**
     * What a client wants.
     *
     * @param request the model, and on whose behalf; its prompt is all texts
     * @param texts the texts
     * @param dimensions how long the vectors shall be; null leaves it to the model
     * @param isBase64 whether the vectors are wanted as bytes, and not as numbers
     */
    public record Wanted(
            GatewayRequest request,
            List<String> texts,
            @Nullable Integer dimensions,
            boolean isBase64) {

        /** Copies the texts. */
        public Wanted {
            texts = List.copyOf(texts);
        }

        /** Returns the request for the model and within the cost of {@code selection}. */
        public EmbeddingRequest embedding(ModelSelection selection) {
            return new EmbeddingRequest(
                    selection.model().orElseThrow(),
                    selection.provider(),
                    texts,
                    Optional.ofNullable(dimensions),
                    selection.maxCost());
        }
    }

    /** How failures are written. */
    public ErrorDialect errors() {
        return errors;
    }

    /**
     * Reads a body.
     *
     * @throws ApiException when it is wrong, or names no model
     */
    public Wanted read(ObjectNode json) {
        ClientFields body = ClientFields.of(json);
        List<String> ignored = new ArrayList<>();
        body.check(KNOWN, Set.of(), ignored);
        String name = body.requiredText("model");
        if (!models.isPinned(name)) {
            throw ApiException.invalidValue(
                    "model",
                    "model is '" + name
                            + "', expected the name of a model: vectors of different ones cannot be compared");
        }
        List<String> texts = texts(body);
        ChatRequest.Builder chat = ChatRequest.builder(texts.get(0));
        models.select(name, chat);
        Integer dimensions = body.integer(DIMENSIONS);
        if (dimensions != null && dimensions < 1) {
            throw ApiException.invalidValue(DIMENSIONS, DIMENSIONS + " is " + dimensions + ", expected 1 or more");
        }
        return new Wanted(
                new GatewayRequest(
                        chat.build(), name, false, false, OpenAiParts.user(body, ignored), Map.of(), ignored),
                texts,
                dimensions,
                isBase64(body));
    }

    private static boolean isBase64(ClientFields body) {
        String format = body.text(FORMAT);
        if (format != null && !format.equals(BASE64) && !format.equals("float")) {
            throw body.notOneOf(FORMAT, format, "float, base64");
        }
        return BASE64.equals(format);
    }

    private static List<String> texts(ClientFields body) {
        JsonNode input = body.get(INPUT);
        if (input == null) {
            throw ApiException.invalidValue(INPUT, INPUT + " is missing, expected a text or a list of texts");
        }
        List<String> texts = new ArrayList<>();
        long characters = 0;
        for (JsonNode each :
                input.isArray() ? input : JsonResponseWriter.array().add(input)) {
            String place = input.isArray() ? INPUT + "[" + texts.size() + "]" : INPUT;
            if (!each.isTextual()) {
                throw ApiException.invalidValue(
                        place,
                        place + " is no text, expected a text: numbers of tokens mean something to one model alone");
            }
            if (each.textValue().isBlank()) {
                throw ApiException.invalidValue(place, place + " is blank, expected a text");
            }
            texts.add(each.textValue());
            characters += each.textValue().length();
        }
        if (texts.isEmpty() || texts.size() > EmbeddingRequest.MOST_TEXTS) {
            throw ApiException.invalidValue(
                    INPUT, INPUT + " has " + texts.size() + " texts, expected 1.." + EmbeddingRequest.MOST_TEXTS);
        }
        if (characters > MAX_CHARACTERS) {
            throw ApiException.invalidValue(
                    INPUT, INPUT + " has " + characters + " characters, expected at most " + MAX_CHARACTERS);
        }
        return texts;
    }

    /** Returns the answer. */
    public ObjectNode answer(Wanted wanted, EmbeddingResponse response) {
        ObjectNode json = JsonResponseWriter.object().put("object", "list");
        ArrayNode data = json.putArray("data");
        for (int i = 0; i < response.vectors().size(); i++) {
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", i);
            put(entry, response.vectors().get(i), wanted.isBase64());
        }
        long tokens = response.usage().promptTokens();
        json.put("model", response.model().model())
                .putObject("usage")
                .put("prompt_tokens", tokens)
                .put("total_tokens", tokens);
        return json;
    }

    private static void put(ObjectNode entry, Embedding vector, boolean isBase64) {
        float[] values = vector.values();
        if (!isBase64) {
            ArrayNode numbers = entry.putArray("embedding");
            for (float value : values) {
                numbers.add(value);
            }
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        entry.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
    }
}
