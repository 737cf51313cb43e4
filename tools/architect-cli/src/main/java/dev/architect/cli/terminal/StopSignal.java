package dev.architect.cli.terminal;

import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM as something to wait for. Open it before everything that must be closed in order: the process ends
 * only when this is closed, or when {@link #TIMEOUT} is over. Safe for use by several threads.
 */
public final class StopSignal implements AutoCloseable {

    /** How long an orderly stop may take. */
    public static final Duration TIMEOUT = Duration.ofSeconds(45);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ThreadRunner runner = new ThreadRunner("gaia");
    private final Thread hook = runner.factory("stop").newThread(this::stop);

    private final Runnable action;

    private StopSignal(Runnable action) {
        this.action = action;
    }

    /** Begins to listen. */
    public static StopSignal listen() {
        return listen(() -> {});
    }

    /** Begins to listen; {@code action} runs when a stop is requested, on a thread of its own. */
    public static StopSignal listen(Runnable action) {
        StopSignal signal = new StopSignal(action);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    private void stop() {
        requested.countDown();
        action.run();
        // The process ends when its hooks have returned, so this one waits until everything is closed.
        try {
            closed.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a stop was requested. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits until a stop is requested. */
    public void await() throws InterruptedException {
        requested.await();
    }

    /** Waits until a stop is requested, at most for {@code duration}; returns whether it was. */
    public boolean await(Duration duration) throws InterruptedException {
        return requested.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets the process end. */
    @Override
    public void close() {
        // First, for the hook may already wait for it.
        closed.countDown();
        if (!isRequested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endsJustNow) {
                // The process has begun to end meanwhile; then the hook has run, or runs, and cannot be removed.
                requested.countDown();
            }
        }
    }
}
