package dev.architect.spi;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.task.TaskRequest;
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

    /** Whether the task is to be cancelled; the thread is interrupted as well. */
    boolean isCancelled();

    /** Makes a request on behalf of this attempt: its cost is filed under the task. */
    ChatResponse chat(ChatRequest request);
}
