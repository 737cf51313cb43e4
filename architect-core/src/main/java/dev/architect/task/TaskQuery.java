package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.filter.NameFilter;
import dev.architect.project.ProjectId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks to list: those that fulfil every condition, in order of their creation. Immutable; its {@code with} methods return changed copies.
 *
 * @param states only tasks in these states; empty means all
 * @param lanes only tasks of these lanes
 * @param project only tasks of this project; empty means all
 * @param createdFrom only tasks accepted at this time or later, by the store's clock; empty means all
 * @param createdBefore only tasks accepted before this time; empty means all
 * @param before only tasks after this one in the order, to read the next page; empty starts at the first
 * @param limit the most tasks to return, 1 to 500
 * @param order which come first
 */
public record TaskQuery(
        Set<TaskState> states,
        TaskLanes lanes,
        Optional<ProjectId> project,
        Optional<Instant> createdFrom,
        Optional<Instant> createdBefore,
        Optional<TaskId> before,
        int limit,
        Order order) {

    /** The largest {@link #limit}. */
    public static final int MAX_LIMIT = 500;

    /** The order of a list. */
    public enum Order {
        /** From the newest to the oldest. */
        NEWEST_FIRST,
        /** From the oldest to the newest. */
        OLDEST_FIRST
    }

    /** Copies the states and checks every field. */
    public TaskQuery {
        states = Check.noNulls("states", states).isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(states));
        Check.notNull("lanes", lanes);
        Check.notNull("project", project);
        Check.notNull("createdFrom", createdFrom);
        Check.notNull("createdBefore", createdBefore);
        Check.notNull("before", before);
        Check.range("limit", limit, 1, MAX_LIMIT);
        Check.notNull("order", order);
    }

    /** Returns a query for the newest tasks. */
    public static TaskQuery newest(int limit) {
        return new TaskQuery(
                Set.of(),
                TaskLanes.ALL,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                limit,
                Order.NEWEST_FIRST);
    }

    /** Whether a time of creation is among the conditions. */
    public boolean hasTime() {
        return createdFrom.isPresent() || createdBefore.isPresent();
    }

    /** Returns a copy for tasks in these states; none means all. */
    public TaskQuery withStates(Set<TaskState> changed) {
        return new TaskQuery(changed, lanes, project, createdFrom, createdBefore, before, limit, order);
    }

    /** Returns a copy for tasks of one type. */
    public TaskQuery withType(String changed) {
        return withLanes(new TaskLanes(NameFilter.of(Check.notNull("type", changed)), lanes.queues(), lanes.tenants()));
    }

    /** Returns a copy for tasks of some lanes. */
    public TaskQuery withLanes(TaskLanes changed) {
        return new TaskQuery(states, changed, project, createdFrom, createdBefore, before, limit, order);
    }

    /** Returns a copy for tasks of one project. */
    public TaskQuery withProject(ProjectId changed) {
        return new TaskQuery(
                states,
                lanes,
                Optional.of(Check.notNull("project", changed)),
                createdFrom,
                createdBefore,
                before,
                limit,
                order);
    }

    /** Returns a copy for tasks accepted at {@code changed} or later. */
    public TaskQuery withCreatedFrom(Instant changed) {
        return new TaskQuery(
                states,
                lanes,
                project,
                Optional.of(Check.notNull("createdFrom", changed)),
                createdBefore,
                before,
                limit,
                order);
    }

    /** Returns a copy for tasks accepted before {@code changed}. */
    public TaskQuery withCreatedBefore(Instant changed) {
        return new TaskQuery(
                states,
                lanes,
                project,
                createdFrom,
                Optional.of(Check.notNull("createdBefore", changed)),
                before,
                limit,
                order);
    }

    /** Returns a copy that lists in another order. */
    public TaskQuery withOrder(Order changed) {
        return new TaskQuery(states, lanes, project, createdFrom, createdBefore, before, limit, changed);
    }

    /** Returns a copy that lists more or fewer tasks. */
    public TaskQuery withLimit(int changed) {
        return new TaskQuery(states, lanes, project, createdFrom, createdBefore, before, changed, order);
    }

    /** Returns a copy for the page after the one that ended with {@code last}. */
    public TaskQuery after(TaskId last) {
        return new TaskQuery(
                states,
                lanes,
                project,
                createdFrom,
                createdBefore,
                Optional.of(Check.notNull("last", last)),
                limit,
                order);
    }
}
