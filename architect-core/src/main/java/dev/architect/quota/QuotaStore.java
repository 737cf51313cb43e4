package dev.architect.quota;

import java.util.List;

/**
 * Limits that several nodes share. The store counts what was used within the period, and grants each node slices of what is free for a
 * short time; a node decides by itself as long as it has some. All nodes together stay within the limit, whatever one of them does: what
 * a node has been granted counts as used until it reports otherwise, and a node that dies loses its slice, which counts as used
 * for one period.
 *
 * <p>Methods block until the change is durable, throw a {@link dev.architect.error.StoreException} when the store fails, and are safe for use
 * by several threads.
 */
public interface QuotaStore {

    /** Registers a node that will ask for slices, and returns its number, more than zero, which is never used again. */
    long join();

    /**
     * Takes reports and grants slices, of all the quotas or, when it fails, of none. A request whose answer was lost is made again with the
     * same epoch and the same uses, which are then counted once.
     *
     * @param holder the number of the node
     * @param requests each of another quota
     * @return one grant for each request, in the same order
     */
    List<SliceGrant> exchange(long holder, List<SliceRequest> requests);
}
