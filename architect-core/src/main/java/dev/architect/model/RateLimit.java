package dev.architect.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says about one of its rate limits.
 *
 * @param name what is limited: {@code requests}, {@code tokens}, {@code input-tokens} or {@code output-tokens}
 * @param limitOrNull how much a period allows; null when not said
 * @param remainingOrNull how much of it is left; null when not said
 * @param resetAfterOrNull how long after the reply it will be full again; null when not said
 */
public record RateLimit(
        String name,
        @Nullable Long limitOrNull,
        @Nullable Long remainingOrNull,
        @Nullable Duration resetAfterOrNull) {

    /** How much a period allows. */
    public OptionalLong limit() {
        return limitOrNull == null ? OptionalLong.empty() : OptionalLong.of(limitOrNull);
    }

    /** How much is left. */
    public OptionalLong remaining() {
        return remainingOrNull == null ? OptionalLong.empty() : OptionalLong.of(remainingOrNull);
    }

    /** How long after the reply it will be full again. */
    public Optional<Duration> resetAfter() {
        return Optional.ofNullable(resetAfterOrNull);
    }
}
