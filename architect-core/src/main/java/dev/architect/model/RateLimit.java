package dev.architect.model;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * What a provider says about one of its rate limits.
 *
 * @param name what is limited: {@code requests}, {@code tokens}, {@code input-tokens} or {@code output-tokens}
 * @param limit how much a period allows; empty when not said
 * @param remaining how much of it is left; empty when not said
 * @param resetAfter how long after the reply it will be full again; empty when not said
 */
public record RateLimit(String name, Optional<Long> limit, Optional<Long> remaining, Optional<Duration> resetAfter) {

    /** Checks every field. */
    public RateLimit {
        Check.notNull("name", name);
        Check.notNull("limit", limit);
        Check.notNull("remaining", remaining);
        Check.notNull("resetAfter", resetAfter);
    }
}
