package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.ReasoningSignature;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items of the Responses API: results belong to calls, and reasoning comes back unchanged, directly before the item
 * that it led to.
 */
final class OpenAiResponsesRequestInputReader {

    private static final StrictFields FIELDS = OpenAiErrorWriter.FIELDS;
    private static final Set<String> INPUT = Set.of("input_text", "input_image", "input_file");
    private static final Set<String> OUTPUT = Set.of("output_text", "refusal");

    private final OpenAiParsedRequest request;
    private final Prompt prompt;
    private final OpenAiRequestContentReader parts;
    private final Set<String> unanswered = new LinkedHashSet<>();
    private boolean modelTurn;

    /** The id of a reasoning item that no item of the model has followed yet; null for none. */
    private @Nullable String pendingReasoningId;

    private boolean afterReasoning;

    OpenAiResponsesRequestInputReader(OpenAiParsedRequest request, Prompt prompt) {
        this.request = request;
        this.prompt = prompt;
        this.parts = new OpenAiRequestContentReader(request, prompt);
    }

    void read() throws ErrorResponseException {
        JsonNode input = request.body().path("input");
        if (input.isTextual()) {
            prompt.add("user", input.textValue());
            return;
        }
        FIELDS.forEachItem(request.body(), "", "input", this::item);
        checkReasoningFollowed(false);
        if (!unanswered.isEmpty()) {
            throw OpenAiErrorWriter.invalid(
                    "No tool output found for function call "
                            + unanswered.iterator().next() + ".",
                    "input",
                    null);
        }
    }

    private void item(JsonNode item, String path) throws ErrorResponseException {
        if (!item.isObject()) {
            throw new OpenAiErrorWriter().invalidValue(path, "object");
        }
        String type = item.hasNonNull("type")
                ? FIELDS.oneOf(
                        item, path, "type", Set.of("message", "function_call", "function_call_output", "reasoning"))
                : "message";
        switch (type) {
            case "function_call" -> call(item, path);
            case "function_call_output" -> result(item, path);
            case "reasoning" -> reasoning(item, path);
            default -> message(item, path);
        }
    }

    private void message(JsonNode item, String path) throws ErrorResponseException {
        FIELDS.allowOnly(item, path, Set.of("type", "id", "role", "content", "status", "phase"));
        String role = FIELDS.oneOf(item, path, "role", Set.of("user", "assistant", "system", "developer"));
        boolean isModel = role.equals("assistant");
        checkReasoningFollowed(isModel);
        if (isModel) {
            beginModelTurn();
        } else {
            modelTurn = false;
            afterReasoning = false;
            prompt.begin(role);
        }
        parts.read(item, path, isModel ? OUTPUT : INPUT);
    }

    private void call(JsonNode item, String path) throws ErrorResponseException {
        FIELDS.allowOnly(item, path, Set.of("type", "id", "call_id", "name", "arguments", "status"));
        String id = FIELDS.optionalText(item, path, "id");
        if (id.startsWith(OpenAiResponsesAnswerWriter.REASONING_CALL) && !afterReasoning) {
            throw OpenAiErrorWriter.invalid(
                    "Item '" + id + "' of type 'function_call' was provided without its required 'reasoning' item: '"
                            + id.replace(OpenAiResponsesAnswerWriter.REASONING_CALL, "rs_") + "'.",
                    "input",
                    null);
        }
        checkReasoningFollowed(true);
        beginModelTurn();
        unanswered.add(FIELDS.text(item, path, "call_id"));
        prompt.call(FIELDS.text(item, path, "name"), FIELDS.text(item, path, "arguments"));
    }

    private void result(JsonNode item, String path) throws ErrorResponseException {
        FIELDS.allowOnly(item, path, Set.of("type", "id", "call_id", "output", "status"));
        checkReasoningFollowed(false);
        modelTurn = false;
        afterReasoning = false;
        String id = FIELDS.text(item, path, "call_id");
        if (!unanswered.remove(id)) {
            throw OpenAiErrorWriter.invalid(
                    "No tool call found for function call output with call_id " + id + ".", "input", null);
        }
        prompt.begin("tool");
        parts.readResult(item, path, "output", INPUT);
    }

    private void reasoning(JsonNode item, String path) throws ErrorResponseException {
        FIELDS.allowOnly(item, path, Set.of("type", "id", "summary", "content", "encrypted_content", "status"));
        if (!request.reasons()) {
            throw OpenAiErrorWriter.invalid(
                    "Reasoning input items can only be provided to a reasoning or computer use model. Remove reasoning"
                            + " items from your input and try again.",
                    "input",
                    null);
        }
        FIELDS.required(item, path, "summary");
        beginModelTurn();
        FIELDS.forEachItem(item, path, "summary", (part, place) -> {
            FIELDS.allowOnly(part, place, Set.of("type", "text"));
            FIELDS.oneOf(part, place, "type", Set.of("summary_text"));
            prompt.reasoning(FIELDS.text(part, place, "text"));
        });
        String encrypted = FIELDS.text(item, path, "encrypted_content");
        if (!ReasoningSignature.isValid(encrypted)) {
            throw OpenAiErrorWriter.invalid(
                    "The encrypted content could not be verified. Reason: Encrypted content could not be decrypted or"
                            + " parsed.",
                    path + ".encrypted_content",
                    "invalid_encrypted_content");
        }
        pendingReasoningId = FIELDS.optionalText(item, path, "id");
        afterReasoning = true;
    }

    /** Begins a message of the model; consecutive items of the model are one message. */
    private void beginModelTurn() {
        if (!modelTurn) {
            modelTurn = true;
            prompt.begin("assistant");
        }
    }

    /** Checks that a reasoning item is followed by an item of the model. */
    private void checkReasoningFollowed(boolean byTheModel) throws ErrorResponseException {
        if (pendingReasoningId != null && !byTheModel) {
            throw OpenAiErrorWriter.invalid(
                    "Item '" + pendingReasoningId
                            + "' of type 'reasoning' was provided without its required following item.",
                    "input",
                    null);
        }
        pendingReasoningId = null;
    }
}
