package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.maintenance.TaskEdit;
import dev.architect.spi.TaskStore;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** Where the tasks of a store wait: the ready ones, those of a later time, and those that wait for a permit of their limit key. Guarded by the store's lock. */
final class InMemoryWaiting {

    // By id at last: a TreeSet drops what compares as equal, and many tasks become ready in the same microsecond.
    private static final Comparator<InMemoryTask> SERVING_ORDER =
            Comparator.<InMemoryTask, Instant>comparing(task -> task.sortKey).thenComparing(task -> task.id);
    private static final Comparator<InMemoryTask> DUE_ORDER = Comparator.<InMemoryTask, Instant>comparing(
                    task -> Objects.requireNonNull(task.dueAt))
            .thenComparing(task -> task.id);

    private final InMemoryStore store;
    private final InMemoryReady ready = new InMemoryReady(SERVING_ORDER);
    private final TreeSet<InMemoryTask> scheduled = new TreeSet<>(DUE_ORDER);
    private final InMemoryLimits limits = new InMemoryLimits(SERVING_ORDER);

    InMemoryWaiting(InMemoryStore store) {
        this.store = store;
    }

    InMemoryReady ready() {
        return ready;
    }

    InMemoryLimits limits() {
        return limits;
    }

    /** A task is in this store, and waits if its state is one of those. */
    void enter(InMemoryTask task) {
        changed(task);
        limits.enter(task);
        if (task.state == TaskState.READY) {
            ready.add(task);
        } else if (task.state == TaskState.SCHEDULED) {
            scheduled.add(task);
        }
    }

    /** A task waits no more. Before anything of it changes that an order reads. */
    void leave(InMemoryTask task) {
        limits.leave(task);
        ready.remove(task);
        // The order of that set reads the due time, which only a scheduled task has.
        if (task.dueAt != null) {
            scheduled.remove(task);
        }
    }

    /** Where a task goes that could become ready: its parents come first, then its due time, then the permit of its limit key. */
    void becomeReady(InMemoryTask task) {
        if (task.pending > 0) {
            task.state = TaskState.BLOCKED;
        } else if (task.dueAt != null && task.dueAt.isAfter(store.now())) {
            task.state = TaskState.SCHEDULED;
        } else {
            task.dueAt = null;
            task.state = task.request.options().limitKey().isPresent() ? TaskState.LIMITED : TaskState.READY;
        }
        enter(task);
    }

    /** A task waits for no parent any more. */
    void release(InMemoryTask child) {
        child.sortKey = child.sortKey(store.now());
        becomeReady(child);
    }

    /** Makes a task wait for this time. */
    void schedule(InMemoryTask task, Duration delay) {
        changed(task);
        task.state = TaskState.SCHEDULED;
        // Set before the task enters the set, whose order depends on it.
        task.dueAt = store.after(delay);
        scheduled.add(task);
    }

    /** Changes a task that waits, and returns whether it did. */
    boolean edit(InMemoryTask task, TaskEdit edit) {
        if (task.isTaken || task.state.isTerminal() || task.state == TaskState.RUNNING) {
            return false;
        }
        leave(task);
        Instant readyAt = task.readyAt();
        task.request = edit.applyTo(task.request);
        task.sortKey = task.sortKey(readyAt);
        if (edit.delay().isPresent()
                && (task.state == TaskState.READY
                        || task.state == TaskState.LIMITED
                        || task.state == TaskState.SCHEDULED)) {
            due(task, edit.delay().get());
        } else if (edit.delay().isPresent() && (task.state == TaskState.BLOCKED || task.state == TaskState.HELD)) {
            Duration delay = edit.delay().get();
            task.dueAt = delay.isZero() ? null : store.after(delay);
        }
        enter(task);
        return true;
    }

    private void due(InMemoryTask task, Duration delay) {
        if (!delay.isZero()) {
            task.state = TaskState.SCHEDULED;
            task.dueAt = store.after(delay);
        } else if (task.state == TaskState.SCHEDULED) {
            task.state = task.request.options().limitKey().isPresent() ? TaskState.LIMITED : TaskState.READY;
            task.dueAt = null;
            task.sortKey = task.sortKey(store.now());
        }
    }

    /** Gives out free permits, and returns how many. */
    int promoteLimited() {
        List<InMemoryTask> promoted = limits.promote(store.now());
        ready.addAll(promoted);
        promoted.forEach(this::changed);
        return promoted.size();
    }

    /** Makes at most {@code limit} tasks ready whose time has come, and returns how many. */
    int promoteDue(int limit) {
        int promoted = 0;
        while (promoted < limit
                && !scheduled.isEmpty()
                && !dueAt(scheduled.first()).isAfter(store.now())) {
            // Removed before its due time is cleared: a TreeSet does not find an element whose key has changed.
            InMemoryTask task = Objects.requireNonNull(scheduled.pollFirst());
            Instant earliest = store.now().minus(TaskStore.AGING);
            task.sortKey = task.sortKey(dueAt(task).isAfter(earliest) ? dueAt(task) : earliest);
            task.dueAt = null;
            becomeReady(task);
            promoted++;
        }
        return promoted;
    }

    /** How long until the next task is due; empty when none is scheduled. */
    Optional<Duration> untilNextDue() {
        if (scheduled.isEmpty()) {
            return Optional.empty();
        }
        Duration remaining = Duration.between(store.now(), dueAt(scheduled.first()));
        return Optional.of(remaining.isNegative() ? Duration.ZERO : remaining);
    }

    private static Instant dueAt(InMemoryTask task) {
        return Objects.requireNonNull(task.dueAt);
    }

    private void changed(InMemoryTask task) {
        store.changed(ChangeTopic.TASK, task.id.value());
    }
}
