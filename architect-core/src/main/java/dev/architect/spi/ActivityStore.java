package dev.architect.spi;

import dev.architect.event.ActivityEntry;
import java.util.List;
import java.util.Set;

/** The activity log, for people. */
public interface ActivityStore {

    /** The most kinds that one reading may name. */
    int MAX_KINDS = 50;

    /** Adds entries in order; the store assigns their sequence. */
    void append(List<ActivityEntry> entries);

    /**
     * Returns entries, newest first.
     *
     * @param before only entries with a smaller sequence; {@link Long#MAX_VALUE} starts at the newest
     * @param limit the most entries, 1 to 500
     */
    List<ActivityEntry> newest(long before, int limit);

    /**
     * Returns entries of some kinds, newest first, at the cost of what is returned and not of what lies between.
     *
     * @param kinds the kinds of {@link ActivityEntry#kind()}; empty for all; at most {@value #MAX_KINDS}
     * @param before only entries with a smaller sequence; {@link Long#MAX_VALUE} starts at the newest
     * @param limit the most entries, 1 to 500
     */
    List<ActivityEntry> newest(Set<String> kinds, long before, int limit);

    /**
     * Returns the entries that follow one, oldest first, at the cost of what is returned.
     *
     * @param kinds as above
     * @param after only entries with a larger sequence
     * @param limit the most entries, 1 to 500
     */
    List<ActivityEntry> following(Set<String> kinds, long after, int limit);
}
