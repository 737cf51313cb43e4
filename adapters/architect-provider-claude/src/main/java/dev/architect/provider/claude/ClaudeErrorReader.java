package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.Exchange;
import java.util.Optional;

/**
 * Maps Claude's errors to failure kinds. The type decides, then the status. A message is matched in one case only: nothing else distinguishes a
 * prompt that is too long from another bad request.
 */
final class ClaudeErrorReader {

    private ClaudeErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        JsonNode error = reply.json().path("error");
        // The vendor's own clients obey this header, so a rate limit with it will not end by waiting.
        boolean isFinal = reply.header("x-should-retry").filter("false"::equals).isPresent();
        FailureKind kind = kind(error)
                .orElseGet(() ->
                        reply.status() == 409 ? FailureKind.UNAVAILABLE : FailureKind.ofHttpStatus(reply.status()));
        return ErrorMeaning.of(
                kind == FailureKind.RATE_LIMITED && isFinal ? FailureKind.QUOTA_EXHAUSTED : kind, code(error));
    }

    /** Returns the failure that an error means whose status was one of success. */
    static ProviderException inAnswer(JsonNode body, Exchange exchange) {
        JsonNode error = body.path("error");
        return exchange.failure(ErrorMeaning.of(kind(error).orElse(FailureKind.UNAVAILABLE), code(error)))
                .requestId(exchange.requestIdOr(body.path("request_id")))
                .build();
    }

    private static Optional<FailureKind> kind(JsonNode error) {
        // Before the type: a spend limit is a rate_limit_error too, but no waiting helps before the limit is raised.
        if (detail(error).endsWith("spend_limit_reached")) {
            return Optional.of(FailureKind.QUOTA_EXHAUSTED);
        }
        // A 400 whose type would blame the request; the account is at fault.
        if (detail(error).equals("organization_on_hold")) {
            return Optional.of(FailureKind.AUTHENTICATION);
        }
        return switch (error.path("type").asText("")) {
            case "invalid_request_error" ->
                Optional.of(
                        error.path("message").asText("").startsWith("prompt is too long")
                                ? FailureKind.CONTEXT_TOO_LONG
                                : FailureKind.INVALID_REQUEST);
            case "not_found_error", "request_too_large" -> Optional.of(FailureKind.INVALID_REQUEST);
            case "authentication_error", "permission_error" -> Optional.of(FailureKind.AUTHENTICATION);
            case "billing_error" -> Optional.of(FailureKind.QUOTA_EXHAUSTED);
            case "rate_limit_error" -> Optional.of(FailureKind.RATE_LIMITED);
            case "overloaded_error" -> Optional.of(FailureKind.OVERLOADED);
            case "api_error", "timeout_error" -> Optional.of(FailureKind.UNAVAILABLE);
            default -> Optional.empty();
        };
    }

    private static String code(JsonNode error) {
        String detail = detail(error);
        return detail.isEmpty() ? error.path("type").asText("") : detail;
    }

    private static String detail(JsonNode error) {
        return error.path("details").path("error_code").asText("");
    }
}
