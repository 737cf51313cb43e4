package dev.architect.audit;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * What a chain looked like at some time, kept outside of the store. Without one, a chain that was written anew, or whose end was cut off with
 * care, looks like any other.
 *
 * @param number of the entry that was the last one
 * @param hash of that entry
 * @param at when
 */
public record AuditCheckpoint(long number, String hash, Instant at) {

    /** Checks the components. */
    public AuditCheckpoint {
        if (number < 1) {
            throw new IllegalArgumentException("number is " + number + ", expected 1 or more");
        }
        Check.notBlank("hash", hash);
        Check.notNull("at", at);
    }
}
