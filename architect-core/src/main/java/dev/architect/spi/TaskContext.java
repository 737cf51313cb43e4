package dev.architect.spi;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.task.FencingToken;
import dev.architect.task.TaskRequest;

/** The attempt that a worker performs. Safe for use by several threads. */
public interface TaskContext {

    /** The task. */
    TaskRequest request();

    /** Identifies this attempt for effects outside: another attempt of the same task has a larger epoch. */
    FencingToken fencingToken();

    /** Which try this is, from 1. */
    int attempt();

    /** Whether the task is to be cancelled; the thread is interrupted as well. */
    boolean isCancelled();

    /** Makes a request on behalf of this attempt: its cost is filed under the task. */
    ChatResponse chat(ChatRequest request);
}
