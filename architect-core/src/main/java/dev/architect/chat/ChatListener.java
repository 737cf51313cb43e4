package dev.architect.chat;

import dev.architect.check.Check;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;

/**
 * Receives an answer while it is produced. Called by one thread at a time, in order; a slow listener slows the stream, because
 * nothing is read ahead. What it throws ends the call. Only {@link #onText} must be implemented.
 */
@FunctionalInterface
public interface ChatListener {

    /** When an answer reaches its listener. */
    enum Delivery {
        /** As it comes. A call that breaks may make {@link #onRestart} of what was delivered. */
        LIVE,
        /**
         * Not before the answer is complete, then all of it, each part as one delta. Whatever breaks on the way is invisible, and there
         * is no {@link #onRestart}. The calls are streams all the same, with their limits.
         */
        BUFFERED
    }

    /** Returns a listener that gets what {@code target} gets, {@link Delivery#BUFFERED}. */
    static ChatListener buffered(ChatListener target) {
        Check.notNull("target", target);
        // The router holds the answer; this passes on what it delivers.
        return new ChatListener() {

            @Override
            public Delivery delivery() {
                return Delivery.BUFFERED;
            }

            @Override
            public void onAnswering(ModelId model, String requestId, int calls) {
                target.onAnswering(model, requestId, calls);
            }

            @Override
            public void onText(String delta) {
                target.onText(delta);
            }

            @Override
            public void onReasoning(String delta) {
                target.onReasoning(delta);
            }

            @Override
            public void onToolCall(ToolCallDelta delta) {
                target.onToolCall(delta);
            }

            @Override
            public void onCitation(Citation citation) {
                target.onCitation(citation);
            }

            @Override
            public void onUsage(TokenUsage soFar) {
                target.onUsage(soFar);
            }

            @Override
            public void onBurst() {
                target.onBurst();
            }

            @Override
            public void onPause() {
                target.onPause();
            }

            @Override
            public void onStop(StopReason reason) {
                target.onStop(reason);
            }

            @Override
            public void onRestart() {
                target.onRestart();
            }
        };
    }

    /** When this listener wants an answer; {@link Delivery#LIVE} unless overridden. Called once for a request, before its first call. */
    default Delivery delivery() {
        return Delivery.LIVE;
    }

    /**
     * A model has begun to answer: what follows is of its call. Comes before the first delta, and again when a later call goes on with the
     * answer or starts it again; not for an answer without any content.
     *
     * @param model the model that is called
     * @param requestId names the request in the ledger, in records and in feedback
     * @param calls how many calls the request has made so far, this one included; 0 for an answer from a cache
     */
    default void onAnswering(ModelId model, String requestId, int calls) {}

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

    /**
     * An event of the stream as the provider sent it, for a request with a {@link ChatRequest#wireBody} alone: before what it says reaches the
     * other methods. Does not come to a {@link #buffered} listener.
     *
     * @param event its name, {@code message} where the provider gives none
     * @param data its data
     */
    default void onWire(String event, String data) {}

    /** What the provider has counted so far, in place of what it counted before. */
    default void onUsage(TokenUsage soFar) {}

    /**
     * More of the answer is here already and follows at once: a listener that writes it to a network may gather what comes until {@link #onPause}.
     * May come before the first delta. Of calls that are not told apart in this way neither method comes.
     */
    default void onBurst() {}

    /**
     * All that was here was delivered, and the provider is waited for, or its call has ended: follows every {@link #onBurst}, also when
     * the call fails.
     */
    default void onPause() {}

    /** Why the answer ended; of an answer that is complete nothing but {@link #onPause} follows. */
    default void onStop(StopReason reason) {}

    /**
     * Everything received so far is void: the call failed and the answer starts again, perhaps from another model. Consumers
     * that cannot take text back are {@link #buffered}.
     */
    default void onRestart() {}
}
