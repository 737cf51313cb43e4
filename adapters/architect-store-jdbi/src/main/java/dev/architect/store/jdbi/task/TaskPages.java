package dev.architect.store.jdbi.task;

import dev.architect.lane.Lane.TypeInLane;
import dev.architect.maintenance.TaskFilter;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Pages of tasks, newest or oldest first. A page must not read a million rows to find fifty, so the way to it depends on what is asked for:
 *
 * <ol>
 *   <li>No condition: the key is walked.
 *   <li>Types, queues, tenants, states, a project: each pair of lane and state that has tasks has its own part of an index. The first of
 *       each are read, and of those the first.
 *   <li>A time: the index by time is walked; but if types and states leave few rows, those are read and sorted. A page of a rare kind
 *       of task in a long time reads the rows of that time.
 * </ol>
 */
final class TaskPages {

    /** So many rows are read and sorted in a few milliseconds. */
    private static final long FEW = 2_000;

    /** The most parts of one statement; SQLite takes 500. With more of them than this the key is walked. */
    private static final int MAX_PARTS = 250;

    /** So many ready tasks of one lane are sorted rather than all tasks walked, where no index for pages has them. */
    private static final long MOST_SORTED = 100_000;

    private final NumberedNames projects;
    private final SqlDialect dialect;

    TaskPages(NumberedNames projects, SqlDialect dialect) {
        this.projects = projects;
        this.dialect = dialect;
    }

    /** How many tasks a lane has in a state. */
    private record Part(long lane, int state, long count) {}

    /** The numbers of what a query names. */
    private record Filter(
            TaskQuery query, Optional<Long> project, List<Part> parts, SqlDialect dialect, boolean isById) {

        /** Whether the order is that of the times. */
        boolean isByTime() {
            return query.hasTime() && !isById;
        }

        boolean isNewestFirst() {
            return query.order() == TaskQuery.Order.NEWEST_FIRST;
        }

        String direction() {
            return isNewestFirst() ? " DESC" : "";
        }

        /** The comparison of what comes after the last one in the order. */
        String after() {
            return isNewestFirst() ? " < " : " > ";
        }

        boolean namesParts() {
            return !query.lanes().isAll() || !query.states().isEmpty();
        }

        /** The condition on a lane where lanes are named; a type is in as many lanes as there are queues and tenants with it. */
        Optional<String> ofLanes(String column) {
            return query.lanes().isAll()
                    ? Optional.empty()
                    : Optional.of(column + " IN ("
                            + parts.stream()
                                    .map(Part::lane)
                                    .distinct()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))
                            + ")");
        }

        /** The condition on the time of a row of {@code task} that is found by its id; its index would lead away from the order. */
        String andCreated() {
            if (!isById || !query.hasTime()) {
                return "";
            }
            return dialect.createdIn().equals("task")
                    ? " AND +created_at >= :from AND +created_at < :until"
                    : " AND EXISTS (SELECT 1 FROM " + dialect.createdIn()
                            + " w WHERE w.id = task.id AND w.created_at >= :from AND w.created_at < :until)";
        }

        long count() {
            return parts.stream().mapToLong(Part::count).sum();
        }
    }

    /** Returns the page; {@code reads} are the connections of the store. */
    List<Task> list(ReadConnections reads, TaskQuery query) {
        Optional<Long> project = query.project().flatMap(named -> projects.numberOf(named.name()));
        if (isUnknown(query.project(), project)) {
            return List.of();
        }
        return reads.read(handle -> list(handle, query, project));
    }

    private List<Task> list(Handle handle, TaskQuery query, Optional<Long> project) {
        Filter filter = new Filter(query, project, parts(handle, query), dialect, false);
        if (filter.count() == 0) {
            return List.of();
        }
        Optional<Long> cursorTime = Optional.empty();
        if (filter.isByTime() && query.before().isPresent()) {
            cursorTime = createdAt(handle, query.before().get());
            if (cursorTime.isEmpty()) {
                return List.of();
            }
        }
        long first = filter.isNewestFirst() ? Long.MAX_VALUE : Long.MIN_VALUE;
        Query select = handle.createQuery(select(filter))
                .bind("after", query.before().map(TaskId::value).orElse(first))
                .bind("limit", query.limit());
        if (filter.isByTime()) {
            select.bind("from", from(query, cursorTime))
                    .bind("until", until(query, cursorTime))
                    .bind("afterCreated", cursorTime.orElse(first));
        }
        project.ifPresent(number -> select.bind("project", number));
        return select.map((row, context) -> TaskRow.task(row)).list();
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
            Filter numbered = new Filter(query, project, parts(handle, query), dialect, true);
            if (numbered.count() == 0) {
                return List.of();
            }
            Query select = handle.createQuery(oldestOf(numbered))
                    .bind("after", after.map(TaskId::value).orElse(Long.MIN_VALUE))
                    .bind("limit", limit);
            if (query.hasTime()) {
                select.bind("from", from(query, Optional.empty())).bind("until", until(query, Optional.empty()));
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

    /** The oldest ids of each part, and of all of them; with too many parts, the key is walked. */
    private static String oldestOf(Filter filter) {
        if (filter.parts().size() > MAX_PARTS) {
            return "SELECT id FROM task WHERE id > :after AND +state IN (" + numbers(filter.query()) + ")"
                    + filter.ofLanes(" AND +lane").orElse("")
                    + (filter.project().isPresent() ? " AND +project = :project" : "") + filter.andCreated()
                    + " ORDER BY id LIMIT :limit";
        }
        return filter.parts().stream()
                .map(part -> pageOf(part, filter))
                .collect(Collectors.joining(" UNION ALL ", "SELECT id FROM (", ") AS parts ORDER BY id LIMIT :limit"));
    }

    private List<Part> parts(Handle handle, TaskQuery query) {
        return handle.createQuery("SELECT c.lane, c.state, c.n, l.type FROM " + dialect.counts()
                        + " AS c JOIN lane l ON l.id = c.lane WHERE c.n > 0 ORDER BY c.lane, c.state")
                .map((row, context) -> Map.entry(
                        row.getString("type"), new Part(row.getLong("lane"), row.getInt("state"), row.getLong("n"))))
                .filter(part -> query.lanes().isAll() || accepts(query.lanes(), TypeInLane.parse(part.getKey())))
                .map(Map.Entry::getValue)
                .filter(part -> query.states().isEmpty() || query.states().contains(TaskState.of(part.state())))
                .list();
    }

    private static boolean accepts(TaskLanes lanes, TypeInLane each) {
        return lanes.accepts(each.type(), each.lane().queue(), each.lane().tenant());
    }

    /** The begin of the range to walk; of the oldest first, the page begins at the cursor. */
    private static long from(TaskQuery query, Optional<Long> cursorTime) {
        long begin = query.createdFrom().map(Micros::of).orElse(Long.MIN_VALUE);
        return query.order() == TaskQuery.Order.OLDEST_FIRST
                ? cursorTime.map(last -> Math.max(begin, last)).orElse(begin)
                : begin;
    }

    /** The end of the range to walk: the page begins at the cursor, and not at the end of the range that is asked for. */
    private static long until(TaskQuery query, Optional<Long> cursorTime) {
        long end = query.createdBefore().map(Micros::of).orElse(Long.MAX_VALUE);
        return query.order() == TaskQuery.Order.NEWEST_FIRST
                ? cursorTime.map(last -> Math.min(end, last + 1)).orElse(end)
                : end;
    }

    /** When the task was accepted, or the one before it when it has been deleted. */
    private static Optional<Long> createdAt(Handle handle, TaskId id) {
        return handle.createQuery("SELECT created_at FROM task WHERE id <= ? ORDER BY id DESC LIMIT 1")
                .bind(0, id.value())
                .mapTo(Long.class)
                .findOne();
    }

    /** Returns the statement for a page; {@code parts} of the filter are the lanes and states that can have a row of it. */
    private static String select(Filter filter) {
        return TaskRow.select(filter.dialect()) + "WHERE t.id IN (" + ids(filter) + ") ORDER BY "
                + (filter.isByTime() ? "t.created_at" + filter.direction() + ", " : "") + "t.id" + filter.direction();
    }

    private static String ids(Filter filter) {
        boolean hasFewParts = filter.parts().size() <= MAX_PARTS;
        if (!filter.isByTime()
                && hasFewParts
                && (filter.namesParts() || filter.project().isPresent())) {
            return firstOf(filter);
        }
        return walk(filter, hasFewParts);
    }

    /** Walks the key or the index by time; where that one belongs to another table, its rows lead to those of the tasks. */
    private static String walk(Filter filter, boolean hasFewParts) {
        boolean isJoined = filter.isByTime() && !filter.dialect().createdIn().equals("task");
        String id = isJoined ? "w.id" : "id";
        // A plus hides a column from the choice of an index: only the one is walked that has the order of the page.
        String created = isJoined ? "w.created_at" : "created_at";
        List<String> conditions = new ArrayList<>();
        if (filter.namesParts() && hasFewParts && filter.count() <= FEW) {
            conditions.add(id + " IN (" + allOf(filter) + ")");
            created = "+" + created;
        } else {
            filter.ofLanes("+lane").ifPresent(conditions::add);
            if (!filter.query().states().isEmpty()) {
                conditions.add("+state IN (" + numbers(filter.query()) + ")");
            }
            filter.project().ifPresent(number -> conditions.add("+project = :project"));
        }
        String order = id + filter.direction();
        if (filter.isByTime()) {
            order = created + filter.direction() + ", " + id + filter.direction();
            conditions.add(created + " >= :from AND " + created + " < :until");
            conditions.add("(" + created + ", " + id + ")" + filter.after() + "(:afterCreated, :after)");
        } else {
            conditions.add("id" + filter.after() + ":after");
        }
        return "SELECT " + id + " FROM "
                + (isJoined ? filter.dialect().createdIn() + " w JOIN task s ON s.id = w.id" : "task") + " WHERE "
                + String.join(" AND ", conditions) + " ORDER BY " + order + " LIMIT :limit";
    }

    private static String numbers(TaskQuery query) {
        return query.states().stream()
                .sorted()
                .map(state -> Integer.toString(state.number()))
                .collect(Collectors.joining(", "));
    }

    /** The first ids of each part in the order, and of all of them. */
    private static String firstOf(Filter filter) {
        // A LIMIT inside a UNION needs a subquery of its own, and some databases ask for its name.
        return filter.parts().stream()
                .map(part -> pageOf(part, filter))
                .collect(Collectors.joining(
                        " UNION ALL ",
                        "SELECT id FROM (",
                        ") AS parts ORDER BY id" + filter.direction() + " LIMIT :limit"));
    }

    private static String allOf(Filter filter) {
        return filter.parts().stream().map(part -> idsOf(part, filter)).collect(Collectors.joining(" UNION ALL "));
    }

    /** The first ids of a part in the order of the page. */
    private static String pageOf(Part part, Filter filter) {
        String after = filter.after() + ":after";
        String direction = filter.direction();
        if (isDoneOfAllProjects(part, filter)) {
            return "SELECT id FROM (SELECT o.id FROM task_project q CROSS JOIN LATERAL (SELECT id FROM task WHERE project = q.id AND "
                    + inLane(part) + " AND state > 1 AND id" + after + filter.andCreated() + " ORDER BY id" + direction
                    + " LIMIT :limit) AS o ORDER BY o.id" + direction + " LIMIT :limit) AS part_" + part.lane() + "_"
                    + part.state();
        }
        // A plus hides the key, whose order would lead the planner to walk it: the rows of the part are read and
        // sorted.
        String id = isSorted(part, filter) ? "+id" : "id";
        return "SELECT id FROM (" + idsOf(part, filter, id + after) + " ORDER BY " + id + direction
                + " LIMIT :limit) AS part_" + part.lane() + "_" + part.state();
    }

    private static String idsOf(Part part, Filter filter) {
        return idsOf(part, filter, "");
    }

    private static String idsOf(Part part, Filter filter, String condition) {
        boolean ofProject = filter.project().isPresent();
        String and = (condition.isEmpty() ? "" : " AND " + condition) + filter.andCreated();
        if (isRunning(part)) {
            // Few at any time, and in no index by lane: those of all lanes are read.
            return "SELECT id FROM task WHERE state = 1 AND +lane = " + part.lane()
                    + (ofProject ? " AND +project = :project" : "") + and;
        }
        if (isReadyWithoutPages(part, filter)) {
            String rest = (ofProject ? " AND +project = :project" : "") + and;
            if (!isSorted(part, filter)) {
                return "SELECT id FROM task WHERE +state = 0 AND +lane = " + part.lane() + rest;
            }
            String ready = "SELECT id FROM task WHERE state = 0 AND lane = " + part.lane() + " AND crashes ";
            return "SELECT id FROM (" + ready + "< 2" + rest + " UNION ALL " + ready + ">= 2" + rest + ") AS ready_"
                    + part.lane();
        }
        if (isDoneOfAllProjects(part, filter)) {
            return "SELECT id FROM task WHERE project = ANY (ARRAY(SELECT id::int FROM task_project)) AND "
                    + inLane(part) + " AND state > 1" + and;
        }
        // The last condition looks redundant; the planner needs it to see that the index applies.
        return "SELECT id FROM task WHERE " + (ofProject ? "project = :project AND " : "") + inLane(part)
                + (filter.dialect().hasAllPages() ? " AND state <> 1" : " AND state > 1") + and;
    }

    private static String inLane(Part part) {
        return "lane = " + part.lane() + " AND state = " + part.state();
    }

    /** Whether only the index that begins with the project has the tasks. */
    private static boolean isDoneOfAllProjects(Part part, Filter filter) {
        return part.state() == TaskState.DONE.number()
                && filter.project().isEmpty()
                && !filter.dialect().hasAllPages();
    }

    private static boolean isRunning(Part part) {
        return part.state() == TaskState.RUNNING.number();
    }

    private static boolean isReadyWithoutPages(Part part, Filter filter) {
        return part.state() == TaskState.READY.number() && !filter.dialect().hasAllPages();
    }

    /** Whether the rows of a part are read and sorted; else an index has them in the order of the page. */
    private static boolean isSorted(Part part, Filter filter) {
        return isRunning(part) || (isReadyWithoutPages(part, filter) && part.count() <= MOST_SORTED);
    }

    /** The statement for tests of its plan. */
    static String selectForPlan(TaskQuery query, long lane, long project, long count) {
        List<Part> parts = Arrays.stream(TaskState.values())
                .filter(state -> query.states().isEmpty() || query.states().contains(state))
                .map(state -> new Part(lane, state.number(), count))
                .toList();
        return select(new Filter(query, query.project().map(named -> project), parts, SqlDialect.SQLITE, false));
    }

    /** The statement for ids in so many lanes, for tests of its plan. */
    static String idsForPlan(TaskFilter filter, long firstLane, long project, int lanes) {
        TaskQuery query = query(filter);
        List<Part> parts = LongStream.range(firstLane, firstLane + lanes)
                .boxed()
                .flatMap(lane -> query.states().stream().map(state -> new Part(lane, state.number(), 1)))
                .toList();
        return oldestOf(new Filter(query, query.project().map(named -> project), parts, SqlDialect.SQLITE, true));
    }
}
