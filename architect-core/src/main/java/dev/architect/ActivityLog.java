package dev.architect;

import dev.architect.check.Check;
import dev.architect.event.ActivityEntry;
import dev.architect.spi.ActivityStore;
import java.util.List;
import java.util.Set;

/** Reads the activity log. Methods block for the store; safe for use by several threads. */
public final class ActivityLog {

    private final ActivityStore store;

    /** Creates a reader of {@code store}. */
    public ActivityLog(ActivityStore store) {
        this.store = Check.notNull("store", store);
    }

    /** Returns the newest entries, newest first; {@code limit} is 1 to 500. */
    public List<ActivityEntry> newest(int limit) {
        return before(Long.MAX_VALUE, limit);
    }

    /** Returns the newest entries with a smaller sequence than {@code sequence}, newest first; {@code limit} is 1 to 500. */
    public List<ActivityEntry> before(long sequence, int limit) {
        return store.newest(sequence, limit);
    }

    /**
     * Returns the newest entries of some kinds with a smaller sequence than {@code sequence}, newest first.
     *
     * @param kinds the kinds, such as those of {@link ActivityEntry#KINDS}; empty for all; at most 50
     * @param sequence {@link Long#MAX_VALUE} starts at the newest
     * @param limit the most entries, 1 to 500
     */
    public List<ActivityEntry> ofKinds(Set<String> kinds, long sequence, int limit) {
        return store.newest(Check.noNulls("kinds", kinds), sequence, limit);
    }

    /** Returns the entries of some kinds that follow the one of {@code sequence}, oldest first; otherwise as {@link #ofKinds}. */
    public List<ActivityEntry> following(Set<String> kinds, long sequence, int limit) {
        return store.following(Check.noNulls("kinds", kinds), sequence, limit);
    }
}
