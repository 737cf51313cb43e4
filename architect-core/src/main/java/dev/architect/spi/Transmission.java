package dev.architect.spi;

import dev.architect.check.Check;
import dev.architect.model.RateLimit;
import java.util.List;
import java.util.Optional;

/**
 * How an answer travelled.
 *
 * @param requestId the provider's id of the request; empty when it gives none
 * @param rateLimits what the provider's rate limits have remaining, as it reports
 * @param resends how many connections died with the request before any byte of a reply, each of them after an earlier call had
 *     used it; the request was sent once more after each, and the provider bills none of them
 * @param skippedEvents how many events of a streamed answer were no events of its format and were passed over, because they cannot
 *     have been a part of the answer
 */
public record Transmission(Optional<String> requestId, List<RateLimit> rateLimits, int resends, int skippedEvents) {

    /** Checks every field and copies the list. */
    public Transmission {
        Check.notNull("requestId", requestId);
        rateLimits = List.copyOf(Check.noNulls("rateLimits", rateLimits));
        Check.notNegative("resends", resends);
        Check.notNegative("skippedEvents", skippedEvents);
    }

    Transmission withSkippedEvents(int count) {
        return new Transmission(requestId, rateLimits, resends, count);
    }
}
