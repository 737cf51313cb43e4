package dev.architect.provider.http.reading;

import dev.architect.model.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an error of a provider means.
 *
 * @param kind what went wrong
 * @param codeOrNull the provider's own code of it; dropped unless it is a short token of letters, digits, dots and dashes
 * @param retryAfterOrNull how long the error's body asks to wait; null when it does not. Headers are read elsewhere.
 */
public record ErrorMeaning(
        FailureKind kind,
        @Nullable String codeOrNull,
        @Nullable Duration retryAfterOrNull) {

    /** Returns a meaning without a delay. */
    public static ErrorMeaning of(FailureKind kind, @Nullable String codeOrNull) {
        return new ErrorMeaning(kind, codeOrNull, null);
    }
}
