package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.ErrorText;
import dev.architect.provider.http.reading.Exchange;
import java.util.Locale;
import java.util.Optional;

/**
 * Maps Claude's errors to failure kinds. The code decides, then the type, then the status. The message is matched where nothing else tells
 * causes apart: a prompt that is too long, an empty account and a reached spend limit come as {@code invalid_request_error}, a plan
 * without long prompts as {@code rate_limit_error}, and {@code not_found_error} is about a model, a path or a file.
 */
final class ClaudeErrorReader {

    private ClaudeErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        JsonNode error = reply.json().path("error");
        return ErrorMeaning.of(
                kind(error, reply.exchange()).orElseGet(() -> FailureKind.ofHttpStatus(reply.status())), code(error));
    }

    /** Returns the failure that an error means whose status was one of success. */
    static ProviderException inAnswer(JsonNode body, Exchange exchange) {
        JsonNode error = body.path("error");
        return exchange.failure(ErrorMeaning.of(kind(error, exchange).orElse(FailureKind.UNAVAILABLE), code(error)))
                .requestId(exchange.requestIdOr(body.path("request_id")))
                .build();
    }

    private static Optional<FailureKind> kind(JsonNode error, Exchange exchange) {
        String detail = detail(error);
        // Before the type: a spend limit is a rate_limit_error too, but no waiting helps before the limit is raised.
        if (detail.endsWith("spend_limit_reached") || detail.contains("billing") || detail.endsWith("not_billable")) {
            return Optional.of(FailureKind.QUOTA_EXHAUSTED);
        }
        ErrorText text = ErrorText.of(error);
        // A 400 whose type would blame the request; the account is at fault.
        if (detail.equals("organization_on_hold") || text.has("organization has been disabled")) {
            return Optional.of(FailureKind.AUTHENTICATION);
        }
        FailureKind implied = switch (error.path("type").asText("")) {
            case "invalid_request_error", "request_too_large" -> FailureKind.INVALID_REQUEST;
            case "not_found_error" ->
                detail.isEmpty() && isAboutModel(text, exchange)
                        ? FailureKind.MODEL_NOT_FOUND
                        : FailureKind.INVALID_REQUEST;
            case "authentication_error", "permission_error" -> FailureKind.AUTHENTICATION;
            case "billing_error" -> FailureKind.QUOTA_EXHAUSTED;
            case "rate_limit_error" -> FailureKind.RATE_LIMITED;
            case "overloaded_error" -> FailureKind.OVERLOADED;
            case "api_error", "timeout_error", "conflict_error" -> FailureKind.UNAVAILABLE;
            default -> null;
        };
        return Optional.ofNullable(implied).map(text::refine);
    }

    /** The text is {@code model: } and the name, without a code. A path that is missing is "Not Found", a file is named as such. */
    private static boolean isAboutModel(ErrorText text, Exchange exchange) {
        return text.isEmpty()
                || text.has("model:")
                || text.has(exchange.model().model().toLowerCase(Locale.ROOT));
    }

    private static String code(JsonNode error) {
        String detail = detail(error);
        return detail.isEmpty() ? error.path("type").asText("") : detail;
    }

    private static String detail(JsonNode error) {
        return error.path("details").path("error_code").asText("");
    }
}
