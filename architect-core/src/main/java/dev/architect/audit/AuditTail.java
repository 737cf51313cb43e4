package dev.architect.audit;

import dev.architect.check.Check;

/**
 * Where a chain ends, as the store has noted it beside the entries.
 *
 * @param number of the last entry; 0 when there is none
 * @param hash of the last entry; {@link AuditChain#START} when there is none
 */
public record AuditTail(long number, String hash) {

    /** The end of an empty chain. */
    public static final AuditTail EMPTY = new AuditTail(0, AuditChain.START);

    /** Checks the components. */
    public AuditTail {
        Check.notNegative("number", number);
        Check.notNull("hash", hash);
    }
}
