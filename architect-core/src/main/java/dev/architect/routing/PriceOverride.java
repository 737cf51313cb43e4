package dev.architect.routing;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * Prices that somebody has put on top of the catalogue, for all nodes.
 *
 * @param id its id, which no other one has
 * @param entry what they are: one entry of a price file, as JSON
 * @param version 1 for a new one, each change adds one
 * @param at when it was changed last
 * @param by who changed it last
 */
public record PriceOverride(String id, String entry, long version, Instant at, String by) {

    /** The most characters of an entry. */
    public static final int MAX_ENTRY = 4_000;

    /** Checks every field. */
    public PriceOverride {
        Check.notBlank("id", id);
        Check.atMost("entry", Check.notBlank("entry", entry), MAX_ENTRY);
        Check.notNegative("version", version);
        Check.notNull("at", at);
        Check.notBlank("by", by);
    }
}
