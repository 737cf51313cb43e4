package dev.architect.maintenance;

import dev.architect.check.Check;
import dev.architect.task.Priority;
import dev.architect.task.TaskState;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is done to many tasks at a time.
 *
 * @param kind what it is
 * @param priority the level to give them; empty unless they get one
 */
public record TaskAction(Kind kind, Optional<Priority> priority) {

    private static final Set<TaskState> WAITING =
            EnumSet.of(TaskState.READY, TaskState.SCHEDULED, TaskState.BLOCKED, TaskState.LIMITED, TaskState.HELD);

    /** Cancels tasks that wait, and requests it of the owners of those that run. */
    public static final TaskAction CANCEL = new TaskAction(Kind.CANCEL, Optional.empty());

    /** Holds tasks back that are ready, or wait for anything but a person. */
    public static final TaskAction HOLD = new TaskAction(Kind.HOLD, Optional.empty());

    /** Lets held tasks go on. */
    public static final TaskAction RESUME = new TaskAction(Kind.RESUME, Optional.empty());

    /** Makes dead, cancelled and expired tasks ready again. */
    public static final TaskAction REDRIVE = new TaskAction(Kind.REDRIVE, Optional.empty());

    /** Checks that there is a level exactly when tasks are to get one. */
    public TaskAction {
        Check.notNull("kind", kind);
        Check.notNull("priority", priority);
        if ((kind == Kind.PRIORITY) != priority.isPresent()) {
            throw new IllegalArgumentException("priority is " + (priority.isPresent() ? "given" : "missing") + " for "
                    + word(kind) + ", expected one exactly to change the level");
        }
    }

    /** Returns the action that gives tasks that wait another level. */
    public static TaskAction priority(Priority priority) {
        return new TaskAction(Kind.PRIORITY, Optional.of(Check.notNull("priority", priority)));
    }

    /** What is done. */
    public enum Kind {
        /** End them. */
        CANCEL,
        /** Hold them back. */
        HOLD,
        /** Let them go on. */
        RESUME,
        /** Make them ready again. */
        REDRIVE,
        /** Change their level. */
        PRIORITY
    }

    /** The states of the tasks that it can be done to. */
    public Set<TaskState> states() {
        return switch (kind) {
            case CANCEL -> {
                Set<TaskState> unfinished = EnumSet.copyOf(WAITING);
                unfinished.add(TaskState.RUNNING);
                yield unfinished;
            }
            case HOLD -> EnumSet.of(TaskState.READY, TaskState.SCHEDULED, TaskState.BLOCKED, TaskState.LIMITED);
            case RESUME -> EnumSet.of(TaskState.HELD);
            case REDRIVE -> EnumSet.of(TaskState.DEAD, TaskState.CANCELLED, TaskState.EXPIRED);
            case PRIORITY -> EnumSet.copyOf(WAITING);
        };
    }

    /**
     * Checks that a filter has states only that it can be done to.
     *
     * @throws IllegalArgumentException naming the first other state
     */
    public void check(TaskFilter filter) {
        Set<TaskState> possible = states();
        for (TaskState state : EnumSet.copyOf(Check.notNull("filter", filter).states())) {
            if (!possible.contains(state)) {
                throw new IllegalArgumentException("states have " + state.name().toLowerCase(Locale.ROOT)
                        + ", expected "
                        + possible.stream()
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                        + " only to " + word(kind)
                        + (kind == Kind.REDRIVE && state == TaskState.DONE
                                ? ": what is done is run again as a new task"
                                : ""));
            }
        }
    }

    private static String word(Kind kind) {
        return kind == Kind.PRIORITY ? "change the level" : kind.name().toLowerCase(Locale.ROOT);
    }
}
