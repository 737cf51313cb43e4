package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What Perplexity says about requests that it does not take; the code of an error is its status. */
final class PerplexityRefusals implements Strict.Words {

    static final Strict STRICT = new Strict(new PerplexityRefusals());

    private PerplexityRefusals() {}

    @Override
    public Refusal unknown(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        return invalid("unknown field \"" + name + "\"", path);
    }

    @Override
    public Refusal missing(String path) {
        return invalid(path + " is required", path);
    }

    @Override
    public Refusal wrong(String path, String expected) {
        return invalid((path.isEmpty() ? "body" : path) + " is invalid, expected " + expected, path);
    }

    @Override
    public String item(String path, int index) {
        return path + "[" + index + "]";
    }

    static Refusal invalid(String message, @Nullable String param) {
        return error(400, CallAction.BAD_REQUEST, message, "invalid_request", param);
    }

    static Refusal unknownModel(String id) {
        return error(400, CallAction.UNKNOWN_MODEL, "Model '" + id + "' is not supported", "invalid_model", "model");
    }

    static Refusal error(int status, CallAction action, String message, String type, @Nullable String param) {
        return new Refusal(status, action, body(status, message, type, param));
    }

    static JsonNode body(int status, String message, String type, @Nullable String param) {
        ObjectNode error =
                Json.object().put("message", message).put("type", type).put("code", status);
        if (param != null) {
            error.put("param", param);
        }
        ObjectNode body = Json.object();
        body.set("error", error);
        return body;
    }
}
