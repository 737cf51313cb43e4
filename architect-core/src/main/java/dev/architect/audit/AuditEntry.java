package dev.architect.audit;

import dev.architect.check.Check;

/**
 * A record in its place in the chain. Further components will only be added at the end.
 *
 * @param number the place, from 1 without gaps
 * @param record what was done
 * @param hash over the hash before and this record, as {@link AuditChain} makes it; 64 hexadecimal digits
 */
public record AuditEntry(long number, AuditRecord record, String hash) {

    /** Checks the components. */
    public AuditEntry {
        if (number < 1) {
            throw new IllegalArgumentException("number is " + number + ", expected 1 or more");
        }
        Check.notNull("record", record);
        Check.notNull("hash", hash);
    }
}
