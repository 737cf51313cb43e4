package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What the Anthropic API says about requests that it does not take. */
final class ClaudeRefusals implements Strict.Words {

    static final Strict STRICT = new Strict(new ClaudeRefusals());

    private ClaudeRefusals() {}

    @Override
    public Refusal unknown(String path) {
        return invalid(path + ": Extra inputs are not permitted");
    }

    @Override
    public Refusal missing(String path) {
        return invalid(path + ": Field required");
    }

    @Override
    public Refusal wrong(String path, String expected) {
        return invalid(path + ": Input should be "
                + switch (expected) {
                    case "object" -> "a valid dictionary";
                    case "string", "boolean", "list", "number" -> "a valid " + expected;
                    default -> expected;
                });
    }

    static Refusal invalid(String message) {
        return error(400, CallAction.BAD_REQUEST, "invalid_request_error", message);
    }

    static Refusal error(int status, CallAction action, String type, String message) {
        return new Refusal(status, action, body(type, message), Map.of("x-should-retry", "false"));
    }

    static JsonNode body(String type, String message) {
        ObjectNode body = Json.object().put("type", "error");
        body.set("error", Json.object().put("type", type).put("message", message));
        return body;
    }
}
