package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.ErrorText;
import java.util.Optional;

/**
 * What Perplexity's errors mean. The type decides, then the code, which is a number in replies and a word in answers, then the
 * status. Not every 403 is about the key: one means that a wire format is no longer served. The message is looked at because
 * the models of other vendors each have their own for a prompt that is too long.
 */
final class PerplexityErrorReader {

    private PerplexityErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        return meaning(ErrorText.error(reply.json()), FailureKind.ofHttpStatus(reply.status()));
    }

    /** Returns what an error inside an answer means, whose status was one of success. */
    static ErrorMeaning inAnswer(JsonNode error) {
        return meaning(error, FailureKind.UNAVAILABLE);
    }

    private static ErrorMeaning meaning(JsonNode error, FailureKind otherwise) {
        String type = error.path("type").asText("");
        // Replies repeat the HTTP status as a number here, which is no code.
        String code = error.path("code").isTextual() ? error.path("code").asText() : "";
        FailureKind kind = ofWord(code).or(() -> ofWord(type)).orElse(otherwise);
        return ErrorMeaning.of(ErrorText.of(error).refine(kind), code.isEmpty() ? type : code);
    }

    private static Optional<FailureKind> ofWord(String word) {
        return switch (word) {
            case "too_many_prompt_tokens", "context_length_exceeded" -> Optional.of(FailureKind.CONTEXT_TOO_LONG);
            case "chat_completions_not_available",
                    "agent_api_migration_required",
                    "not_found",
                    "payload_too_large",
                    "invalid_request",
                    "invalid_parameter",
                    "invalid_date_format" -> Optional.of(FailureKind.INVALID_REQUEST);
            case "forbidden", "invalid_api_key" -> Optional.of(FailureKind.AUTHENTICATION);
            case "request_rate_limit_exceeded" -> Optional.of(FailureKind.RATE_LIMITED);
            case "external_connector_error" -> Optional.of(FailureKind.UNAVAILABLE);
            case "content_filter" -> Optional.of(FailureKind.CONTENT_REFUSED);
            default -> ErrorText.kindOfCode(word);
        };
    }
}
