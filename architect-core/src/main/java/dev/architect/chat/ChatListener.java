package dev.architect.chat;

import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;

/**
 * Receives an answer while it is produced. Called by one thread at a time, in order; a slow listener slows the stream, because
 * nothing is read ahead. What it throws ends the call. Only {@link #onText} must be implemented.
 */
@FunctionalInterface
public interface ChatListener {

    /** The next delta of the answer's text, never empty. */
    void onText(String delta);

    /** The next delta of the model's reasoning, never empty. */
    default void onReasoning(String delta) {}

    /**
     * A tool call, whole: each one once, after everything that precedes it in the answer. Of a call that breaks in the middle nothing
     * comes. As all of an answer it may be void until the answer is complete ({@link #onRestart}), so it should not be performed
     * before.
     */
    default void onToolCall(ToolCallDelta delta) {}

    /** A source of the answer, each one once. */
    default void onCitation(Citation citation) {}

    /** What the provider has counted so far, in place of what it counted before. */
    default void onUsage(TokenUsage soFar) {}

    /** Why the answer ended; the last call for an answer that is complete. */
    default void onStop(StopReason reason) {}

    /**
     * Everything received so far is void: the call failed and the answer starts again, perhaps from another model. Consumers
     * that cannot take text back should collect it and use it after the call has returned.
     */
    default void onRestart() {}
}
