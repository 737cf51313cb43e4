package dev.architect;

import dev.architect.schedule.Scheduler;
import dev.architect.task.SessionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The session pool of this node. Does not block; safe for use by several threads. */
public final class Sessions {

    private final @Nullable Scheduler schedulerOrNull;

    Sessions(@Nullable Scheduler schedulerOrNull) {
        this.schedulerOrNull = schedulerOrNull;
    }

    /** Returns the sessions of this node as they are now; none when it performs no tasks. */
    public List<SessionInfo> list() {
        return schedulerOrNull == null ? List.of() : schedulerOrNull.sessions();
    }

    /** Returns how many attempts run on this node now. */
    public int runningAttempts() {
        return schedulerOrNull == null ? 0 : schedulerOrNull.runningCount();
    }
}
