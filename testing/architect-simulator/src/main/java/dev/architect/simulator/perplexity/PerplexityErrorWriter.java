package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import org.jspecify.annotations.Nullable;

/** The error responses of Perplexity; the code of an error is its status. */
final class PerplexityErrorWriter implements StrictFields.ErrorMessages {

    static final StrictFields FIELDS = new StrictFields(new PerplexityErrorWriter());

    private PerplexityErrorWriter() {}

    @Override
    public ErrorResponseException unknownField(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        return invalid("unknown field \"" + name + "\"", path);
    }

    @Override
    public ErrorResponseException missingField(String path) {
        return invalid(path + " is required", path);
    }

    @Override
    public ErrorResponseException invalidValue(String path, String expected) {
        return invalid((path.isEmpty() ? "body" : path) + " is invalid, expected " + expected, path);
    }

    @Override
    public String itemPath(String path, int index) {
        return path + "[" + index + "]";
    }

    static ErrorResponseException invalid(String message, @Nullable String param) {
        return error(400, CallAction.BAD_REQUEST, message, "invalid_request", param);
    }

    static ErrorResponseException unknownModel(String id) {
        return error(400, CallAction.UNKNOWN_MODEL, "Model '" + id + "' is not supported", "invalid_model", "model");
    }

    static ErrorResponseException error(
            int status, CallAction action, String message, String type, @Nullable String param) {
        return new ErrorResponseException(status, action, body(status, message, type, param));
    }

    static JsonNode body(int status, String message, String type, @Nullable String param) {
        ObjectNode error =
                SimulatorJson.object().put("message", message).put("type", type).put("code", status);
        if (param != null) {
            error.put("param", param);
        }
        ObjectNode body = SimulatorJson.object();
        body.set("error", error);
        return body;
    }
}
