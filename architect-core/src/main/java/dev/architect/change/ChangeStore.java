package dev.architect.change;

import dev.architect.error.StoreException;

/**
 * The log of what was changed in a store. It holds no content: an entry names things, and whoever reads it reads them afresh. An entry is
 * kept if and only if the change itself is kept, because one transaction writes both.
 *
 * <p>Numbers have no gap, and none becomes visible after a higher one: who has read up to a number has missed nothing before it, on
 * whatever handle of the store. Several changes of one thing may share an entry. The newest {@value #KEPT} entries are kept.
 *
 * <p>Methods block and are safe for use by several threads.
 */
public interface ChangeStore {

    /** How many entries are kept at least; some more may be. */
    int KEPT = 100_000;

    /** The most entries of one page. */
    int MAX_PAGE = 1_000;

    /** The most keys of one entry. */
    int MAX_KEYS = 50;

    /**
     * Returns the newest position. What was changed before the call is at or before it.
     *
     * @throws StoreException when the store fails
     */
    ChangePosition newest();

    /**
     * Returns the changes after a position, the first ones first. What was changed before the call is among them or on the pages after it.
     *
     * @param position where the reader is
     * @param limit the most entries, 1 to {@value #MAX_PAGE}
     * @throws StoreException when the store fails
     */
    ChangePage after(ChangePosition position, int limit);

    /**
     * Begins another era, so that every reader reads anew. For whoever has put older data in the place of newer ones.
     *
     * @throws StoreException when the store fails
     */
    void beginEra();
}
