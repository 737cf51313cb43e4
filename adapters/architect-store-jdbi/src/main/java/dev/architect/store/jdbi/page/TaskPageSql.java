package dev.architect.store.jdbi.page;

import dev.architect.store.jdbi.SqlDialect;
import dev.architect.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Statements for pages of tasks. Their parameters are {@code after} and {@code limit}, with a project {@code project}, with a time {@code from},
 * {@code until} and, in its order, {@code afterCreated}; with an end {@code end} and {@code endCreated}.
 */
public final class TaskPageSql {

    private TaskPageSql() {}

    /**
     * Returns the statement for a page.
     *
     * @param select ends before the condition on {@code task t}
     * @param hasEnd whether it walks to a place, and does not end with the list
     */
    public static String page(String select, NumberedFilter filter, boolean hasEnd) {
        return select + "WHERE t.id IN ("
                + (filter.isOfParts() && !hasEnd ? firstOf(filter) : walk(filter, hasEnd)) + ") ORDER BY "
                + (filter.isByTime() ? "t.created_at" + filter.direction() + ", " : "") + "t.id" + filter.direction();
    }

    /** Walks the key or the index by time; where that one belongs to another table, its rows lead to those of the tasks. */
    private static String walk(NumberedFilter filter, boolean hasEnd) {
        boolean isJoined = filter.isByTime() && !filter.dialect().createdIn().equals("task");
        String id = isJoined ? "w.id" : "id";
        // A plus hides a column from the choice of an index: only the one is walked that has the order of the page.
        String created = isJoined ? "w.created_at" : "created_at";
        List<String> conditions = new ArrayList<>();
        if (filter.isFew()) {
            conditions.add(id + " IN (" + allOf(filter) + ")");
            created = "+" + created;
        } else {
            filter.ofLanes("+lane").ifPresent(conditions::add);
            if (!filter.query().states().isEmpty()) {
                conditions.add("+state IN (" + filter.states() + ")");
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
        if (hasEnd) {
            conditions.add(
                    filter.isByTime()
                            ? "(" + created + ", " + id + ")" + filter.upTo() + "(:endCreated, :end)"
                            : "id" + filter.upTo() + ":end");
        }
        return "SELECT " + id + " FROM "
                + (isJoined ? filter.dialect().createdIn() + " w JOIN task s ON s.id = w.id" : "task") + " WHERE "
                + String.join(" AND ", conditions) + " ORDER BY " + order + " LIMIT :limit";
    }

    /** The row of a walk before which so many are skipped, from the index alone. */
    public static String endOfStep(NumberedFilter filter) {
        String direction = filter.direction();
        if (!filter.isByTime()) {
            return "SELECT 0 AS created_at, id FROM task WHERE id" + filter.after() + ":after ORDER BY id" + direction
                    + " LIMIT 1 OFFSET :skipped";
        }
        return "SELECT created_at, id FROM " + filter.dialect().createdIn()
                + " WHERE created_at >= :from AND created_at < :until AND (created_at, id)" + filter.after()
                + "(:afterCreated, :after) ORDER BY created_at" + direction + ", id" + direction
                + " LIMIT 1 OFFSET :skipped";
    }

    /** The number of rows of all parts, or more than {@link NumberedFilter#FEW}. */
    public static String countOfFew(NumberedFilter filter) {
        return "SELECT count(*) FROM (SELECT id FROM (" + allOf(filter) + ") AS every LIMIT " + (NumberedFilter.FEW + 1)
                + ") AS few";
    }

    /** The first ids of each part in the order, and of all of them. */
    private static String firstOf(NumberedFilter filter) {
        // A LIMIT inside a UNION needs a subquery of its own, and some databases ask for its name.
        return filter.parts().stream()
                .map(part -> pageOf(part, filter))
                .collect(Collectors.joining(
                        " UNION ALL ",
                        "SELECT id FROM (",
                        ") AS parts ORDER BY id" + filter.direction() + " LIMIT :limit"));
    }

    private static String allOf(NumberedFilter filter) {
        return filter.parts().stream().map(part -> idsOf(part, filter)).collect(Collectors.joining(" UNION ALL "));
    }

    /** The first ids of a part in the order of the page. */
    private static String pageOf(TaskPart part, NumberedFilter filter) {
        String after = filter.after() + ":after"
                + (filter.end().isPresent()
                        ? " AND id" + filter.upTo() + filter.end().getAsLong()
                        : "");
        String direction = filter.direction();
        if (isDoneOfAllProjects(part, filter)) {
            return "SELECT id FROM (SELECT o.id FROM task_project q CROSS JOIN LATERAL (SELECT id FROM task WHERE project = q.id AND "
                    + part.condition() + " AND state > 1 AND id" + after + filter.andCreated() + " ORDER BY id"
                    + direction
                    + " LIMIT :limit) AS o ORDER BY o.id" + direction + " LIMIT :limit) AS part_" + part.lane() + "_"
                    + part.state();
        }
        // A plus hides the key, whose order would lead the planner to walk it: the rows of the part are read and
        // sorted.
        String id = filter.isSorted(part) ? "+id" : "id";
        return "SELECT id FROM (" + idsOf(part, filter, id + after) + " ORDER BY " + id + direction
                + " LIMIT :limit) AS part_" + part.lane() + "_" + part.state();
    }

    private static String idsOf(TaskPart part, NumberedFilter filter) {
        return idsOf(part, filter, "");
    }

    private static String idsOf(TaskPart part, NumberedFilter filter, String condition) {
        boolean ofProject = filter.project().isPresent();
        String and = (condition.isEmpty() ? "" : " AND " + condition) + filter.andCreated();
        if (part.isRunning()) {
            // Few at any time, and in no index by lane: those of all lanes are read.
            return "SELECT id FROM task WHERE state = 1 AND +lane = " + part.lane()
                    + (ofProject ? " AND +project = :project" : "") + and;
        }
        if (filter.isReadyWithoutPages(part)) {
            String rest = (ofProject ? " AND +project = :project" : "") + and;
            if (!filter.isSorted(part)) {
                return "SELECT id FROM task WHERE +state = 0 AND +lane = " + part.lane() + rest;
            }
            String ready = "SELECT id FROM task WHERE state = 0 AND lane = " + part.lane() + " AND crashes ";
            return "SELECT id FROM (" + ready + "< 2" + rest + " UNION ALL " + ready + ">= 2" + rest + ") AS ready_"
                    + part.lane();
        }
        if (isDoneOfAllProjects(part, filter)) {
            return "SELECT id FROM task WHERE project = ANY (ARRAY(SELECT id::int FROM task_project)) AND "
                    + part.condition() + " AND state > 1" + and;
        }
        // The last condition looks redundant; the planner needs it to see that the index applies.
        return "SELECT id FROM task WHERE " + (ofProject ? "project = :project AND " : "") + part.condition()
                + (filter.dialect().hasAllPages() ? " AND state <> 1" : " AND state > 1") + and;
    }

    /** Whether only the index that begins with the project has the tasks. */
    private static boolean isDoneOfAllProjects(TaskPart part, NumberedFilter filter) {
        return part.state() == TaskState.DONE.number()
                && filter.project().isEmpty()
                && !filter.dialect().hasAllPages();
    }

    /** Returns the statement for the oldest ids of each part, and of all of them; with too many parts, the key is walked. */
    public static String oldestOf(NumberedFilter filter) {
        if (!filter.hasFewParts()) {
            return "SELECT id FROM task WHERE id > :after AND +state IN (" + filter.states() + ")"
                    + filter.ofLanes(" AND +lane").orElse("")
                    + (filter.project().isPresent() ? " AND +project = :project" : "") + filter.andCreated()
                    + " ORDER BY id LIMIT :limit";
        }
        return filter.parts().stream()
                .map(part -> pageOf(part, filter))
                .collect(Collectors.joining(" UNION ALL ", "SELECT id FROM (", ") AS parts ORDER BY id LIMIT :limit"));
    }

    /**
     * The first task of each lane and state that an index has for pages, as {@code head}, with the columns {@code lane} and {@code state}; NULL where there is
     * none. Parameters: {@code after}, and {@code project} with a project. For a database whose indexes for pages have all tasks but those that run.
     */
    public static String heads(NumberedFilter filter) {
        return "SELECT c.lane, c.state, (SELECT t.id FROM task t WHERE "
                + (filter.project().isPresent() ? "t.project = :project AND " : "")
                + "t.lane = c.lane AND t.state = c.state AND t.state <> 1 AND t.id" + filter.after()
                + ":after ORDER BY t.id" + filter.direction() + " LIMIT 1) AS head FROM "
                + filter.dialect().counts() + " AS c WHERE c.n > 0 AND c.state <> 1";
    }

    /** The condition on a part {@code c} that it may have tasks of a project: those that no index has by project may. */
    public static String andOfProject(SqlDialect dialect) {
        // The last condition is that of the index.
        return " AND (c.state " + (dialect.hasAllPages() ? "= 1" : "<= 1")
                + " OR EXISTS (SELECT 1 FROM task p WHERE p.project = :project AND p.lane = c.lane AND p.state = c.state AND p.state "
                + (dialect.hasAllPages() ? "<> 1" : "> 1") + "))";
    }
}
