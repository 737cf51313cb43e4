package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.ErrorText;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.RetryAfter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Gemini's errors mean. The details decide, then the status word, then the HTTP status. A bad key is a 400; a used-up day
 * and a busy minute are both a 429, and even the first names a delay, of seconds. A 402 is a used-up balance whatever its word. The
 * message is looked at where nothing else tells causes apart: a prompt that is too long, a balance behind a 429, and what of
 * a request was not found.
 *
 * <p>A prompt that is larger than all the tokens of a minute gets the 429 of a busy minute and never fits. Gemini names the
 * limit, not the size of the prompt; a text of {@value #MOST_PER_TOKEN} characters for each token that the minute has is
 * certainly too long.
 */
final class GeminiErrorReader {

    private static final int UNKNOWN_STATUS = 500;

    /** Tokens of ordinary text have four characters. */
    private static final long MOST_PER_TOKEN = 8;

    private GeminiErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        JsonNode body = reply.json();
        // Users report that errors of streams may be wrapped in an array.
        return meaning((body.isArray() ? body.path(0) : body).path("error"), reply.status(), reply.exchange());
    }

    /** Returns what an error inside an answer means, whose status was one of success. */
    static ErrorMeaning inAnswer(JsonNode error, Exchange exchange) {
        return meaning(error, error.path("code").asInt(UNKNOWN_STATUS), exchange);
    }

    private static ErrorMeaning meaning(JsonNode error, int status, Exchange exchange) {
        String word = error.path("status").asText("");
        String reason = "";
        boolean isUsedUp = false;
        boolean isTooLarge = false;
        Duration delay = null;
        for (JsonNode detail : error.path("details")) {
            switch (type(detail)) {
                case "ErrorInfo" -> reason = detail.path("reason").asText("");
                case "QuotaFailure" -> {
                    for (JsonNode violation : detail.path("violations")) {
                        // Any of the violations decides: a used-up day stays used up although a busy minute is named
                        // beside it.
                        isUsedUp |= isUsedUp(violation);
                        isTooLarge |= isLarger(exchange, violation);
                    }
                }
                case "RetryInfo" -> delay = delay(detail);
                default -> {
                    // Text for people, and what a later version adds.
                }
            }
        }
        FailureKind kind = kind(error, word, reason, status);
        if (kind == FailureKind.RATE_LIMITED && (isUsedUp || isTooLarge)) {
            // Without the delay: Gemini names one of seconds even for a day that is used up.
            return ErrorMeaning.of(isUsedUp ? FailureKind.QUOTA_EXHAUSTED : FailureKind.TOO_LARGE_FOR_LIMIT, word);
        }
        return new ErrorMeaning(kind, Optional.of(reason.isEmpty() ? word : reason), Optional.ofNullable(delay));
    }

    private static FailureKind kind(JsonNode error, String word, String reason, int status) {
        if (status == 402 || reason.startsWith("BILLING_")) {
            return FailureKind.QUOTA_EXHAUSTED;
        }
        if (reason.startsWith("API_KEY_")) {
            return FailureKind.AUTHENTICATION;
        }
        ErrorText text = ErrorText.of(error);
        FailureKind implied = switch (word) {
            case "INVALID_ARGUMENT" -> FailureKind.INVALID_REQUEST;
            // The account may not use the service from this place, or without billing.
            case "FAILED_PRECONDITION" -> FailureKind.AUTHENTICATION;
            case "NOT_FOUND" -> isAboutModel(text) ? FailureKind.MODEL_NOT_FOUND : FailureKind.INVALID_REQUEST;
            default -> status >= 400 ? FailureKind.ofHttpStatus(status) : FailureKind.UNAVAILABLE;
        };
        return text.refine(implied);
    }

    /** A call names its model, files and a cache. Of the latter two the text says so; "Requested entity was not found." is the model. */
    private static boolean isAboutModel(ErrorText text) {
        boolean isPart = text.has("file") || text.has("cachedcontent") || text.has("cached content");
        return text.has("model") || !(isPart || text.isAboutPath());
    }

    /** The last word of a type such as {@code type.googleapis.com/google.rpc.RetryInfo}. */
    private static String type(JsonNode detail) {
        String name = detail.path("@type").asText("");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Whether a day is used up, or the plan has none of it at all. */
    private static boolean isUsedUp(JsonNode violation) {
        return violation.path("quotaId").asText("").contains("PerDay")
                || violation.path("quotaValue").asText("").equals("0");
    }

    /** Whether the prompt is certainly larger than all the tokens that a minute has. */
    private static boolean isLarger(Exchange exchange, JsonNode violation) {
        long limit = violation.path("quotaValue").asLong(0);
        return limit > 0
                && violation.path("quotaId").asText("").contains("InputTokens")
                && exchange.request().map(GeminiErrorReader::characters).orElse(0L) / MOST_PER_TOKEN > limit;
    }

    private static long characters(ChatRequest request) {
        return request.system().map(String::length).orElse(0)
                + request.messages().stream()
                        .mapToLong(message -> message.text().length())
                        .sum();
    }

    private static @Nullable Duration delay(JsonNode retryInfo) {
        return RetryAfter.parse(retryInfo.path("retryDelay").asText("")).orElse(null);
    }
}
