package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.filter.NameFilter;
import dev.architect.filter.TimeRange;
import dev.architect.project.ProjectId;
import dev.architect.task.Task;
import dev.architect.task.TaskLanes;
import dev.architect.task.TaskState;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks an operation in bulk is for.
 *
 * @param states tasks in one of these states, at least one
 * @param lanes tasks of these lanes
 * @param project tasks of this project; empty for all
 * @param created tasks accepted at these times, by the store's clock
 */
public record TaskFilter(Set<TaskState> states, TaskLanes lanes, Optional<ProjectId> project, TimeRange created) {

    /** Copies the states and checks every field. */
    public TaskFilter {
        Check.noNulls("states", states);
        Check.notNull("lanes", lanes);
        Check.notNull("project", project);
        Check.notNull("created", created);
        if (states.isEmpty()) {
            throw new IllegalArgumentException("states are empty, expected at least one");
        }
        states = Set.copyOf(EnumSet.copyOf(states));
    }

    /** Returns a filter for all tasks in these states. */
    public static TaskFilter of(TaskState first, TaskState... more) {
        Set<TaskState> states = new HashSet<>(Check.noNulls("more", Arrays.asList(Check.notNull("more", more))));
        states.add(Check.notNull("first", first));
        return of(states);
    }

    /** Returns a filter for all tasks in some states, at least one. */
    public static TaskFilter of(Set<TaskState> states) {
        return new TaskFilter(states, TaskLanes.ALL, Optional.empty(), TimeRange.ALL);
    }

    /** Returns a copy for tasks of one type only. */
    public TaskFilter withType(String changed) {
        return withLanes(
                new TaskLanes(NameFilter.of(Check.notBlank("type", changed)), lanes.queues(), lanes.tenants()));
    }

    /** Returns a copy for tasks of some lanes only. */
    public TaskFilter withLanes(TaskLanes changed) {
        return new TaskFilter(states, changed, project, created);
    }

    /** Returns a copy for tasks of one project only. */
    public TaskFilter withProject(ProjectId changed) {
        return new TaskFilter(states, lanes, Optional.of(Check.notNull("project", changed)), created);
    }

    /** Returns a copy for tasks accepted at some times only. */
    public TaskFilter withCreated(TimeRange changed) {
        return new TaskFilter(states, lanes, project, changed);
    }

    /** Whether a task passes. */
    public boolean matches(Task task) {
        return states.contains(task.state())
                && lanes.accepts(task.request())
                && project.map(wanted ->
                                wanted.equals(task.request().attribution().project()))
                        .orElse(true)
                && created.contains(task.createdAt());
    }
}
