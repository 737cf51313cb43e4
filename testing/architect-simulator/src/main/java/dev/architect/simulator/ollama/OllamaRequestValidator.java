package dev.architect.simulator.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Map;
import java.util.Set;

/**
 * The checks of Ollama's requests, with the messages of the Go server. The server ignores fields and options that it does not
 * know; here they are rejected, as its decoder does when it is configured strictly, so that misspelt fields are found.
 */
final class OllamaRequestValidator implements StrictFields.ErrorMessages {

    static final StrictFields FIELDS = new StrictFields(new OllamaRequestValidator());

    private static final Map<String, String> GO_TYPES = Map.of(
            "object", "map[string]interface {}",
            "boolean", "bool",
            "list", "[]interface {}",
            "number", "float64");

    private static final Set<String> INTEGERS = Set.of(
            "num_keep",
            "seed",
            "num_predict",
            "top_k",
            "repeat_last_n",
            "num_ctx",
            "num_batch",
            "num_gpu",
            "main_gpu",
            "num_thread");

    private static final Set<String> FRACTIONS = Set.of(
            "top_p", "min_p", "typical_p", "temperature", "repeat_penalty", "presence_penalty", "frequency_penalty");

    private OllamaRequestValidator() {}

    @Override
    public ErrorResponseException unknownField(String path) {
        return badRequest("json: unknown field \"" + path.substring(path.lastIndexOf('.') + 1) + "\"");
    }

    @Override
    public ErrorResponseException missingField(String path) {
        return badRequest(path + " is required");
    }

    @Override
    public ErrorResponseException invalidValue(String path, String expected) {
        return badRequest("json: cannot unmarshal value into Go struct field " + path + " of type "
                + GO_TYPES.getOrDefault(expected, expected));
    }

    /** Checks the options of the model. */
    static void options(JsonNode body) throws ErrorResponseException {
        JsonNode options = body.path("options");
        if (options.isMissingNode() || options.isNull()) {
            return;
        }
        if (!options.isObject()) {
            throw new OllamaRequestValidator().invalidValue("options", "object");
        }
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            String name = option.getKey();
            JsonNode value = option.getValue();
            if (INTEGERS.contains(name)) {
                check(name, value.isIntegralNumber(), "integer");
            } else if (FRACTIONS.contains(name)) {
                check(name, value.isNumber(), "float32");
            } else if (name.equals("stop")) {
                check(name, value.isArray(), "array");
                for (JsonNode text : value) {
                    check(name, text.isTextual(), "array of strings");
                }
            } else {
                throw badRequest("invalid option provided: " + name);
            }
        }
    }

    private static void check(String option, boolean fits, String type) throws ErrorResponseException {
        if (!fits) {
            throw badRequest("option \"" + option + "\" must be of type " + type);
        }
    }

    /** How long a model stays loaded: seconds, or a duration such as 5m. */
    static void keepAlive(JsonNode body) throws ErrorResponseException {
        JsonNode keep = body.path("keep_alive");
        if (keep.isMissingNode() || keep.isNull() || keep.isNumber()) {
            return;
        }
        if (!keep.asText().matches("-?(\\d+(\\.\\d+)?(ms|s|m|h))+")) {
            throw badRequest("time: invalid duration \"" + keep.asText() + "\"");
        }
    }

    static ErrorResponseException badRequest(String message) {
        return error(400, CallAction.BAD_REQUEST, message);
    }

    static ErrorResponseException error(int status, CallAction action, String message) {
        return new ErrorResponseException(status, action, SimulatorJson.object().put("error", message));
    }
}
