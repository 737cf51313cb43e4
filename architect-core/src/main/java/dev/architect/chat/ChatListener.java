package dev.architect.chat;

/**
 * Hears an answer while it is produced. Called by one thread at a time, in order; a slow listener slows the stream. What
 * it throws ends the call.
 */
@FunctionalInterface
public interface ChatListener {

    /** The next piece of the answer's text, never empty. */
    void onText(String piece);

    /**
     * Everything heard so far is void: the call broke and the answer starts again, perhaps from another model. Consumers
     * that cannot take text back should collect it and use it after the call has returned.
     */
    default void onRestart() {}
}
