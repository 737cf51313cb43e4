package dev.architect.provider.http.transport;

import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;

/**
 * Cancels calls whose threads are interrupted. A blocking socket does not notice an interruption on a platform thread, so one
 * thread polls the threads of all calls in flight every 20 milliseconds; without calls it waits. Safe for use by several
 * threads.
 */
final class InterruptWatch implements AutoCloseable {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Duration IDLE_INTERVAL = Duration.ofHours(1);

    private final Set<Watched> calls = ConcurrentHashMap.newKeySet();
    private final WakeUp signal = TimeSource.system().newWakeUp();
    private final ThreadRunner runner;
    private boolean started;
    private boolean closed;

    InterruptWatch(String provider) {
        this.runner = new ThreadRunner("architect-" + provider);
    }

    /** Watches the calling thread until the returned value is closed. */
    Watched watch(Call call) {
        Watched watched = new Watched(Thread.currentThread(), call);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("provider is closed, expected open");
            }
            calls.add(watched);
            if (!started) {
                started = true;
                runner.startPlatform("interrupts", this::run);
            }
        }
        signal.signal();
        return watched;
    }

    private void run() {
        try {
            while (true) {
                signal.await(calls.isEmpty() ? IDLE_INTERVAL : POLL_INTERVAL);
                for (Watched watched : calls) {
                    if (watched.thread.isInterrupted()) {
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
        calls.forEach(watched -> {
            watched.closed = true;
            watched.call.cancel();
        });
        runner.close();
    }

    /** A call in flight. */
    final class Watched implements AutoCloseable {
        private final Thread thread;
        private final Call call;
        private volatile boolean interrupted;
        private volatile boolean closed;

        private Watched(Thread thread, Call call) {
            this.thread = thread;
            this.call = call;
        }

        /** Whether the caller was interrupted; sets its flag again if so. */
        boolean isInterrupted() {
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
