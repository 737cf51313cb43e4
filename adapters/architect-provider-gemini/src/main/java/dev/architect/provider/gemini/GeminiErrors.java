package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorMeaning;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.RetryAfter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What Gemini's errors mean. The details decide, then the status word, then the HTTP status. A bad key is a 400; a used-up day
 * and a busy minute are both a 429, and even the first names a delay, of seconds. The message is looked at in one case only:
 * nothing else tells a prompt that is too long from another bad request.
 */
final class GeminiErrors {

    private static final int UNKNOWN_STATUS = 500;

    private GeminiErrors() {}

    static ErrorMeaning of(ErrorReply reply) {
        JsonNode body = reply.json();
        return meaning((body.isArray() ? body.path(0) : body).path("error"), reply.status());
    }

    /** Returns what an error inside an answer means, whose status was one of success. */
    static ErrorMeaning inAnswer(JsonNode error) {
        return meaning(error, error.path("code").asInt(UNKNOWN_STATUS));
    }

    private static ErrorMeaning meaning(JsonNode error, int status) {
        String word = error.path("status").asText("");
        String reason = "";
        boolean isDayUsedUp = false;
        Duration delay = null;
        for (JsonNode detail : error.path("details")) {
            switch (type(detail)) {
                case "ErrorInfo" -> reason = detail.path("reason").asText("");
                case "QuotaFailure" -> isDayUsedUp |= isPerDay(detail);
                case "RetryInfo" -> delay = delay(detail);
                default -> {
                    // Words for people, and what a later version adds.
                }
            }
        }
        FailureKind kind = reason.startsWith("API_KEY_") ? FailureKind.AUTHENTICATION : kind(error, word, status);
        if (kind == FailureKind.RATE_LIMITED && isDayUsedUp) {
            return ErrorMeaning.of(FailureKind.QUOTA_EXHAUSTED, word);
        }
        return new ErrorMeaning(kind, reason.isEmpty() ? word : reason, delay);
    }

    private static FailureKind kind(JsonNode error, String word, int status) {
        return switch (word) {
            case "INVALID_ARGUMENT" ->
                error.path("message").asText("").startsWith("The input token count")
                        ? FailureKind.CONTEXT_TOO_LONG
                        : FailureKind.INVALID_REQUEST;
            // The account may not use the service from this place, or without billing.
            case "FAILED_PRECONDITION" -> FailureKind.AUTHENTICATION;
            default -> status >= 400 ? ErrorMeaning.ofStatus(status) : FailureKind.UNAVAILABLE;
        };
    }

    /** The last word of a type such as {@code type.googleapis.com/google.rpc.RetryInfo}. */
    private static String type(JsonNode detail) {
        String name = detail.path("@type").asText("");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean isPerDay(JsonNode quotaFailure) {
        for (JsonNode violation : quotaFailure.path("violations")) {
            if (violation.path("quotaId").asText("").contains("PerDay")) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Duration delay(JsonNode retryInfo) {
        return RetryAfter.parse(retryInfo.path("retryDelay").asText("")).orElse(null);
    }
}
