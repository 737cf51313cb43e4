package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Locale;

/** The error responses of the Gemini API. Messages name fields in snake case, however they were sent. */
final class GeminiErrorWriter implements StrictFields.ErrorMessages {

    static final StrictFields.ErrorMessages MESSAGES = new GeminiErrorWriter();
    static final StrictFields FIELDS = new StrictFields(MESSAGES);

    private GeminiErrorWriter() {}

    @Override
    public ErrorResponseException unknownField(String path) {
        int dot = path.lastIndexOf('.');
        String place = dot < 0 ? "" : " at '" + snake(path.substring(0, dot)) + "'";
        return invalid("Invalid JSON payload received. Unknown name \"" + path.substring(dot + 1) + "\"" + place
                + ": Cannot find field.");
    }

    @Override
    public ErrorResponseException missingField(String path) {
        return field(path, path.substring(path.lastIndexOf('.') + 1) + " is not specified");
    }

    @Override
    public ErrorResponseException invalidValue(String path, String expected) {
        String type = switch (expected) {
            case "string" -> "TYPE_STRING";
            case "boolean" -> "TYPE_BOOL";
            case "number" -> "TYPE_DOUBLE";
            case "object" -> "type.googleapis.com/google.protobuf.Struct";
            default -> expected;
        };
        return invalid("Invalid value at '" + snake(path) + "' (" + type + ")");
    }

    @Override
    public String itemPath(String path, int index) {
        return path + "[" + index + "]";
    }

    /** The error response to an invalid field. */
    static ErrorResponseException field(String path, String message) {
        return invalid("* GenerateContentRequest." + snake(path) + ": " + message + "\n");
    }

    static ErrorResponseException invalid(String message) {
        return error(400, CallAction.BAD_REQUEST, message, "INVALID_ARGUMENT");
    }

    /** The error response for a model that does not exist or does not support the method. */
    static ErrorResponseException unknownModel(String id, String method) {
        return error(
                404,
                CallAction.UNKNOWN_MODEL,
                "models/" + id + " is not found for API version v1beta, or is not supported for " + method
                        + ". Call ListModels to see the list of available models and their supported methods.",
                "NOT_FOUND");
    }

    static ErrorResponseException error(int status, CallAction action, String message, String name) {
        return new ErrorResponseException(status, action, body(status, message, name, SimulatorJson.array()));
    }

    static JsonNode body(int status, String message, String name, ArrayNode details) {
        ObjectNode error = SimulatorJson.object()
                .put("code", status)
                .put("message", message)
                .put("status", name);
        if (!details.isEmpty()) {
            error.set("details", details);
        }
        ObjectNode body = SimulatorJson.object();
        body.set("error", error);
        return body;
    }

    private static String snake(String path) {
        return path.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
