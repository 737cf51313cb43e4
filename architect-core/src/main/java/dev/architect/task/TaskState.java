package dev.architect.task;

/**
 * Where a task stands. The numbers are what stores keep; {@code docs/concepts/task-lifecycle.md} draws the transitions.
 */
public enum TaskState {
    /** Waits for a free slot. */
    READY(0),
    /** A node works on it. */
    RUNNING(1),
    /** Due later, or waiting for its next try. */
    SCHEDULED(2),
    /** Waits for other tasks to end. */
    BLOCKED(3),
    /** Waits for a permit of its limit key. */
    LIMITED(4),
    /** Waits for a person: its worker has asked something, or an operator holds it back. */
    HELD(5),
    /** Ended with a result. */
    DONE(10),
    /** Ended without a result: every try failed, or the failure is permanent. */
    DEAD(11),
    /** Ended by a cancellation. */
    CANCELLED(12),
    /** Ended because it was not started, or not done, in time. */
    EXPIRED(13);

    private static final int FIRST_TERMINAL = 10;

    private final int number;

    TaskState(int number) {
        this.number = number;
    }

    /** Returns the state that stores keep as {@code number}. */
    public static TaskState of(int number) {
        for (TaskState state : values()) {
            if (state.number == number) {
                return state;
            }
        }
        throw new IllegalArgumentException("task state is " + number + ", expected one of 0 to 5 and 10 to 13");
    }

    /** The number that stores keep. */
    public int number() {
        return number;
    }

    /** Whether the task will not run again. */
    public boolean isTerminal() {
        return number >= FIRST_TERMINAL;
    }
}
