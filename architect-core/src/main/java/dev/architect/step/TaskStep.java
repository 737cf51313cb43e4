package dev.architect.step;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.time.Instant;

/**
 * A step of a task that was done, and what it returned. It is recorded once; later attempts use what is recorded.
 *
 * @param name unique in the task, 1 to 255 characters
 * @param epoch of the attempt that recorded it
 * @param output in the worker's own format, at most 1,000,000 characters
 * @param recordedAt by the store's clock
 */
public record TaskStep(String name, long epoch, String output, Instant recordedAt) {

    /** The longest output of a step, in characters. */
    public static final int MAX_OUTPUT_CHARACTERS = 1_000_000;

    private static final int MAX_NAME_CHARACTERS = 255;

    /** Checks every field. */
    public TaskStep {
        checkName(name);
        Check.notNegative("epoch", epoch);
        checkOutput(output);
        Check.notNull("recordedAt", recordedAt);
    }

    /**
     * Checks the name of a step, and returns it.
     *
     * @throws IllegalArgumentException when it is empty or too long
     */
    public static String checkName(String name) {
        return Check.atMost("step", Check.notBlank("step", name), MAX_NAME_CHARACTERS);
    }

    /**
     * Checks what a step has returned, and returns it.
     *
     * @throws IllegalArgumentException when it is too long
     */
    public static String checkOutput(String output) {
        return Check.atMost("step output", output, MAX_OUTPUT_CHARACTERS);
    }

    /** The key of a step for effects outside: the same in every attempt at the task, and of no other step. */
    public static String key(TaskId task, String name) {
        return Check.notNull("task", task) + ":" + checkName(name);
    }
}
