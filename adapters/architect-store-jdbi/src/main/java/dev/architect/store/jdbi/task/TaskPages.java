package dev.architect.store.jdbi.task;

import dev.architect.lane.Lane.TypeInLane;
import dev.architect.maintenance.TaskFilter;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.page.NumberedFilter;
import dev.architect.store.jdbi.page.TaskPageSql;
import dev.architect.store.jdbi.page.TaskPart;
import dev.architect.store.jdbi.page.TaskPlace;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskPage;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Pages of tasks, newest or oldest first. A page must not read a million rows to find fifty, so the way to it depends on what is asked for:
 *
 * <ol>
 *   <li>No condition: the key is walked.
 *   <li>Types, queues, tenants, states, a project: each pair of lane and state that has tasks has its own part of an index. The first of
 *       each are read, and of those the first. Of many parts, one look finds the first task of each: only as many parts as the page has
 *       tasks can have one of them. When the parts have much of all tasks, the key is walked a little first: mostly that fills the page.
 *   <li>A time: the index by time is walked; but if types, states and project leave few rows, those are read and sorted. A page of a
 *       rare kind of task in a long time reads the rows of that time.
 * </ol>
 *
 * <p>Whoever waits for a page browses: a walk ends after {@link #MOST_LOOKED_AT} rows, with the place where the next one goes on. It is made in
 * growing steps, each of which first finds its end in the index alone, so the usual page, which is full soon, costs no more.
 */
final class TaskPages {

    /** Rows of one walk of a page that is waited for. */
    private static final int MOST_LOOKED_AT = 8_000;

    /** So many rows are walked first when most pages are full by then. */
    private static final int DENSE_STEP = 1_000;

    private static final int FIRST_STEP = 500;
    private static final int STEP_FACTOR = 4;

    private final NumberedNames projects;
    private final SqlDialect dialect;

    TaskPages(NumberedNames projects, SqlDialect dialect) {
        this.projects = projects;
        this.dialect = dialect;
    }

    /** Returns the page; {@code reads} are the connections of the store. */
    List<Task> list(ReadConnections reads, TaskQuery query) {
        Optional<Long> project = query.project().flatMap(named -> projects.numberOf(named.name()));
        if (isUnknown(query.project(), project)) {
            return List.of();
        }
        return reads.read(handle -> {
            NumberedFilter filter = filter(handle, query, project, false);
            return place(handle, filter)
                    .map(after -> tasks(handle, filter, after, Optional.empty(), query.limit()))
                    .orElse(List.of());
        });
    }

    /** Returns the page of a bounded number of rows. */
    TaskPage browse(ReadConnections reads, TaskQuery query) {
        Optional<Long> project = query.project().flatMap(named -> projects.numberOf(named.name()));
        if (isUnknown(query.project(), project)) {
            return TaskPage.NONE;
        }
        // In one transaction, so that all steps see the same rows.
        return reads.read(handle -> handle.inTransaction(snapshot -> {
            NumberedFilter filter = filter(snapshot, query, project, false);
            return place(snapshot, filter)
                    .map(after -> filter.isWalk()
                            ? walk(snapshot, filter, after)
                            : TaskPage.of(
                                    tasks(snapshot, filter, after, Optional.empty(), query.limit() + 1), query.limit()))
                    .orElse(TaskPage.NONE);
        }));
    }

    private TaskPage walk(Handle handle, NumberedFilter filter, TaskPlace after) {
        int limit = filter.query().limit();
        List<Task> found = new ArrayList<>();
        TaskPlace at = after;
        int lookedAt = 0;
        int step = FIRST_STEP;
        while (lookedAt < MOST_LOOKED_AT) {
            Optional<TaskPlace> end = end(handle, filter, at, step);
            found.addAll(tasks(handle, filter, at, end, limit + 1 - found.size()));
            if (found.size() > limit || end.isEmpty()) {
                return TaskPage.of(found, limit);
            }
            at = end.get();
            lookedAt += step;
            step = Math.min(step * STEP_FACTOR, Math.max(1, MOST_LOOKED_AT - lookedAt));
        }
        return new TaskPage(found, Optional.of(new TaskId(at.id())));
    }

    /** The last of the next {@code step} rows of a walk; empty when there are fewer. */
    private static Optional<TaskPlace> end(Handle handle, NumberedFilter filter, TaskPlace after, int step) {
        Query select = handle.createQuery(TaskPageSql.endOfStep(filter))
                .bind("after", after.id())
                .bind("skipped", step - 1);
        if (filter.isByTime()) {
            bindTime(select, filter, after, Optional.empty());
        }
        return select.map((row, context) -> new TaskPlace(row.getLong("created_at"), row.getLong("id")))
                .findOne();
    }

    /** Where the page begins; empty when it can have no task. */
    private static Optional<TaskPlace> place(Handle handle, NumberedFilter filter) {
        if (filter.count() == 0) {
            return Optional.empty();
        }
        Optional<TaskId> last = filter.query().before();
        if (last.isEmpty()) {
            return Optional.of(filter.begin());
        }
        long id = last.get().value();
        return filter.isByTime()
                ? createdAt(handle, last.get()).map(created -> new TaskPlace(created, id))
                : Optional.of(new TaskPlace(filter.begin().created(), id));
    }

    private NumberedFilter filter(Handle handle, TaskQuery query, Optional<Long> project, boolean isById) {
        Parts parts = parts(handle, query, Optional.empty());
        if (project.isPresent() && parts.chosen().size() > NumberedFilter.MAX_PARTS) {
            parts = parts(handle, query, project);
        }
        NumberedFilter filter = NumberedFilter.of(query, project, parts.chosen(), parts.total(), dialect, isById);
        return filter.isByTime() && filter.hasFewParts() && isFew(handle, filter) ? filter.ofFew() : filter;
    }

    private static boolean isFew(Handle handle, NumberedFilter filter) {
        if (filter.count() <= NumberedFilter.FEW) {
            return filter.namesParts();
        }
        // Where no index has the ready ones of a project, counting them reads all that are ready.
        boolean isCounted = filter.project().isPresent()
                && filter.parts().stream()
                        .noneMatch(part -> filter.isReadyWithoutPages(part) && part.count() > NumberedFilter.FEW);
        return isCounted
                && handle.createQuery(TaskPageSql.countOfFew(filter))
                                .bind("project", filter.project().get())
                                .mapTo(Long.class)
                                .one()
                        <= NumberedFilter.FEW;
    }

    /**
     * Returns the tasks of one page.
     *
     * @param after where it begins
     * @param end its last row at most; empty for the end of the list
     */
    private static List<Task> tasks(
            Handle handle, NumberedFilter filter, TaskPlace after, Optional<TaskPlace> end, int limit) {
        if (end.isEmpty() && filter.isDense(DENSE_STEP, limit)) {
            Optional<TaskPlace> step = end(handle, filter, after, DENSE_STEP);
            List<Task> found =
                    step.map(last -> read(handle, filter, after, step, limit)).orElse(List.of());
            if (found.size() == limit) {
                return found;
            }
        }
        NumberedFilter leading = filter.hasManyParts() ? leading(handle, filter, after, limit) : filter;
        List<TaskPart> parts = leading.parts();
        if (!filter.isOfParts() || parts.size() <= NumberedFilter.MAX_PARTS) {
            return parts.isEmpty() ? List.of() : read(handle, leading, after, end, limit);
        }
        List<Task> all = new ArrayList<>();
        for (int from = 0; from < parts.size(); from += NumberedFilter.MAX_PARTS) {
            int to = Math.min(parts.size(), from + NumberedFilter.MAX_PARTS);
            all.addAll(read(handle, leading.withParts(parts.subList(from, to)), after, end, limit));
        }
        Comparator<Task> byId = Comparator.comparing(Task::id);
        return all.stream()
                .sorted(filter.isNewestFirst() ? byId.reversed() : byId)
                .limit(limit)
                .toList();
    }

    /** The first task of a part. */
    private record Head(TaskPart part, long id) {}

    /**
     * The parts that can have a task of the page: the first ones by their first tasks, and those that run. When there are as many first
     * tasks as the page has, none comes after the last of them.
     */
    private static NumberedFilter leading(Handle handle, NumberedFilter filter, TaskPlace after, int limit) {
        Map<List<Long>, TaskPart> wanted = new HashMap<>();
        filter.parts().forEach(part -> wanted.put(List.of(part.lane(), (long) part.state()), part));
        Query select = handle.createQuery(TaskPageSql.heads(filter)).bind("after", after.id());
        filter.project().ifPresent(number -> select.bind("project", number));
        Comparator<Head> byId = Comparator.comparingLong(Head::id);
        List<Head> heads = select.map((row, context) -> head(row, wanted)).list().stream()
                .flatMap(Optional::stream)
                .sorted(filter.isNewestFirst() ? byId.reversed() : byId)
                .limit(limit)
                .toList();
        List<TaskPart> leading = new ArrayList<>(heads.stream().map(Head::part).toList());
        filter.parts().stream().filter(TaskPart::isRunning).forEach(leading::add);
        NumberedFilter chosen = filter.withParts(leading);
        return heads.size() < limit
                ? chosen
                : chosen.endingAt(heads.get(heads.size() - 1).id());
    }

    private static Optional<Head> head(ResultSet row, Map<List<Long>, TaskPart> wanted) throws SQLException {
        long id = row.getLong("head");
        boolean isThere = !row.wasNull();
        return Optional.ofNullable(wanted.get(List.of(row.getLong("lane"), row.getLong("state"))))
                .filter(part -> isThere)
                .map(part -> new Head(part, id));
    }

    private static List<Task> read(
            Handle handle, NumberedFilter filter, TaskPlace after, Optional<TaskPlace> end, int limit) {
        Query select = handle.createQuery(TaskPageSql.page(TaskRow.select(filter.dialect()), filter, end.isPresent()))
                .bind("after", after.id())
                .bind("limit", limit);
        if (filter.isByTime()) {
            bindTime(select, filter, after, end);
        }
        end.ifPresent(last -> {
            select.bind("end", last.id());
            if (filter.isByTime()) {
                select.bind("endCreated", last.created());
            }
        });
        filter.project().ifPresent(number -> select.bind("project", number));
        return select.map((row, context) -> TaskRow.task(row)).list();
    }

    private static void bindTime(Query select, NumberedFilter filter, TaskPlace after, Optional<TaskPlace> end) {
        select.bind("from", filter.from(after, end))
                .bind("until", filter.until(after, end))
                .bind("afterCreated", after.created());
    }

    /** Whether no task has ever had what a query names. */
    private static boolean isUnknown(Optional<?> named, Optional<Long> number) {
        return named.isPresent() && number.isEmpty();
    }

    /** Returns ids of tasks that pass a filter, in ascending order from the one after {@code after}. */
    List<TaskId> ids(ReadConnections reads, TaskFilter filter, Optional<TaskId> after, int limit) {
        TaskQuery query = query(filter);
        Optional<Long> project = query.project().flatMap(named -> projects.numberOf(named.name()));
        if (isUnknown(query.project(), project)) {
            return List.of();
        }
        return reads.read(handle -> {
            NumberedFilter numbered = filter(handle, query, project, true);
            if (numbered.count() == 0) {
                return List.of();
            }
            Query select = handle.createQuery(TaskPageSql.oldestOf(numbered))
                    .bind("after", after.map(TaskId::value).orElse(Long.MIN_VALUE))
                    .bind("limit", limit);
            if (query.hasTime()) {
                select.bind("from", numbered.earliest()).bind("until", numbered.latest());
            }
            project.ifPresent(number -> select.bind("project", number));
            return select.map((row, context) -> new TaskId(row.getLong("id"))).list();
        });
    }

    private static TaskQuery query(TaskFilter filter) {
        return new TaskQuery(
                filter.states(),
                filter.lanes(),
                filter.project(),
                filter.created().from(),
                filter.created().before(),
                Optional.empty(),
                1,
                TaskQuery.Order.OLDEST_FIRST);
    }

    /** The parts that may have what a query names; with a project, those that have tasks of it, and those that no index has by project. */
    private Parts parts(Handle handle, TaskQuery query, Optional<Long> project) {
        Query select = handle.createQuery("SELECT c.lane, c.state, c.n, l.type FROM " + dialect.counts()
                + " AS c JOIN lane l ON l.id = c.lane WHERE c.n > 0"
                + (project.isPresent() ? TaskPageSql.andOfProject(dialect) : "")
                + " ORDER BY c.lane, c.state");
        project.ifPresent(number -> select.bind("project", number));
        List<Map.Entry<String, TaskPart>> all = select.map((row, context) -> Map.entry(
                        row.getString("type"),
                        new TaskPart(row.getLong("lane"), row.getInt("state"), row.getLong("n"))))
                .list();
        List<TaskPart> chosen = all.stream()
                .filter(part -> query.lanes().isAll() || accepts(query.lanes(), TypeInLane.parse(part.getKey())))
                .map(Map.Entry::getValue)
                .filter(part -> query.states().isEmpty() || query.states().contains(TaskState.of(part.state())))
                .toList();
        return new Parts(
                chosen, all.stream().mapToLong(part -> part.getValue().count()).sum());
    }

    /**
     * Parts that may have what a query names.
     *
     * @param total how many tasks all parts have
     */
    private record Parts(List<TaskPart> chosen, long total) {}

    private static boolean accepts(TaskLanes lanes, TypeInLane each) {
        return lanes.accepts(each.type(), each.lane().queue(), each.lane().tenant());
    }

    /** When the task was accepted, or the one before it when it has been deleted. */
    private static Optional<Long> createdAt(Handle handle, TaskId id) {
        return handle.createQuery("SELECT created_at FROM task WHERE id <= ? ORDER BY id DESC LIMIT 1")
                .bind(0, id.value())
                .mapTo(Long.class)
                .findOne();
    }

    private static NumberedFilter filterForPlan(TaskQuery query, long lane, long project, long count) {
        List<TaskPart> parts = Arrays.stream(TaskState.values())
                .filter(state -> query.states().isEmpty() || query.states().contains(state))
                .map(state -> new TaskPart(lane, state.number(), count))
                .toList();
        NumberedFilter filter =
                NumberedFilter.of(query, query.project().map(named -> project), parts, 0, SqlDialect.SQLITE, false);
        boolean isFew = filter.isByTime() && filter.namesParts() && filter.count() <= NumberedFilter.FEW;
        return isFew ? filter.ofFew() : filter;
    }

    /** The statement for tests of its plan. */
    static String selectForPlan(TaskQuery query, long lane, long project, long count) {
        return TaskPageSql.page(TaskRow.select(SqlDialect.SQLITE), filterForPlan(query, lane, project, count), false);
    }

    /** The statements of a step of a walk, for tests of their plans: its end, and its tasks. */
    static List<String> stepForPlan(TaskQuery query, long lane, long project, long count) {
        NumberedFilter filter = filterForPlan(query, lane, project, count);
        return List.of(
                TaskPageSql.endOfStep(filter), TaskPageSql.page(TaskRow.select(SqlDialect.SQLITE), filter, true));
    }

    /** The statement that finds the first task of each part, for tests of its plan. */
    static String headsForPlan(TaskQuery query, long lane, long project) {
        return TaskPageSql.heads(filterForPlan(query, lane, project, 1));
    }

    /** The statement that counts the tasks of a project as far as they are few, for tests of its plan. */
    static String countForPlan(TaskQuery query, long lane, long project) {
        return TaskPageSql.countOfFew(filterForPlan(query, lane, project, 1));
    }

    /** The statement for ids in so many lanes, for tests of its plan. */
    static String idsForPlan(TaskFilter filter, long firstLane, long project, int lanes) {
        TaskQuery query = query(filter);
        List<TaskPart> parts = LongStream.range(firstLane, firstLane + lanes)
                .boxed()
                .flatMap(lane -> query.states().stream().map(state -> new TaskPart(lane, state.number(), 1)))
                .toList();
        return TaskPageSql.oldestOf(
                NumberedFilter.of(query, query.project().map(named -> project), parts, 0, SqlDialect.SQLITE, true));
    }
}
