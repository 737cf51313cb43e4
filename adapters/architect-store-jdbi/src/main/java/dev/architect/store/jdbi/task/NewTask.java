package dev.architect.store.jdbi.task;

import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.Micros;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task to insert: ready at once, or waiting for its parents, or scheduled when it has a delay, or waiting for a permit of its limit key.
 *
 * @param flags as {@link TaskRow} names them
 * @param lane the number of its type
 * @param project the number of its project
 * @param pending how many parents it waits for
 */
public record NewTask(TaskId id, TaskRequest request, int flags, long lane, long project, int pending) {

    private static final long AGING = Micros.of(TaskStore.AGING);

    /** A task that waits for no parents. */
    public NewTask(TaskId id, TaskRequest request, int flags, long lane, long project) {
        this(id, request, flags, lane, project, 0);
    }

    /** The same with what others have to do with it. */
    NewTask waiting(int moreFlags, int parents) {
        return new NewTask(id, request, flags | moreFlags, lane, project, parents);
    }

    /** The state to insert it in. */
    public TaskState state() {
        if (pending > 0) {
            return TaskState.BLOCKED;
        }
        if (!request.delay().isZero()) {
            return TaskState.SCHEDULED;
        }
        // It gets its permit, if there is one, when all of its transaction is there.
        return request.options().limitKey().isPresent() ? TaskState.LIMITED : TaskState.READY;
    }

    /** Its place in the order of service, if it is ready at {@code now}. */
    public long sortKey(Instant now) {
        // Each level costs one step of aging, so a task of low priority overtakes younger ones and never starves.
        return Micros.of(now) + request.priority().level() * AGING;
    }

    /** When it is due, null when it is ready at once, or waits for its parents first. */
    public @Nullable Long dueAt(Instant now) {
        return state() == TaskState.SCHEDULED ? delayed(now) : null;
    }

    /** When its delay is over; null when it has none. */
    @Nullable
    Long delayed(Instant now) {
        return request.delay().isZero() ? null : Micros.after(now, request.delay());
    }

    /** Whether it has an affinity key. */
    public boolean hasAffinity() {
        return (flags & TaskRow.HAS_AFFINITY) != 0;
    }
}
