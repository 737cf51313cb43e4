package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.ErrorText;

/**
 * What AnythingLLM's errors mean. They are a status and a text: the server's own about the workspace, or that of the provider behind it
 * about the model, whatever the status is.
 */
final class AnythingLlmErrorReader {

    private AnythingLlmErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        FailureKind implied = FailureKind.ofHttpStatus(reply.status());
        // Behind other statuses is the server's own text, about the key or its load.
        boolean isOther = implied != FailureKind.INVALID_REQUEST && implied != FailureKind.UNAVAILABLE;
        return isOther ? ErrorMeaning.of(implied, null) : meaning(reply.json(), implied);
    }

    /** Returns what an answer means that the server gave up, whose status was one of success. */
    static ErrorMeaning inAnswer(JsonNode abort) {
        return meaning(abort, FailureKind.UNAVAILABLE);
    }

    private static ErrorMeaning meaning(JsonNode abort, FailureKind implied) {
        ErrorText text = ErrorText.of(abort);
        boolean isNoWorkspace = text.has("is not a valid workspace");
        return ErrorMeaning.of(
                isNoWorkspace ? FailureKind.MODEL_NOT_FOUND : text.kind().orElse(implied), null);
    }
}
