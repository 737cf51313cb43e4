package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.ErrorText;

/**
 * What Ollama's errors mean. They are a status and a text without any code. The text is looked at only where nothing else
 * tells causes apart: a prompt that is too long or a missing model from another bad request, a used-up plan from a busy minute; and
 * inside an answer, where there is no status to go by.
 */
final class OllamaErrorReader {

    private OllamaErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        return ErrorMeaning.of(ErrorText.of(reply.json()).refine(FailureKind.ofHttpStatus(reply.status())), null);
    }

    /** Returns what an error inside an answer means, whose status was one of success. */
    static ErrorMeaning inAnswer(JsonNode line) {
        ErrorText text = ErrorText.of(line);
        FailureKind implied = text.has("server busy") ? FailureKind.OVERLOADED : FailureKind.UNAVAILABLE;
        return ErrorMeaning.of(text.kind().orElse(implied), null);
    }

    /** Returns what an error means that ends the fetching of a model. */
    static ErrorMeaning inPull(JsonNode line) {
        boolean isUnknown = ErrorText.of(line).has("file does not exist");
        return ErrorMeaning.of(isUnknown ? FailureKind.MODEL_NOT_FOUND : FailureKind.UNAVAILABLE, null);
    }
}
