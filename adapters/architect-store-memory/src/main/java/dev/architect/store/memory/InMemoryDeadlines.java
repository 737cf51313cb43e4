package dev.architect.store.memory;

import dev.architect.submission.TaskDeadlines;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The unfinished tasks that expire, the earliest first. Guarded by the store's lock. */
final class InMemoryDeadlines {

    private static final Comparator<InMemoryTask> ORDER = Comparator.<InMemoryTask, Instant>comparing(
                    task -> task.deadlines.expiresAt().orElse(Instant.MAX))
            .thenComparing(task -> task.id);

    private final TreeSet<InMemoryTask> tasks = new TreeSet<>(ORDER);

    /** The only way to change the deadlines of a task: the order depends on them. */
    void set(InMemoryTask task, TaskDeadlines deadlines) {
        tasks.remove(task);
        task.deadlines = deadlines;
        if (deadlines.expiresAt().isPresent() && !task.state.isTerminal()) {
            tasks.add(task);
        }
    }

    /** The task is no longer in this store. */
    void remove(InMemoryTask task) {
        tasks.remove(task);
    }

    /** When the next of those expires that wait. */
    Optional<Instant> next() {
        return tasks.stream()
                .filter(InMemoryDeadlines::isWaiting)
                .findFirst()
                .flatMap(task -> task.deadlines.expiresAt());
    }

    /** Those that wait and whose time is over at {@code now}. */
    List<InMemoryTask> over(Instant now, int limit) {
        tasks.removeIf(task -> task.state.isTerminal());
        List<InMemoryTask> over = new ArrayList<>();
        for (InMemoryTask task : tasks) {
            if (over.size() == limit || !isOver(task, now)) {
                break;
            }
            if (isWaiting(task)) {
                over.add(task);
            }
        }
        return over;
    }

    /** Whether the time of a task is over. */
    static boolean isOver(InMemoryTask task, Instant now) {
        return task.deadlines.expiresAt().filter(time -> !time.isAfter(now)).isPresent();
    }

    private static boolean isWaiting(InMemoryTask task) {
        return !task.isTaken && !task.state.isTerminal() && task.state != TaskState.RUNNING;
    }
}
