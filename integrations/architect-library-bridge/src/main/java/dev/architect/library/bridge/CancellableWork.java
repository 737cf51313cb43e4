package dev.architect.library.bridge;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Work that another thread may cancel while it blocks: the thread that does it is interrupted. Safe for use by several threads. */
public final class CancellableWork {

    private @Nullable Thread worker;
    private boolean cancelled;
    private boolean interrupted;

    /** Creates work that was neither begun nor cancelled. */
    public CancellableWork() {}

    /**
     * Runs the work on this thread, unless it was cancelled before. The interrupt of {@link #cancel} does not outlive it.
     *
     * @param onFailure gets what the work throws, unless it was cancelled
     */
    public void run(Runnable work, Consumer<RuntimeException> onFailure) {
        run(() -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                // A failure after the cancellation was caused by it, and its reader expects nothing any more.
                if (!isCancelled()) {
                    onFailure.accept(failure);
                }
            }
        });
    }

    /** Runs the work on this thread, unless it was cancelled before. The interrupt of {@link #cancel} does not outlive it. */
    public void run(Runnable work) {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            worker = Thread.currentThread();
        }
        try {
            work.run();
        } finally {
            synchronized (this) {
                worker = null;
                // In the same lock that cancel() holds when it interrupts: afterwards no interrupt of it can arrive.
                if (interrupted) {
                    Thread.interrupted();
                }
            }
        }
    }

    /** Interrupts the work, or keeps it from beginning. Calling it twice, or after the work, does nothing more. */
    public synchronized void cancel() {
        // A cancellation from inside the work needs no interrupt: its thread sees it when the next delta is emitted.
        if (!cancelled && worker != null && worker != Thread.currentThread()) {
            interrupted = true;
            worker.interrupt();
        }
        cancelled = true;
    }

    /** Whether {@link #cancel} was called. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }
}
