package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One caller's change in the queue of the writing thread. */
final class WriteRequest<T extends @Nullable Object> {

    /** How long an interrupted caller still waits for its change to begin. */
    private static final long GRACE_MILLIS = 1_000;

    private final TransactionalWrites.Body<T> body;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();
    private @Nullable Runnable completion;

    WriteRequest(TransactionalWrites.Body<T> body) {
        this.body = body;
    }

    /** Claims the request for writing; false when its caller has given up. The writer and the caller race for it. */
    boolean take() {
        return decided.compareAndSet(false, true);
    }

    /** Makes the change; a second run replaces the first. */
    void run(WriteConnection connection) throws SQLException {
        T value = body.run(connection);
        // Kept back until the commit: the caller must not see a result that can still be rolled back.
        completion = () -> answer.complete(value);
    }

    /** The change is refused, because of what it has read; its caller sees that when what it read is durable. */
    void refuse(Throwable failure) {
        completion = () -> answer.completeExceptionally(failure);
    }

    /** Returns the result to the caller: the change is durable. */
    void complete() {
        if (completion == null) {
            throw new IllegalStateException("the change was not made, expected it to be before it is announced");
        }
        completion.run();
    }

    /** Fails the caller: the change was not made. */
    void fail(Throwable failure) {
        answer.completeExceptionally(failure);
    }

    /** Waits for the end of the change. An interruption is kept for the caller. */
    T await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    // Once the writer has taken the change, its outcome must be awaited: it may be committed.
                    return interrupted && !decided.get()
                            ? answer.get(GRACE_MILLIS, TimeUnit.MILLISECONDS)
                            : answer.get();
                } catch (InterruptedException stop) {
                    interrupted = true;
                } catch (TimeoutException tooLong) {
                    // When the writer was faster, the loop waits for the answer, now without a limit.
                    if (take()) {
                        throw new StoreException(Kind.BUSY, "interrupted before the change was begun", null);
                    }
                }
            }
        } catch (ExecutionException failure) {
            throw rethrown(failure.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof StoreException store) {
            // A new exception for each caller: the whole group fails with
            // one object, and each stack trace should name its caller.
            return new StoreException(store.kind(), String.valueOf(store.getMessage()), store);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure
                ? failure
                : new StoreException(Kind.FAILED, "the change failed", cause);
    }
}
