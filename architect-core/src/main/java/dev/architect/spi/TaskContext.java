package dev.architect.spi;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.graph.ParentOutcome;
import dev.architect.step.AttemptLostException;
import dev.architect.step.OutputChunk;
import dev.architect.step.StepBody;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.task.TaskRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attempt that a worker performs. Safe for use by several threads. */
public interface TaskContext {

    /** The task. */
    TaskRequest request();

    /** Identifies this attempt for effects outside: another attempt of the same task has a larger epoch. */
    FencingToken fencingToken();

    /** Which try this is, from 1. */
    int attempt();

    /**
     * What the task was last resumed with, in the worker's own format; empty when it never was with an input. A worker that needs one
     * throws a {@link dev.architect.task.NeedsInputException}.
     */
    Optional<String> input();

    /**
     * Returns what has become of the tasks that this one has waited for, in the order in which it names them, read from the store when this is
     * called. Their outputs are what this task builds on; empty when it has no parents.
     *
     * @throws dev.architect.error.StoreException when the store fails
     */
    List<ParentOutcome> parents();

    /** Whether the task is to be cancelled; the thread is interrupted as well. */
    boolean isCancelled();

    /**
     * Whether the attempt is to come to its end: its soft limit has passed, or it is to stop. A worker that looks at this can return what it
     * has; nothing is interrupted by the soft limit.
     */
    boolean isEndRequested();

    /** Makes a request on behalf of this attempt: its cost is filed under the task. */
    ChatResponse chat(ChatRequest request);

    /**
     * Does a step once for all attempts at the task: returns what is recorded for it, else runs it and records what it returns. When this
     * process dies between the two, the next attempt runs it again; an effect outside that must not happen twice is made with {@link
     * #stepKey}. What {@code body} throws is thrown, and nothing is recorded.
     *
     * @param name unique in the task, 1 to 255 characters
     * @return the output of the step, at most {@link TaskStep#MAX_OUTPUT_CHARACTERS} characters
     * @throws AttemptLostException when the attempt has lost its task; the worker lets it through
     * @throws dev.architect.error.StoreException when the store does not take it
     */
    <E extends Exception> String step(String name, StepBody<E> body) throws E;

    /** The same in every attempt at the task, and of no other step: the idempotency key of the step's effect outside. */
    default String stepKey(String name) {
        return TaskStep.key(fencingToken().id(), name);
    }

    /**
     * States how far the attempt has come. Returns at once; the store gets the last statement, every two seconds at most.
     *
     * @param percent 0 to 100
     * @param note for people, at most 1,000 characters
     * @param data for programs, as {@link TaskProgress} has it
     */
    void progress(int percent, String note, Map<String, String> data);

    /** As {@link #progress(int, String, Map)}, without data. */
    default void progress(int percent, String note) {
        progress(percent, note, Map.of());
    }

    /**
     * Adds a part to the output, to be read while the attempt runs. Returns at once; the store gets it a fraction of a second later. It is no
     * part of the result.
     *
     * @throws IllegalStateException when the attempt has more than {@link OutputChunk#MAX_CHUNKS} parts, or {@link
     *     OutputChunk#MAX_CHARACTERS} characters
     */
    void output(String chunk);

    /**
     * States that the attempt is alive, as every step, progress and output does, and a request when it begins and when it ends. An attempt whose
     * task has a limit without a sign of life is timed out and interrupted when it is silent for longer.
     */
    void heartbeat();
}
