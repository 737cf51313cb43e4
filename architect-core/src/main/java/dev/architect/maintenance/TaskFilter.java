package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.project.ProjectId;
import dev.architect.task.Task;
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
 * @param type tasks of this type; empty for all
 * @param project tasks of this project; empty for all
 */
public record TaskFilter(Set<TaskState> states, Optional<String> type, Optional<ProjectId> project) {

    /** Copies the states and checks every field. */
    public TaskFilter {
        Check.noNulls("states", states);
        Check.notNull("type", type);
        Check.notNull("project", project);
        if (states.isEmpty()) {
            throw new IllegalArgumentException("states are empty, expected at least one");
        }
        states = Set.copyOf(EnumSet.copyOf(states));
    }

    /** Returns a filter for all tasks in these states. */
    public static TaskFilter of(TaskState first, TaskState... more) {
        Set<TaskState> states = new HashSet<>(Check.noNulls("more", Arrays.asList(Check.notNull("more", more))));
        states.add(Check.notNull("first", first));
        return new TaskFilter(states, Optional.empty(), Optional.empty());
    }

    /** Returns a copy for tasks of one type only. */
    public TaskFilter withType(String changed) {
        return new TaskFilter(states, Optional.of(Check.notBlank("type", changed)), project);
    }

    /** Returns a copy for tasks of one project only. */
    public TaskFilter withProject(ProjectId changed) {
        return new TaskFilter(states, type, Optional.of(Check.notNull("project", changed)));
    }

    /** Whether a task passes. */
    public boolean matches(Task task) {
        return states.contains(task.state())
                && type.map(wanted -> wanted.equals(task.request().type())).orElse(true)
                && project.map(wanted ->
                                wanted.equals(task.request().attribution().project()))
                        .orElse(true);
    }
}
