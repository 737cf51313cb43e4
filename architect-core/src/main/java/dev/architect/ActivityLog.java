package dev.architect;

import dev.architect.check.Check;
import dev.architect.event.ActivityEntry;
import dev.architect.spi.ActivityStore;
import java.util.List;

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
}
