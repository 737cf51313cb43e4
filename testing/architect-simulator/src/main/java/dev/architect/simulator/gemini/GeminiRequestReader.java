package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.StrictFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code generateContent} as strictly as the Gemini API does. */
final class GeminiRequestReader {

    private static final StrictFields FIELDS = GeminiErrorWriter.FIELDS;
    private static final String CONFIG = "generationConfig";
    private static final int MAX_STOPS = 5;

    private static final Set<String> ALLOWED_FIELDS = Set.of(
            "model",
            "contents",
            "systemInstruction",
            "tools",
            "toolConfig",
            CONFIG,
            "safetySettings",
            "cachedContent",
            "labels",
            "serviceTier",
            "store");

    private static final Set<String> CONFIG_FIELDS = Set.of(
            "maxOutputTokens",
            "temperature",
            "topP",
            "topK",
            "stopSequences",
            "candidateCount",
            "seed",
            "responseMimeType",
            "responseSchema",
            "responseJsonSchema",
            "thinkingConfig",
            "responseModalities",
            "mediaResolution",
            "presencePenalty",
            "frequencyPenalty",
            "responseLogprobs",
            "logprobs",
            "speechConfig",
            "imageConfig",
            "enableEnhancedCivicAnswers");

    private final ObjectNode body;
    private final String id;
    private final SimulatedModel model;
    private final GeminiModelTraits traits;

    /** @param given the body, with names of fields in either case */
    GeminiRequestReader(ObjectNode given, String id, SimulatedModel model) {
        this.body = GeminiFieldNameNormalizer.toCamelCase(given);
        this.id = id;
        this.model = model;
        this.traits = GeminiModelTraits.of(id);
    }

    /**
     * Returns the parsed request.
     *
     * @param events whether a stream consists of server-sent events, and not of one JSON array
     */
    ParsedRequest.Chat read(boolean events, boolean stream) throws ErrorResponseException {
        FIELDS.allowOnly(body, "", ALLOWED_FIELDS);
        JsonNode config = body.hasNonNull(CONFIG) ? body.get(CONFIG) : SimulatorJson.object();
        checkConfig(config);
        GeminiRequestThinking reasoning = GeminiRequestThinking.read(config, traits);
        Prompt prompt = new Prompt();
        GeminiRequestTools tools = GeminiRequestTools.read(body, traits, prompt);
        system(prompt);
        GeminiRequestPartReader parts = new GeminiRequestPartReader();
        new GeminiRequestContentReader(parts, traits.isThirdGeneration(), body.path("contents")).read(prompt);
        checkCache();
        boolean thinks = model.reasoningShare() > 0 || !reasoning.effort().isEmpty();
        GeminiAnswerWriter format = new GeminiAnswerWriter(
                events,
                reasoning.shown(),
                traits.isThirdGeneration(),
                thinks && !reasoning.effort().equals(ParsedRequest.Chat.NO_EFFORT),
                parts.images(),
                parts.documents(),
                tier());
        JsonNode max = config.path("maxOutputTokens");
        return new ParsedRequest.Chat(
                        format,
                        id,
                        model,
                        prompt,
                        max.isNumber() ? max.longValue() : Long.MAX_VALUE,
                        stream,
                        true,
                        tools.search() ? 1 : 0)
                .withTools(tools.use())
                .withOutputSchema(outputSchema(config))
                .withEffort(reasoning.effort())
                .withStops(stops(config));
    }

    private static void checkConfig(JsonNode config) throws ErrorResponseException {
        FIELDS.allowOnly(config, CONFIG, CONFIG_FIELDS);
        JsonNode max = config.path("maxOutputTokens");
        if (max.isNumber() && max.longValue() < 1) {
            throw GeminiErrorWriter.invalid("max_output_tokens must be positive.");
        }
        FIELDS.range(config, CONFIG, "maxOutputTokens", 1, Integer.MAX_VALUE);
        FIELDS.range(config, CONFIG, "temperature", 0, 2);
        FIELDS.range(config, CONFIG, "topP", 0, 1);
        FIELDS.range(config, CONFIG, "topK", 0, Integer.MAX_VALUE);
        FIELDS.range(config, CONFIG, "seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (config.path("candidateCount").asInt(1) != 1) {
            throw GeminiErrorWriter.invalid("Multiple candidates is not enabled for this model");
        }
    }

    private void system(Prompt prompt) throws ErrorResponseException {
        JsonNode system = body.path("systemInstruction");
        if (system.isMissingNode() || system.isNull()) {
            return;
        }
        FIELDS.allowOnly(system, "systemInstruction", Set.of("role", "parts"));
        StringBuilder text = new StringBuilder();
        FIELDS.forEachItem(system, "systemInstruction", "parts", (part, path) -> {
            FIELDS.allowOnly(part, path, Set.of("text"));
            text.append(FIELDS.text(part, path, "text"));
        });
        prompt.add("system", text.toString());
    }

    private static @Nullable JsonNode outputSchema(JsonNode config) throws ErrorResponseException {
        String type = FIELDS.optionalText(config, CONFIG, "responseMimeType");
        if (!Set.of("", "text/plain", "application/json", "text/x.enum").contains(type)) {
            throw GeminiErrorWriter.field(
                    CONFIG + ".responseMimeType",
                    "allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and"
                            + " `text/x.enum`.");
        }
        boolean json = type.equals("application/json");
        JsonNode schema = null;
        for (String field : new String[] {"responseSchema", "responseJsonSchema"}) {
            if (config.hasNonNull(field)) {
                if (!json || schema != null) {
                    throw GeminiErrorWriter.field(
                            CONFIG + "." + field, "only allowed alone, with a response mime type of application/json.");
                }
                if (!config.get(field).isObject()) {
                    throw GeminiErrorWriter.MESSAGES.invalidValue(CONFIG + "." + field, "object");
                }
                schema = config.get(field);
            }
        }
        return json && schema == null ? SimulatorJson.object().put("type", "object") : schema;
    }

    private static List<String> stops(JsonNode config) throws ErrorResponseException {
        List<String> stops = new ArrayList<>();
        FIELDS.forEachItem(config, CONFIG, "stopSequences", (stop, path) -> {
            if (!stop.isTextual()) {
                throw GeminiErrorWriter.MESSAGES.invalidValue(path, "string");
            }
            stops.add(stop.textValue());
        });
        if (stops.size() > MAX_STOPS) {
            throw GeminiErrorWriter.field(CONFIG + ".stopSequences", "at most 5 stop sequences are allowed.");
        }
        return stops;
    }

    /** Caches cannot be created in the simulator, so every reference to one is unknown. */
    private void checkCache() throws ErrorResponseException {
        if (body.hasNonNull("cachedContent")) {
            throw GeminiErrorWriter.error(
                    403, CallAction.BAD_REQUEST, "CachedContent not found (or permission denied)", "PERMISSION_DENIED");
        }
    }

    private String tier() throws ErrorResponseException {
        return body.hasNonNull("serviceTier")
                ? FIELDS.oneOf(body, "", "serviceTier", Set.of("standard", "flex", "priority"))
                : "standard";
    }
}
