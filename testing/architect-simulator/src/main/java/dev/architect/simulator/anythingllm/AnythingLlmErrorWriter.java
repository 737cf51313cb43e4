package dev.architect.simulator.anythingllm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;

/**
 * The error responses of AnythingLLM: answers of the type {@code abort}. The server ignores
 * fields that it does not know; here they are rejected.
 */
final class AnythingLlmErrorWriter implements StrictFields.ErrorMessages {

    static final StrictFields FIELDS = new StrictFields(new AnythingLlmErrorWriter());

    private AnythingLlmErrorWriter() {}

    @Override
    public ErrorResponseException unknownField(String path) {
        return badRequest(path + " is not a valid field.");
    }

    @Override
    public ErrorResponseException missingField(String path) {
        return badRequest(path.equals("message") ? "Message is empty" : path + " is empty");
    }

    @Override
    public ErrorResponseException invalidValue(String path, String expected) {
        return badRequest(path + " is not a valid " + expected + ".");
    }

    static ErrorResponseException badRequest(String message) {
        return abort(400, CallAction.BAD_REQUEST, message);
    }

    static ErrorResponseException abort(int status, CallAction action, String message) {
        ObjectNode body = SimulatorJson.object().put("type", "abort").putNull("textResponse");
        body.set("sources", SimulatorJson.array());
        return new ErrorResponseException(
                status, action, body.put("close", true).put("error", message));
    }
}
