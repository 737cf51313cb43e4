package dev.architect.store.jdbi.page;

import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.task.TaskQuery;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The numbers of what a query of tasks names. Immutable.
 *
 * @param query what is asked for
 * @param project the number of the project that it names
 * @param parts the lanes and states that can have a row of it
 * @param total how many rows there are at all, about
 * @param dialect the database
 * @param isById whether the order is that of the ids, also with a time
 * @param isFew whether so few rows are left without the time that these are read and sorted
 * @param end the last id that a row of the page can have, in its order; empty when that is not known
 */
public record NumberedFilter(
        TaskQuery query,
        Optional<Long> project,
        List<TaskPart> parts,
        long total,
        SqlDialect dialect,
        boolean isById,
        boolean isFew,
        OptionalLong end) {

    /** So many rows are read and sorted in a few milliseconds. */
    public static final long FEW = 2_000;

    /** The most parts of one statement; SQLite takes 500. */
    public static final int MAX_PARTS = 250;

    /** Where not every task is in an index for pages, the most parts of a page, in several statements. With more of them than this the key is walked. */
    private static final int MOST_PARTS = 2_500;

    /** Of more parts than this, those are looked for that can have a task of the page. */
    private static final int MANY_PARTS = 12;

    /** So many ready tasks of one lane are sorted rather than all tasks walked, where no index for pages has them. */
    private static final long MOST_SORTED = 100_000;

    /** Copies the parts. */
    public NumberedFilter {
        parts = List.copyOf(parts);
    }

    /** Returns a filter of which it is not known whether it leaves few rows. */
    public static NumberedFilter of(
            TaskQuery query,
            Optional<Long> project,
            List<TaskPart> parts,
            long total,
            SqlDialect dialect,
            boolean isById) {
        return new NumberedFilter(query, project, parts, total, dialect, isById, false, OptionalLong.empty());
    }

    /** Returns the filter of one that leaves few rows. */
    public NumberedFilter ofFew() {
        return new NumberedFilter(query, project, parts, total, dialect, isById, true, end);
    }

    /** Returns the filter for some of its parts. */
    public NumberedFilter withParts(List<TaskPart> some) {
        return new NumberedFilter(query, project, some, total, dialect, isById, isFew, end);
    }

    /** Returns the filter of a page whose rows all have that id or one before it. */
    public NumberedFilter endingAt(long id) {
        return new NumberedFilter(query, project, parts, total, dialect, isById, isFew, OptionalLong.of(id));
    }

    /** Whether lanes or states are named. */
    public boolean namesParts() {
        return !query.lanes().isAll() || !query.states().isEmpty();
    }

    private boolean hasConditions() {
        return namesParts() || project.isPresent();
    }

    /** Whether one statement has all parts. */
    public boolean hasFewParts() {
        return parts.size() <= MAX_PARTS;
    }

    /** Whether the rows of parts are read, and no walk is made. */
    public boolean isOfParts() {
        return !isByTime() && hasConditions() && (dialect.hasAllPages() || parts.size() <= MOST_PARTS);
    }

    /** Whether it is worth while to leave out parts that can have no task of the page. */
    public boolean hasManyParts() {
        return isOfParts() && dialect.hasAllPages() && parts.size() > MANY_PARTS;
    }

    /** Whether so many of all rows meet the conditions that the next {@code step} ones are likely to have a page of {@code limit}. */
    public boolean isDense(int step, int limit) {
        return hasManyParts() && project.isEmpty() && count() * step >= 2L * limit * total;
    }

    /** Whether rows are looked at that do not meet the conditions. */
    public boolean isWalk() {
        return isByTime() ? !isFew : hasConditions() && !isOfParts();
    }

    /** Whether the order is that of the times. */
    public boolean isByTime() {
        return query.hasTime() && !isById;
    }

    /** Whether the newest come first. */
    public boolean isNewestFirst() {
        return query.order() == TaskQuery.Order.NEWEST_FIRST;
    }

    /** How many rows the parts have, whatever their project and their time. */
    public long count() {
        return parts.stream().mapToLong(TaskPart::count).sum();
    }

    /** Whether no index for pages has the rows of a part. */
    public boolean isReadyWithoutPages(TaskPart part) {
        return part.isReady() && !dialect.hasAllPages();
    }

    /** Whether the rows of a part are read and sorted; else an index has them in the order of the page. */
    boolean isSorted(TaskPart part) {
        return part.isRunning() || (isReadyWithoutPages(part) && part.count() <= MOST_SORTED);
    }

    /** The place before the first task. */
    public TaskPlace begin() {
        long first = isNewestFirst() ? Long.MAX_VALUE : Long.MIN_VALUE;
        return new TaskPlace(first, first);
    }

    /** The earliest time of the query, in microseconds. */
    public long earliest() {
        return query.createdFrom().map(Micros::of).orElse(Long.MIN_VALUE);
    }

    /** The end of the time of the query, in microseconds. */
    public long latest() {
        return query.createdBefore().map(Micros::of).orElse(Long.MAX_VALUE);
    }

    /** The begin of the range of times to walk from a place to an end; of the oldest first, the walk begins at the place. */
    public long from(TaskPlace after, Optional<TaskPlace> end) {
        return isNewestFirst()
                ? end.map(last -> Math.max(earliest(), last.created())).orElse(earliest())
                : Math.max(earliest(), after.created());
    }

    /** The end of that range: the walk begins at the place, and not at the end of the range that is asked for. */
    public long until(TaskPlace after, Optional<TaskPlace> end) {
        if (!isNewestFirst()) {
            return end.map(last -> Math.min(latest(), last.created() + 1)).orElse(latest());
        }
        return after.created() == Long.MAX_VALUE ? latest() : Math.min(latest(), after.created() + 1);
    }

    String direction() {
        return isNewestFirst() ? " DESC" : "";
    }

    /** The comparison of what comes after the last one in the order. */
    String after() {
        return isNewestFirst() ? " < " : " > ";
    }

    /** The comparison of what comes before the end in the order, or is there. */
    String upTo() {
        return isNewestFirst() ? " >= " : " <= ";
    }

    /** The numbers of the states that are named, for a list of them. */
    String states() {
        return query.states().stream()
                .sorted()
                .map(state -> Integer.toString(state.number()))
                .collect(Collectors.joining(", "));
    }

    /** The condition on a lane where lanes are named; a type is in as many lanes as there are queues and tenants with it. */
    Optional<String> ofLanes(String column) {
        return query.lanes().isAll()
                ? Optional.empty()
                : Optional.of(column + " IN ("
                        + parts.stream()
                                .map(TaskPart::lane)
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
}
