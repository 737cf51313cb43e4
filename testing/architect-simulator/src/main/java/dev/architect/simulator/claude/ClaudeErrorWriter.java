package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.Map;

/** The error responses of the Anthropic API. */
final class ClaudeErrorWriter implements StrictFields.ErrorMessages {

    static final StrictFields FIELDS = new StrictFields(new ClaudeErrorWriter());

    private ClaudeErrorWriter() {}

    @Override
    public ErrorResponseException unknownField(String path) {
        return invalid(path + ": Extra inputs are not permitted");
    }

    @Override
    public ErrorResponseException missingField(String path) {
        return invalid(path + ": Field required");
    }

    @Override
    public ErrorResponseException invalidValue(String path, String expected) {
        return invalid(path + ": Input should be "
                + switch (expected) {
                    case "object" -> "a valid dictionary";
                    case "string", "boolean", "list", "number" -> "a valid " + expected;
                    default -> expected;
                });
    }

    static ErrorResponseException invalid(String message) {
        return error(400, CallAction.BAD_REQUEST, "invalid_request_error", message);
    }

    static ErrorResponseException error(int status, CallAction action, String type, String message) {
        return new ErrorResponseException(status, action, body(type, message), Map.of("x-should-retry", "false"));
    }

    static JsonNode body(String type, String message) {
        ObjectNode body = SimulatorJson.object().put("type", "error");
        body.set("error", SimulatorJson.object().put("type", type).put("message", message));
        return body;
    }
}
