package dev.architect.shard;

import dev.architect.attempt.Attempt;
import dev.architect.check.Check;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.submission.TaskDeadlines;
import dev.architect.task.ParentTask;
import dev.architect.task.Task;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A task on its way from one store to another, with everything that belongs to it but its ledger entries. Further components will only be
 * added at the end.
 *
 * @param task as it stood when it left; never running
 * @param order where it stands among others, and what happened to it
 * @param input what it was last resumed with
 * @param result how it ended; empty unless it has
 * @param attempts its ended attempts, oldest first
 * @param steps its steps, in the order in which they were recorded
 * @param progress how far it had come
 * @param edges which tasks it waits for, and whether others wait for it
 */
public record MovedTask(
        Task task,
        Order order,
        Optional<String> input,
        Optional<TaskResult> result,
        List<Attempt> attempts,
        List<TaskStep> steps,
        Optional<TaskProgress> progress,
        Edges edges) {

    /** Checks every field, and that the task does not run. */
    public MovedTask {
        Check.notNull("task", task);
        Check.notNull("order", order);
        Check.notNull("input", input);
        Check.notNull("result", result);
        attempts = List.copyOf(Check.noNulls("attempts", attempts));
        steps = List.copyOf(Check.noNulls("steps", steps));
        Check.notNull("progress", progress);
        Check.notNull("edges", edges);
        if (task.state() == TaskState.RUNNING) {
            throw new IllegalArgumentException("state of task " + task.id() + " is RUNNING, expected any other");
        }
        if (task.state().isTerminal() != result.isPresent()) {
            throw new IllegalArgumentException("task " + task.id() + " is " + task.state()
                    + (result.isPresent() ? " with" : " without") + " a result, expected one exactly at its end");
        }
    }

    /**
     * How a task stands to others that move with it.
     *
     * @param parents the tasks that it waits for, in their order
     * @param hasChildren whether others wait for it, or have waited
     */
    public record Edges(List<MovedEdge> parents, boolean hasChildren) {

        /** No edges. */
        public static final Edges NONE = new Edges(List.of(), false);

        /** Copies the parents. */
        public Edges {
            parents = List.copyOf(Check.noNulls("parents", parents));
        }
    }

    /**
     * That a task waits for another one.
     *
     * @param parent the other one
     * @param isReleased whether it waits no more
     */
    public record MovedEdge(ParentTask parent, boolean isReleased) {

        /** Checks the parent. */
        public MovedEdge {
            Check.notNull("parent", parent);
        }
    }

    /**
     * Where a task stands among others.
     *
     * @param sortKey its place in the order of service: when it became ready, plus 30 seconds for each level
     * @param crashes how often its node died
     * @param snoozes how often an attempt gave its try back
     * @param snoozedSince when the present row of snoozes began; empty when there is none
     * @param isKeyed whether it was submitted with an idempotency key
     * @param deadlines when it is given up
     */
    public record Order(
            Instant sortKey,
            int crashes,
            int snoozes,
            Optional<Instant> snoozedSince,
            boolean isKeyed,
            TaskDeadlines deadlines) {

        /** Checks every field. */
        public Order {
            Check.notNull("sortKey", sortKey);
            Check.notNegative("crashes", crashes);
            Check.notNegative("snoozes", snoozes);
            Check.notNull("snoozedSince", snoozedSince);
            Check.notNull("deadlines", deadlines);
        }
    }
}
