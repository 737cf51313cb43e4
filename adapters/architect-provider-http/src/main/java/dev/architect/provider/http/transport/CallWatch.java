package dev.architect.provider.http.transport;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;

/**
 * Cancels calls whose threads are interrupted or whose limit is over. A blocking socket does not notice an interruption on a
 * platform thread, and has one timeout for everything, so one thread polls all calls in flight every 20 milliseconds; without
 * calls it waits. Safe for use by several threads.
 */
final class CallWatch implements AutoCloseable {

    // The longest delay of an interruption and of a limit. A thread for each call, or asynchronous calls, would cost
    // more than the poll.
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    // Its length does not matter: a call that comes meanwhile signals the thread.
    private static final Duration IDLE_INTERVAL = Duration.ofHours(1);

    private final Set<Watched> calls = ConcurrentHashMap.newKeySet();
    private final TimeSource time = TimeSource.system();
    private final WakeUp signal = time.newWakeUp();
    private final ThreadRunner runner;
    /** Whether the thread is, or is about to be, in its long wait: only then it has to be signalled, and not for every call. */
    private volatile boolean idle = true;
    // Both under the monitor of this watch; the set and the flags of its entries are read without it.
    private boolean started;
    private boolean closed;

    CallWatch(String provider) {
        this.runner = new ThreadRunner("architect-" + provider);
    }

    /** Watches the calling thread and the limits of its call until the returned value is closed. */
    Watched watch(Call call, LimitClock clock) {
        Watched watched = new Watched(Thread.currentThread(), call, clock);
        synchronized (this) {
            // Registered under the same monitor that close() takes: a call is rejected here, or close() finds it in the
            // set.
            if (closed) {
                throw new IllegalStateException("provider is closed, expected open");
            }
            calls.add(watched);
            // A provider that is wired and never called costs no thread.
            if (!started) {
                started = true;
                runner.startPlatform("watch", this::run);
            }
        }
        // Wakes the thread from its long wait; without this the first interruption could go unnoticed for an hour. The
        // call is in the set
        // before the flag is read, and the thread sets the flag before it looks at the set: one of both sees the other.
        if (idle) {
            signal.signal();
        }
        return watched;
    }

    private void run() {
        try {
            while (true) {
                idle = true;
                if (calls.isEmpty()) {
                    signal.await(IDLE_INTERVAL);
                }
                idle = false;
                signal.await(POLL_INTERVAL);
                long now = time.nanoTime();
                for (Watched watched : calls) {
                    if (watched.clock.expires(now)) {
                        watched.call.cancel();
                    }
                    if (watched.thread.isInterrupted()) {
                        // Before the cancellation: the caller wakes up with an exception at once, and must find its
                        // reason.
                        watched.interrupted = true;
                        watched.call.cancel();
                    }
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cancels what is in flight and ends the thread. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        // Outside the monitor: cancelling closes sockets, and callers that return from their calls need no lock to
        // leave.
        calls.forEach(watched -> {
            // Before the cancellation, for the same reason as with an interruption.
            watched.closed = true;
            watched.call.cancel();
        });
        runner.close();
    }

    /** A call in flight. */
    final class Watched implements AutoCloseable {
        private final Thread thread;
        private final Call call;
        private final LimitClock clock;
        private volatile boolean interrupted;
        private volatile boolean closed;

        private Watched(Thread thread, Call call, LimitClock clock) {
            this.thread = thread;
            this.call = call;
            this.clock = clock;
        }

        /** Whether the caller was interrupted; sets its flag again if so. */
        boolean isInterrupted() {
            // An InterruptedException on the way clears the flag; the caller of the provider must still see it.
            if (interrupted) {
                thread.interrupt();
            }
            return interrupted || thread.isInterrupted();
        }

        /** Whether the provider was closed during the call. */
        boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            calls.remove(this);
        }
    }
}
