package dev.architect.project.milestone;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Map;

/**
 * The scope of a milestone at its start.
 *
 * @param at when it began
 * @param minutes the likely minutes of each item by its key, 0 where there was no estimate
 */
public record Baseline(Instant at, Map<String, Integer> minutes) {

    /** Copies the map. */
    public Baseline {
        Check.notNull("at", at);
        minutes = Map.copyOf(Check.noNulls("minutes", minutes));
    }
}
