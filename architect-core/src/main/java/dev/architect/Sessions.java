package dev.architect;

import dev.architect.schedule.Scheduler;
import dev.architect.task.SessionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The session pool of this node. Does not block but where it says so; safe for use by several threads. */
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

    /**
     * Makes this node claim no more tasks until {@link #resume}. What runs goes on, requests and submissions are taken, and other nodes
     * are not affected. Returns at once; does nothing on a node that performs no tasks.
     */
    public void pause() {
        if (schedulerOrNull != null) {
            schedulerOrNull.pause();
        }
    }

    /**
     * Makes this node claim tasks again, unless it is {@linkplain Nodes#cordon(long) cordoned} as well. Waits for a {@link #drain} in progress;
     * does nothing once the {@code Architect} is closed.
     */
    public void resume() {
        if (schedulerOrNull != null) {
            schedulerOrNull.resume();
        }
    }

    /**
     * Makes this node claim no more tasks until {@link #resume}, and blocks until none runs here: lets running ones go on for up to {@link
     * ArchitectBuilder#stopTimeout}, interrupts the rest and hands their tasks back, which costs them no try. Requests and submissions are
     * taken meanwhile and afterwards.
     */
    public void drain() {
        if (schedulerOrNull != null) {
            schedulerOrNull.drain();
        }
    }

    /** Whether this node claims no tasks: it is paused, drained or cordoned, closed, or performs none at all. */
    public boolean isPaused() {
        return schedulerOrNull == null || schedulerOrNull.isPaused();
    }
}
