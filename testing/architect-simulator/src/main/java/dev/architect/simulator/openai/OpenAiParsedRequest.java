package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Set;

/**
 * The fields that requests of all OpenAI endpoints share.
 *
 * @param body the request
 * @param id the requested model
 * @param model its entry in the script; one with strict parameters is a reasoning model
 */
record OpenAiParsedRequest(ObjectNode body, String id, SimulatedModel model) {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final Set<String> TIERS = Set.of("auto", "default", "flex", "scale", "priority", "fast");
    private static final Set<String> VERBOSITIES = Set.of("low", "medium", "high");

    /**
     * Reads the model.
     *
     * @param input the field with the input of the model
     * @param unknownStatus the status of the error response for a model that does not exist
     */
    static OpenAiParsedRequest of(ObjectNode body, String input, ProviderScript script, int unknownStatus)
            throws ErrorResponseException {
        if (body.path("model").asText("").isEmpty()) {
            throw OpenAiErrorWriter.invalid("you must provide a model parameter", null, null);
        }
        String id = FIELDS.text(body, "", "model");
        JsonNode content = FIELDS.required(body, "", input);
        if (content.isArray() && content.isEmpty()) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid '" + input + "': empty array. Expected an array with minimum length 1, but got an empty"
                            + " array instead.",
                    input,
                    "empty_array");
        }
        SimulatedModel model = script.models().get(id);
        if (model == null) {
            throw OpenAiErrorWriter.error(
                    unknownStatus,
                    CallAction.UNKNOWN_MODEL,
                    "The model `" + id + "` does not exist or you do not have access to it.",
                    "invalid_request_error",
                    unknownStatus == 400 ? "model" : null,
                    "model_not_found");
        }
        return new OpenAiParsedRequest(body, id, model);
    }

    boolean reasons() {
        return model.strictParameters();
    }

    /** Whether the model accepts cache breakpoints: those that charge for cache writes do. */
    boolean acceptsCacheBreakpoints() {
        return model.prices().cacheWritePicoUsd() > 0;
    }

    /** Checks the parameters that both APIs name alike: sampling, tier, cache options, metadata. */
    void checkShared() throws ErrorResponseException {
        for (String field : new String[] {"temperature", "top_p"}) {
            if (reasons() && body.path(field).asDouble(1) != 1) {
                throw OpenAiErrorWriter.unsupported(field);
            }
        }
        FIELDS.range(body, "", "temperature", 0, 2);
        FIELDS.range(body, "", "top_p", 0, 1);
        if (body.hasNonNull("service_tier")) {
            FIELDS.oneOf(body, "", "service_tier", TIERS);
        }
        for (String field : new String[] {"prompt_cache_key", "safety_identifier", "user"}) {
            FIELDS.optionalText(body, "", field);
        }
        if (body.hasNonNull("prompt_cache_options")) {
            if (!acceptsCacheBreakpoints()) {
                throw OpenAiErrorWriter.unsupported("prompt_cache_options");
            }
            JsonNode options = body.get("prompt_cache_options");
            FIELDS.allowOnly(options, "prompt_cache_options", Set.of("mode", "ttl"));
            if (options.hasNonNull("mode")) {
                FIELDS.oneOf(options, "prompt_cache_options", "mode", Set.of("implicit", "explicit"));
            }
        }
    }

    /** Checks the verbosity in {@code holder}. */
    static void checkVerbosity(JsonNode holder, String path) throws ErrorResponseException {
        if (holder.hasNonNull("verbosity")) {
            FIELDS.oneOf(holder, path, "verbosity", VERBOSITIES);
        }
    }

    /** The limit of output tokens in {@code field}; {@link Long#MAX_VALUE} for none. */
    long limit(String field, long min) throws ErrorResponseException {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Long.MAX_VALUE;
        }
        if (!value.isIntegralNumber() || value.longValue() < min) {
            throw OpenAiErrorWriter.invalid(
                    "Invalid '" + field + "': integer below minimum value. Expected a value >= " + min + ", but got "
                            + value + " instead.",
                    field,
                    "integer_below_min_value");
        }
        return value.longValue();
    }

    /** The tier that serves the call. */
    String servedTier() {
        String requested = body.path("service_tier").asText("auto");
        return switch (requested) {
            case "auto", "scale" -> "default";
            case "fast" -> "priority";
            default -> requested;
        };
    }
}
