package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import org.jspecify.annotations.Nullable;

/** The error responses of the OpenAI API. */
final class OpenAiErrorWriter implements StrictFields.ErrorMessages {

    static final StrictFields FIELDS = new StrictFields(new OpenAiErrorWriter());

    OpenAiErrorWriter() {}

    @Override
    public ErrorResponseException unknownField(String path) {
        return invalid("Unknown parameter: '" + path + "'.", path, "unknown_parameter");
    }

    @Override
    public ErrorResponseException missingField(String path) {
        return invalid("Missing required parameter: '" + path + "'.", path, "missing_required_parameter");
    }

    @Override
    public ErrorResponseException invalidValue(String path, String expected) {
        return expected.startsWith("one of")
                ? invalid("Invalid value for '" + path + "': expected " + expected + ".", path, "invalid_value")
                : invalid("Invalid type for '" + path + "': expected " + article(expected) + ".", path, "invalid_type");
    }

    @Override
    public String itemPath(String path, int index) {
        return path + "[" + index + "]";
    }

    private static String article(String expected) {
        return switch (expected) {
            case "object" -> "an object";
            case "list" -> "an array";
            default -> "a " + expected;
        };
    }

    static ErrorResponseException unsupported(String parameter) {
        return invalid(
                "Unsupported parameter: '" + parameter + "' is not supported with this model.",
                parameter,
                "unsupported_parameter");
    }

    static ErrorResponseException invalid(String message, @Nullable String param, @Nullable String code) {
        return error(400, CallAction.BAD_REQUEST, message, "invalid_request_error", param, code);
    }

    static ErrorResponseException error(
            int status, CallAction action, String message, String type, @Nullable String param, @Nullable String code) {
        return new ErrorResponseException(status, action, body(message, type, param, code));
    }

    static JsonNode body(String message, String type, @Nullable String param, @Nullable String code) {
        ObjectNode body = SimulatorJson.object();
        body.set(
                "error",
                SimulatorJson.object()
                        .put("message", message)
                        .put("type", type)
                        .put("param", param)
                        .put("code", code));
        return body;
    }
}
