package dev.architect.store.memory;

import dev.architect.maintenance.TaskFilter;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.stream.Stream;

/** Pages of tasks in their orders. Guarded by the store's lock. */
final class InMemoryTaskPages {

    private static final Comparator<InMemoryTask> CREATION_ORDER =
            Comparator.<InMemoryTask, Instant>comparing(task -> task.createdAt).thenComparing(task -> task.id);

    private final NavigableMap<TaskId, InMemoryTask> tasks;

    /** Creates it; {@code tasks} are those of the store. */
    InMemoryTaskPages(NavigableMap<TaskId, InMemoryTask> tasks) {
        this.tasks = tasks;
    }

    List<Task> list(TaskQuery query) {
        boolean isNewestFirst = query.order() == TaskQuery.Order.NEWEST_FIRST;
        Stream<InMemoryTask> inOrder = (isNewestFirst ? tasks.descendingMap() : tasks).values().stream();
        if (query.hasTime()) {
            inOrder = inOrder.sorted(isNewestFirst ? CREATION_ORDER.reversed() : CREATION_ORDER);
        }
        return inOrder.filter(task -> isAfter(task, query))
                .filter(task -> matches(task, query))
                .limit(query.limit())
                .map(InMemoryTask::toTask)
                .toList();
    }

    private boolean isAfter(InMemoryTask task, TaskQuery query) {
        if (query.before().isEmpty()) {
            return true;
        }
        TaskId before = query.before().get();
        boolean isNewestFirst = query.order() == TaskQuery.Order.NEWEST_FIRST;
        if (!query.hasTime()) {
            return isBehind(task.id.compareTo(before), isNewestFirst);
        }
        Map.Entry<TaskId, InMemoryTask> last = tasks.floorEntry(before);
        return last != null && isBehind(CREATION_ORDER.compare(task, last.getValue()), isNewestFirst);
    }

    private static boolean isBehind(int compared, boolean isNewestFirst) {
        return isNewestFirst ? compared < 0 : compared > 0;
    }

    private static boolean matches(InMemoryTask task, TaskQuery query) {
        return (query.states().isEmpty() || query.states().contains(task.state))
                && query.lanes().accepts(task.request)
                && query.project().stream().allMatch(task.request.attribution().project()::equals)
                && query.createdFrom().stream().noneMatch(task.createdAt::isBefore)
                && query.createdBefore().stream().allMatch(task.createdAt::isBefore);
    }

    /** The ids of those that a filter matches, in the order of the ids. */
    List<TaskId> ids(TaskFilter filter, Optional<TaskId> after, int limit) {
        return after.map(last -> tasks.tailMap(last, false)).orElse(tasks).values().stream()
                .filter(task -> filter.matches(task.toTask()))
                .limit(limit)
                .map(task -> task.id)
                .toList();
    }
}
