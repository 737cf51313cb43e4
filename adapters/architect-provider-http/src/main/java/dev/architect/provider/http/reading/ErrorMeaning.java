package dev.architect.provider.http.reading;

import dev.architect.model.FailureKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an error of a provider means.
 *
 * @param kind what went wrong
 * @param code the provider's own code of it, if any; dropped unless it is a short token of letters, digits, dots and dashes
 * @param retryAfter how long the error's body requires to wait; empty when it does not. Headers are read elsewhere
 */
public record ErrorMeaning(FailureKind kind, Optional<String> code, Optional<Duration> retryAfter) {

    /** Returns a meaning without a delay; {@code code} is null when there is none. */
    public static ErrorMeaning of(FailureKind kind, @Nullable String code) {
        return new ErrorMeaning(kind, Optional.ofNullable(code), Optional.empty());
    }
}
