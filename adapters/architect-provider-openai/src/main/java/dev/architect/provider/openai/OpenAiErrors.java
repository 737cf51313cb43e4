package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorMeaning;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.RetryAfter;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What OpenAI's errors mean. The code decides, then the type, then the status. The message is looked at for two things that
 * nothing else tells: a request that is larger than any limit will ever allow, and how long to wait.
 */
final class OpenAiErrors {

    private static final Pattern TRY_AGAIN = Pattern.compile("try again in ((?:[0-9.]+(?:ms|s|m|h))+)");

    private OpenAiErrors() {}

    static ErrorMeaning of(ErrorReply reply) {
        JsonNode error = reply.json().path("error");
        return meaning(error, kind(error).orElse(ErrorMeaning.ofStatus(reply.status())));
    }

    /** Returns what an error inside a stream means, whose status was one of success. */
    static ErrorMeaning inStream(JsonNode chunk) {
        JsonNode error = chunk.path("error");
        return meaning(error, kind(error).orElse(FailureKind.UNAVAILABLE));
    }

    private static ErrorMeaning meaning(JsonNode error, FailureKind kind) {
        boolean isTooLarge = kind == FailureKind.RATE_LIMITED
                && error.path("message").asText("").startsWith("Request too large");
        String code = error.path("code").asText("");
        return new ErrorMeaning(
                isTooLarge ? FailureKind.CONTEXT_TOO_LONG : kind,
                code.isEmpty() ? error.path("type").asText("") : code,
                kind == FailureKind.RATE_LIMITED && !isTooLarge ? delay(error) : null);
    }

    private static Optional<FailureKind> kind(JsonNode error) {
        return ofWord(error.path("code").asText(""))
                .or(() -> ofWord(error.path("type").asText("")));
    }

    private static Optional<FailureKind> ofWord(String word) {
        return switch (word) {
            case "insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached" ->
                Optional.of(FailureKind.QUOTA_EXHAUSTED);
            case "context_length_exceeded" -> Optional.of(FailureKind.CONTEXT_TOO_LONG);
            case "content_policy_violation", "content_filter" -> Optional.of(FailureKind.CONTENT_REFUSED);
            case "invalid_api_key" -> Optional.of(FailureKind.AUTHENTICATION);
            case "rate_limit_exceeded" -> Optional.of(FailureKind.RATE_LIMITED);
            case "slow_down", "server_is_overloaded" -> Optional.of(FailureKind.OVERLOADED);
            case "server_error" -> Optional.of(FailureKind.UNAVAILABLE);
            default -> word.contains("spend_limit") ? Optional.of(FailureKind.QUOTA_EXHAUSTED) : Optional.empty();
        };
    }

    private static @Nullable Duration delay(JsonNode error) {
        Matcher words = TRY_AGAIN.matcher(error.path("message").asText(""));
        return words.find() ? RetryAfter.parse(words.group(1)).orElse(null) : null;
    }
}
