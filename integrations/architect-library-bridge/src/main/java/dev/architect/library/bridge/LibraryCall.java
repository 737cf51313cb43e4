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
 * One call in flight, as the foreign side sees it: it tells what it hears, and then completes or fails, from any thread. The
 * first end counts. Safe for use by several threads.
 *
 * @param <T> what the call gives
 */
public final class LibraryCall<T> {

    /** How many pieces may wait for the thread that asked. */
    static final int ROOM = 16;

    private final WakeUp wakeUp;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Runnable> told = new ArrayDeque<>();
    private final List<Runnable> whenLeft = new ArrayList<>();
    private @Nullable Thread worker;
    private @Nullable T result;
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean left;
    private boolean begun;
    private boolean heard;

    LibraryCall(WakeUp wakeUp) {
        this.wakeUp = wakeUp;
    }

    /**
     * Hands a piece to the thread that asked, which runs it. Blocks while that thread is {@value #ROOM} pieces behind, so a slow
     * listener slows the stream and nothing piles up.
     *
     * @throws CancellationException when the thread that asked has left
     */
    public void tell(Runnable piece) {
        lock.lock();
        try {
            while (told.size() >= ROOM && !left) {
                room.awaitUninterruptibly();
            }
            if (left) {
                throw new CancellationException("nobody waits for the answer");
            }
            heard = true;
            told.add(piece);
        } finally {
            lock.unlock();
        }
        wakeUp.signal();
    }

    /** Ends the call with what it gave; what was told before is heard first. */
    public void complete(T value) {
        end(() -> result = value);
    }

    /** Ends the call with a failure; what was told before is heard first. */
    public void fail(Throwable reason) {
        end(() -> failure = reason);
    }

    private void end(Runnable how) {
        lock.lock();
        try {
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

    /** Says what to do when the thread that asked leaves early: its deadline, its listener or an interrupt ends the call. */
    public void whenLeft(Runnable cancel) {
        lock.lock();
        try {
            if (!left) {
                whenLeft.add(cancel);
                return;
            }
        } finally {
            lock.unlock();
        }
        cancel.run();
    }

    /** Whether the thread that asked has left, so that nothing more needs to be told. */
    public boolean isLeft() {
        lock.lock();
        try {
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** Runs the foreign side's part on this thread, which is interrupted when the caller leaves meanwhile. */
    void work(Consumer<LibraryCall<T>> start) {
        lock.lock();
        try {
            if (left) {
                return;
            }
            begun = true;
            worker = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            start.accept(this);
        } catch (Exception | LinkageError | AssertionError thrown) {
            fail(thrown);
        } finally {
            lock.lock();
            try {
                worker = null;
            } finally {
                lock.unlock();
            }
            // The thread may go on to other work, which the interrupt of this one must not reach.
            Thread.interrupted();
        }
    }

    /** Waits until there may be something to hear. */
    void await(Duration atMost) throws InterruptedException {
        wakeUp.await(atMost);
    }

    /** The next piece, null when there is none at the moment. */
    @Nullable
    Runnable next() {
        lock.lock();
        try {
            room.signalAll();
            return told.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the end was reached and everything told was heard. */
    boolean isOver() {
        lock.lock();
        try {
            return ended && told.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** How far the request came: nowhere while the foreign side had not begun, and to the provider when it told or ended anything. */
    DeliveryStatus delivery() {
        lock.lock();
        try {
            if (heard || ended) {
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

    /** Ends the foreign side's part: nobody listens any more. Does nothing when it has ended itself. */
    void leave() {
        List<Runnable> cancels;
        lock.lock();
        try {
            left = true;
            told.clear();
            room.signalAll();
            if (ended) {
                return;
            }
            cancels = List.copyOf(whenLeft);
            if (worker != null) {
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
        cancels.forEach(Runnable::run);
    }
}
