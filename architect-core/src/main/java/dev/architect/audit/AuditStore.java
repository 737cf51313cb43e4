package dev.architect.audit;

import dev.architect.error.StoreException;
import java.util.List;

/**
 * What was done by whom. Entries are added and read, and never changed or removed.
 *
 * <p>Methods block until a change is durable, throw a {@link StoreException} when the store fails, and are safe for use by several threads.
 */
public interface AuditStore {

    /** The most records of one call of {@link #append}, and the most entries of one call of {@link #from}. */
    int MOST = 1_000;

    /**
     * Adds records in their order, all or none. The store gives them their numbers, without gaps over all nodes, and makes their hashes by
     * {@link AuditChain}.
     *
     * @param records at most {@value #MOST}
     * @return where the chain ends now
     */
    AuditTail append(List<AuditRecord> records);

    /** Returns entries, the newest first. */
    List<AuditEntry> find(AuditQuery query);

    /**
     * Returns entries in the order of their numbers, for a check of the chain.
     *
     * @param number the smallest number
     * @param limit 1 to {@value #MOST}
     */
    List<AuditEntry> from(long number, int limit);

    /** Where the chain ends, as noted beside the entries. */
    AuditTail tail();
}
