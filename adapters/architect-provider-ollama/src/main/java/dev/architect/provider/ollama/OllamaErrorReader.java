package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ErrorMeaning;
import java.util.Locale;

/**
 * What Ollama's errors mean. They are a status and a text without any code. The text is looked at only where nothing else
 * distinguishes a prompt that is too long from another bad request, and inside an answer, where there is no status to go by.
 */
final class OllamaErrorReader {

    private OllamaErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        boolean isTooLong = reply.status() == 400 && isTooLong(text(reply.json()));
        return ErrorMeaning.of(
                isTooLong ? FailureKind.CONTEXT_TOO_LONG : FailureKind.ofHttpStatus(reply.status()), null);
    }

    /** Returns what an error inside an answer means, whose status was one of success. */
    static ErrorMeaning inAnswer(JsonNode line) {
        String text = text(line);
        if (isTooLong(text)) {
            return ErrorMeaning.of(FailureKind.CONTEXT_TOO_LONG, null);
        }
        return ErrorMeaning.of(text.contains("server busy") ? FailureKind.OVERLOADED : FailureKind.UNAVAILABLE, null);
    }

    /** Returns what an error means that ends the fetching of a model. */
    static ErrorMeaning inPull(JsonNode line) {
        boolean isUnknown = text(line).contains("file does not exist");
        return ErrorMeaning.of(isUnknown ? FailureKind.INVALID_REQUEST : FailureKind.UNAVAILABLE, null);
    }

    private static String text(JsonNode body) {
        JsonNode error = body.path("error");
        String text = error.isObject() ? error.path("message").asText("") : error.asText("");
        return text.toLowerCase(Locale.ROOT);
    }

    /**
     * The wording is the runner's and differs: "request (8889 tokens) exceeds the available context size", "the prompt is longer
     * than the context length currently available", "prompt too long; exceeded max context length".
     */
    private static boolean isTooLong(String text) {
        return text.contains("context") && (text.contains("exceed") || text.contains("longer than"));
    }
}
