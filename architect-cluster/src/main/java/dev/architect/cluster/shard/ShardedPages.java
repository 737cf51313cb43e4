package dev.architect.cluster.shard;

import dev.architect.filter.TimeRange;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Pages over several stores. Numbers of tasks grow in each store by themselves, so tasks of several stores are ordered by the time of their
 * creation, and then by id. Safe for use by several threads.
 */
final class ShardedPages {

    private static final Comparator<Task> NEWEST_FIRST =
            Comparator.comparing(Task::createdAt).thenComparing(Task::id).reversed();

    private static final int MOST = 500;

    private final StoreGroup group;

    ShardedPages(StoreGroup group) {
        this.group = group;
    }

    private List<GroupMember> readers(Optional<ProjectId> project) {
        // A store that has lost the shard would answer with an empty page.
        group.maps().refresh();
        return project.map(named -> group.readersOf(named.shard())).orElse(group.members());
    }

    /**
     * Returns a page of the one store that has a project, or of the only one; empty when several stores have tasks of it: these are merged by the
     * times of tasks that were read, and so as a whole.
     */
    Optional<TaskPage> browse(TaskQuery query) {
        List<GroupMember> readers = readers(query.project());
        return readers.size() == 1
                ? Optional.of(StoreGroup.named(
                        readers.get(0),
                        StoreGroup.Answer.of(member -> member.store().tasks().browse(query), readers.get(0))))
                : Optional.empty();
    }

    /** Returns a page of all stores, or of those that have a project. */
    List<Task> list(TaskQuery query, Function<TaskId, Optional<Task>> find) {
        List<GroupMember> readers = readers(query.project());
        if (readers.size() == 1) {
            return StoreGroup.named(
                    readers.get(0),
                    StoreGroup.Answer.of(member -> member.store().tasks().list(query), readers.get(0)));
        }
        TaskQuery byTime = query.createdFrom().isPresent() ? query : query.withCreatedFrom(Instant.EPOCH);
        Optional<Task> last = query.before().flatMap(find);
        if (query.before().isPresent() && last.isEmpty()) {
            return List.of();
        }
        Comparator<Task> order = query.order() == TaskQuery.Order.NEWEST_FIRST ? NEWEST_FIRST : NEWEST_FIRST.reversed();
        Map<TaskId, Task> tasks = new LinkedHashMap<>();
        group.ask(
                        readers,
                        member -> member.store()
                                .tasks()
                                .list(last.map(task -> after(byTime, task, member))
                                        .orElse(byTime)))
                .forEach((member, answer) -> StoreGroup.named(member, answer)
                        // The first that is asked has what counts of a task on its way.
                        .forEach(task -> tasks.putIfAbsent(task.id(), task)));
        return tasks.values().stream()
                .filter(task -> last.isEmpty() || order.compare(task, last.get()) > 0)
                .sorted(order)
                .limit(query.limit())
                .toList();
    }

    /** The store of the last task knows its place; in the others the page goes on at the time of its creation. */
    private TaskQuery after(TaskQuery query, Task last, GroupMember member) {
        if (group.of(last.id().shard()).equals(member)) {
            return query;
        }
        boolean isNewestFirst = query.order() == TaskQuery.Order.NEWEST_FIRST;
        Instant created = last.createdAt();
        TimeRange asked = new TimeRange(query.createdFrom(), query.createdBefore());
        TimeRange rest = asked.and(
                isNewestFirst
                        ? new TimeRange(Optional.empty(), Optional.of(created.plus(1, ChronoUnit.MICROS)))
                        : new TimeRange(Optional.of(created), Optional.empty()));
        return new TaskQuery(
                query.states(),
                query.lanes(),
                query.project(),
                rest.from(),
                rest.before(),
                Optional.empty(),
                MOST,
                query.order());
    }

    /** Returns ids in ascending order. */
    List<TaskId> ids(TaskFilter filter, Optional<TaskId> after, int limit) {
        return group
                .ask(readers(filter.project()), member -> member.store().tasks().ids(filter, after, limit))
                .entrySet()
                .stream()
                .map(entry -> StoreGroup.named(entry.getKey(), entry.getValue()))
                .flatMap(Collection::stream)
                .distinct()
                .sorted()
                .limit(limit)
                .toList();
    }
}
