package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What AnythingLLM says about requests that it does not take: an answer of the type {@code abort}. The server passes over
 * fields that it does not know; here they are refused.
 */
final class AnythingLlmFields implements Strict.Words {

    static final Strict STRICT = new Strict(new AnythingLlmFields());

    private AnythingLlmFields() {}

    @Override
    public Refusal unknown(String path) {
        return bad(path + " is not a valid field.");
    }

    @Override
    public Refusal missing(String path) {
        return bad(path.equals("message") ? "Message is empty" : path + " is empty");
    }

    @Override
    public Refusal wrong(String path, String expected) {
        return bad(path + " is not a valid " + expected + ".");
    }

    static Refusal bad(String message) {
        return abort(400, CallAction.BAD_REQUEST, message);
    }

    static Refusal abort(int status, CallAction action, String message) {
        ObjectNode body = Json.object().put("type", "abort").putNull("textResponse");
        body.set("sources", Json.array());
        return new Refusal(status, action, body.put("close", true).put("error", message));
    }
}
