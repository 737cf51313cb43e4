package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.provider.http.ErrorReply;
import dev.architect.provider.http.reading.ContextLimitText;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.ErrorText;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.RetryAfter;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What OpenAI's errors mean. The code decides, then the type, then the status. The message is looked at for what nothing else
 * shows: a request that is larger than any limit will ever allow, how long to wait, and, of services that speak OpenAI's format with
 * codes of their own or none, an empty account, a model that is gone, and a prompt that the context window has no room for.
 */
final class OpenAiErrorReader {

    private static final Pattern TRY_AGAIN = Pattern.compile("try again in ((?:[0-9.]+(?:ms|s|m|h))+)");
    // Digits are bounded, so that parsing them never overflows.
    private static final Pattern LIMIT =
            Pattern.compile("Limit:? (\\d{1,12}),(?: Used:? \\d{1,12},)? Requested:? (\\d{1,12})");

    private static final int FIRST_ERROR_STATUS = 400;
    private static final int LAST_STATUS = 599;

    private OpenAiErrorReader() {}

    static ErrorMeaning of(ErrorReply reply) {
        // Compatible services leave out the object around the error, or write the message in its place.
        JsonNode error = reply.json().hasNonNull("error") ? reply.json().path("error") : reply.json();
        return meaning(error, kind(error).orElse(FailureKind.ofHttpStatus(reply.status())));
    }

    /** Throws the error that {@code json}, which came with a status of success, states in a field of its own, if any. */
    static void throwStated(JsonNode json, Exchange exchange) {
        JsonNode error = json.path("error");
        if (error.isObject() || (error.isTextual() && !error.textValue().isBlank())) {
            throw exchange.failure(inStream(error)).build();
        }
    }

    /** Returns what an error means that came with a status of success. */
    static ErrorMeaning inStream(JsonNode error) {
        // OpenRouter puts the status of the service behind it into the code.
        int status = error.path("code").asInt(0);
        if (status >= FIRST_ERROR_STATUS && status <= LAST_STATUS) {
            return meaning(error, kind(error).orElse(FailureKind.ofHttpStatus(status)));
        }
        boolean isCallers = error.path("type").asText("").equals("invalid_request_error");
        return meaning(error, kind(error).orElse(isCallers ? FailureKind.INVALID_REQUEST : FailureKind.UNAVAILABLE));
    }

    private static ErrorMeaning meaning(JsonNode error, FailureKind stated) {
        boolean isOpen = stated == FailureKind.INVALID_REQUEST || stated == FailureKind.UNAVAILABLE;
        FailureKind kind = isOpen && ContextLimitText.isIn(message(error)) ? FailureKind.CONTEXT_TOO_LONG : stated;
        // Has the code of a busy minute; only the message shows that the one request exceeds the whole limit.
        boolean isTooLarge = kind == FailureKind.RATE_LIMITED && isTooLarge(message(error));
        // A number repeats the status.
        String code = error.path("code").isNumber() ? "" : error.path("code").asText("");
        return new ErrorMeaning(
                isTooLarge
                        ? FailureKind.TOO_LARGE_FOR_LIMIT
                        : ErrorText.of(error).refine(kind),
                Optional.of(code.isEmpty() ? error.path("type").asText("") : code),
                kind == FailureKind.RATE_LIMITED && !isTooLarge ? Optional.ofNullable(delay(error)) : Optional.empty());
    }

    /** The message, which may be the error itself, or an object or a list in its place. */
    private static String message(JsonNode error) {
        JsonNode message = error.isTextual() ? error : error.path(error.has("message") ? "message" : "detail");
        return message.isContainerNode() ? message.toString() : message.asText("");
    }

    private static Optional<FailureKind> kind(JsonNode error) {
        // The code is more exact than the type, but may be null.
        return ofWord(error.path("code").asText(""))
                .or(() -> ofWord(error.path("type").asText("")));
    }

    private static Optional<FailureKind> ofWord(String word) {
        return switch (word) {
            case "context_length_exceeded", "exceed_context_size_error" -> Optional.of(FailureKind.CONTEXT_TOO_LONG);
            case "content_policy_violation",
                    "content_filter",
                    "invalid_prompt",
                    "bio_policy",
                    "misalignment_policy_violation",
                    "image_content_policy_violation" -> Optional.of(FailureKind.CONTENT_REFUSED);
            case "invalid_api_key" -> Optional.of(FailureKind.AUTHENTICATION);
            case "rate_limit_exceeded" -> Optional.of(FailureKind.RATE_LIMITED);
            // A 429 too, but about the load of the service and not about the account's limit.
            case "slow_down", "server_is_overloaded" -> Optional.of(FailureKind.OVERLOADED);
            case "server_error", "vector_store_timeout" -> Optional.of(FailureKind.UNAVAILABLE);
            default -> ofFamily(word);
        };
    }

    private static Optional<FailureKind> ofFamily(String word) {
        boolean isCallers = word.startsWith("invalid_image")
                || word.startsWith("image_")
                || word.equals("invalid_base64_image")
                || word.equals("empty_image_file")
                || word.equals("unsupported_image_media_type")
                || word.equals("failed_to_download_image")
                || word.equals("data_residency_mismatch");
        return isCallers ? Optional.of(FailureKind.INVALID_REQUEST) : ErrorText.kindOfCode(word);
    }

    /** Waiting makes no limit larger than the one request. */
    private static boolean isTooLarge(String message) {
        Matcher limit = LIMIT.matcher(message);
        return message.startsWith("Request too large")
                || (limit.find() && Long.parseLong(limit.group(2)) > Long.parseLong(limit.group(1)));
    }

    private static @Nullable Duration delay(JsonNode error) {
        Matcher matcher = TRY_AGAIN.matcher(message(error));
        return matcher.find() ? RetryAfter.parse(matcher.group(1)).orElse(null) : null;
    }
}
