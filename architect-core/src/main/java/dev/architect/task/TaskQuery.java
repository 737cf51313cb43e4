package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks to list: those that fulfil every condition, newest first. Immutable; its {@code with} methods return changed copies.
 *
 * @param states only tasks in these states; empty means all
 * @param type only tasks of this type; empty means all
 * @param project only tasks of this project; empty means all
 * @param createdFrom only tasks accepted at this time or later, by the store's clock; empty means all
 * @param createdBefore only tasks accepted before this time; empty means all
 * @param before only tasks after this one in the order, to read the next page; empty starts at the newest
 * @param limit the most tasks to return, 1 to 500
 */
public record TaskQuery(
        Set<TaskState> states,
        Optional<String> type,
        Optional<ProjectId> project,
        Optional<Instant> createdFrom,
        Optional<Instant> createdBefore,
        Optional<TaskId> before,
        int limit) {

    private static final int MAX_LIMIT = 500;

    /** Copies the states and checks every field. */
    public TaskQuery {
        states = Check.noNulls("states", states).isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(states));
        Check.notNull("type", type);
        Check.notNull("project", project);
        Check.notNull("createdFrom", createdFrom);
        Check.notNull("createdBefore", createdBefore);
        Check.notNull("before", before);
        Check.range("limit", limit, 1, MAX_LIMIT);
    }

    /** Returns a query for the newest tasks. */
    public static TaskQuery newest(int limit) {
        return new TaskQuery(
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                limit);
    }

    /** Returns a copy for tasks in these states; none means all. */
    public TaskQuery withStates(Set<TaskState> changed) {
        return new TaskQuery(changed, type, project, createdFrom, createdBefore, before, limit);
    }

    /** Returns a copy for tasks of one type. */
    public TaskQuery withType(String changed) {
        return new TaskQuery(
                states,
                Optional.of(Check.notNull("type", changed)),
                project,
                createdFrom,
                createdBefore,
                before,
                limit);
    }

    /** Returns a copy for tasks of one project. */
    public TaskQuery withProject(ProjectId changed) {
        return new TaskQuery(
                states,
                type,
                Optional.of(Check.notNull("project", changed)),
                createdFrom,
                createdBefore,
                before,
                limit);
    }

    /** Returns a copy for tasks accepted at {@code changed} or later. */
    public TaskQuery withCreatedFrom(Instant changed) {
        return new TaskQuery(
                states,
                type,
                project,
                Optional.of(Check.notNull("createdFrom", changed)),
                createdBefore,
                before,
                limit);
    }

    /** Returns a copy for tasks accepted before {@code changed}. */
    public TaskQuery withCreatedBefore(Instant changed) {
        return new TaskQuery(
                states,
                type,
                project,
                createdFrom,
                Optional.of(Check.notNull("createdBefore", changed)),
                before,
                limit);
    }

    /** Returns a copy for the page after the one that ended with {@code last}. */
    public TaskQuery after(TaskId last) {
        return new TaskQuery(
                states, type, project, createdFrom, createdBefore, Optional.of(Check.notNull("last", last)), limit);
    }
}
