package dev.architect.provider.http;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.Exchange;
import java.util.Locale;

/**
 * What a reply's header {@code x-should-retry} requires. The clients of Anthropic and OpenAI obey it before the status, and so do
 * services that speak their formats (anthropic-java 3.12.0 and openai-java 4.101.0, {@code RetryingHttpClient}, read on 2026-11-27).
 */
enum RetryInstruction {
    /** The same call may succeed later. */
    RETRY,
    /** The same call will fail again. */
    GIVE_UP,
    /** The reply does not say. */
    NONE;

    static RetryInstruction of(Exchange exchange) {
        return switch (exchange.header("x-should-retry").orElse("").strip().toLowerCase(Locale.ROOT)) {
            case "true" -> RETRY;
            case "false" -> GIVE_UP;
            default -> NONE;
        };
    }

    /** Returns a builder of the failure that {@code meaning} and this instruction are together. */
    ProviderException.Builder obeyed(Exchange exchange, ErrorMeaning meaning) {
        return switch (this) {
            case NONE -> exchange.failure(meaning);
            // A limit that no waiting ends: as a rate limit the model would be called again after half a second.
            case GIVE_UP ->
                meaning.kind() == FailureKind.RATE_LIMITED
                        ? exchange.failure(
                                new ErrorMeaning(FailureKind.QUOTA_EXHAUSTED, meaning.code(), meaning.retryAfter()))
                        : exchange.failure(meaning).isTransient(false);
            // Only where nothing but the request is blamed: a key, an account or a missing model is named for a reason,
            // and none of them passes by waiting.
            case RETRY ->
                meaning.kind() == FailureKind.INVALID_REQUEST
                        ? exchange.failure(meaning).isTransient(true)
                        : exchange.failure(meaning);
        };
    }
}
