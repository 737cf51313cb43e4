package dev.architect.model;

import dev.architect.check.Check;
import java.time.Duration;
import java.util.Optional;

/**
 * The state of one of a provider's rate limits, as it reports it.
 *
 * @param name what is limited: {@code requests}, {@code tokens}, {@code input-tokens} or {@code output-tokens}
 * @param limit how much a period allows; empty when not reported
 * @param remaining how much of it remains; empty when not reported
 * @param resetAfter how long after the reply it is full again; empty when not reported
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
