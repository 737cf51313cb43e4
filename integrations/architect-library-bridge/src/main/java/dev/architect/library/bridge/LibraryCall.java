package dev.architect.library.bridge;

import dev.architect.model.DeliveryStatus;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call in flight, as the library's side sees it: it delivers what comes, and then completes or fails, from any thread. The
 * first end counts. Safe for use by several threads.
 *
 * @param <T> what the call gives
 */
public final class LibraryCall<T> {

    /** How many deliveries may wait for the calling thread. */
    // Bounded, so that a slow listener slows the library instead of filling the memory with its answer.
    static final int QUEUE_CAPACITY = 16;

    private final WakeUp wakeUp;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition spaceFreed = lock.newCondition();
    private final ArrayDeque<Runnable> pending = new ArrayDeque<>();
    private final List<Runnable> cancelActions = new ArrayList<>();
    private @Nullable Thread worker;
    private @Nullable T result;
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean cancelled;
    private boolean begun;
    private boolean anyDelivered;

    LibraryCall(WakeUp wakeUp) {
        this.wakeUp = wakeUp;
    }

    /**
     * Queues a delivery for the calling thread, which runs it. Blocks while that thread is {@value #QUEUE_CAPACITY} of them behind, so a slow
     * listener slows the stream and nothing piles up.
     *
     * @throws CancellationException when the call was cancelled
     */
    public void deliver(Runnable delivery) {
        lock.lock();
        try {
            // A loop, because every waiting thread is woken for each place that becomes free.
            while (pending.size() >= QUEUE_CAPACITY && !cancelled) {
                // Not interruptibly: cancel() wakes these threads itself, and an interrupt for another reason must not
                // lose a delivery.
                spaceFreed.awaitUninterruptibly();
            }
            if (cancelled) {
                throw new CancellationException("the call was cancelled, expected it open");
            }
            anyDelivered = true;
            pending.add(delivery);
        } finally {
            lock.unlock();
        }
        // After the lock is released: the calling thread takes the same lock to fetch the delivery.
        wakeUp.signal();
    }

    /** Ends the call with its result; what was delivered before is run first. */
    public void complete(T value) {
        end(() -> result = value);
    }

    /** Ends the call with a failure; what was delivered before is run first. */
    public void fail(Throwable reason) {
        end(() -> failure = reason);
    }

    private void end(Runnable how) {
        lock.lock();
        try {
            // Libraries may report a failure after the end, or complete twice; the first end is what the caller has
            // acted on.
            if (ended) {
                return;
            }
            ended = true;
            how.run();
        } finally {
            lock.unlock();
        }
        wakeUp.signal();
    }

    /** Registers what to do when the call is cancelled: by its deadline, its listener or an interrupt. */
    public void onCancel(Runnable action) {
        lock.lock();
        try {
            if (!cancelled) {
                cancelActions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        // Without the lock: it is code of the library, which may call this object again. It runs here if cancel() came
        // first.
        action.run();
    }

    /** Whether the call was cancelled, so that nothing more needs to be delivered. */
    public boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /** Runs the library's part on this thread, which is interrupted when the call is cancelled meanwhile. */
    void runLibrarySide(Consumer<LibraryCall<T>> start) {
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            // Under the lock with the check: a call that was cancelled before is never counted as sent.
            begun = true;
            worker = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            start.accept(this);
            // These errors are caught too, since the caller waits for an end; more serious ones end the thread.
        } catch (Exception | LinkageError | AssertionError thrown) {
            fail(thrown);
        } finally {
            lock.lock();
            try {
                // From here on cancel() must not interrupt this thread, which no longer works for this call.
                worker = null;
            } finally {
                lock.unlock();
            }
            // The thread may go on to other work, which the interrupt of this one must not reach.
            Thread.interrupted();
        }
    }

    /** Waits until there may be a delivery or the end. */
    void await(Duration atMost) throws InterruptedException {
        wakeUp.await(atMost);
    }

    /** The next delivery, null when there is none at the moment. */
    @Nullable
    Runnable next() {
        lock.lock();
        try {
            // All and not one: the library may deliver from several threads.
            spaceFreed.signalAll();
            return pending.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the end was reached and every delivery was run. */
    boolean isOver() {
        lock.lock();
        try {
            return ended && pending.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** How far the request came: nowhere while the library had not begun, and to the provider when it delivered or ended anything. */
    DeliveryStatus delivery() {
        lock.lock();
        try {
            if (anyDelivered || ended) {
                return DeliveryStatus.ANSWERED;
            }
            return begun ? DeliveryStatus.UNKNOWN : DeliveryStatus.NOT_SENT;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    T result() {
        return Objects.requireNonNull(result, "a call that did not fail has a result");
    }

    /** Cancels the library's part. Does nothing when it has ended itself. */
    void cancel() {
        List<Runnable> cancels;
        lock.lock();
        try {
            cancelled = true;
            // What was not delivered is dropped: the listener must not be called after the caller has left.
            pending.clear();
            spaceFreed.signalAll();
            if (ended) {
                return;
            }
            // Copied under the lock and run without it, because they are code of the library.
            cancels = List.copyOf(cancelActions);
            if (worker != null) {
                // Under the lock, so that the thread cannot leave this call in between and be interrupted in other
                // work.
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
        cancels.forEach(Runnable::run);
    }
}
