package dev.architect.spi;

import dev.architect.event.ActivityEntry;
import java.util.List;

/** The activity log, for people. */
public interface ActivityStore {

    /** Adds entries in order; the store assigns their sequence. */
    void append(List<ActivityEntry> entries);

    /**
     * Returns entries, newest first.
     *
     * @param before only entries with a smaller sequence; {@link Long#MAX_VALUE} starts at the newest
     * @param limit the most entries, 1 to 500
     */
    List<ActivityEntry> newest(long before, int limit);
}
