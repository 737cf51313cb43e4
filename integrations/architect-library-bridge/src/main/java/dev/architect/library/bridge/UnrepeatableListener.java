package dev.architect.library.bridge;

import dev.architect.chat.ChatListener;
import java.util.concurrent.CancellationException;

/**
 * Passes a stream on to a reader that cannot take deltas back: a call that breaks before its first delta may start again, one that
 * breaks later ends the stream. Used by one thread at a time.
 */
public abstract class UnrepeatableListener implements ChatListener {

    private boolean anyEmitted;

    /** For subclasses. */
    protected UnrepeatableListener() {}

    /** Whether the reader has cancelled the stream. */
    protected abstract boolean isCancelled();

    /** Returns the failure that ends a stream which would have to start again. */
    protected abstract RuntimeException restartFailure(String explanation);

    /**
     * Runs what passes a delta on.
     *
     * @throws CancellationException when the reader has cancelled the stream
     */
    protected final void emit(Runnable delivery) {
        if (isCancelled()) {
            throw new CancellationException("the stream was cancelled by its reader");
        }
        // Before the delivery: a reader that fails may have used the delta.
        anyEmitted = true;
        delivery.run();
    }

    @Override
    public final void onRestart() {
        if (anyEmitted) {
            throw restartFailure("the answer broke after its first delta, expected its end");
        }
    }
}
