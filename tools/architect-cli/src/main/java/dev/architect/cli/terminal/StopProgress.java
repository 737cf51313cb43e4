package dev.architect.cli.terminal;

import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Prints what a stop waits for, after a moment and then every few seconds, until it has ended. */
public final class StopProgress {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration NEXT = Duration.ofSeconds(4);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final ThreadRunner runner = new ThreadRunner("gaia");
    private final TimeSource time = TimeSource.system();
    private final PrintStream out;
    private final IntSupplier running;
    private final long deadline;

    private StopProgress(PrintStream out, IntSupplier running, Duration timeout) {
        this.out = out;
        this.running = running;
        this.deadline = time.nanoTime() + timeout.toNanos();
    }

    /**
     * Runs {@code stop}, and meanwhile prints to {@code out} how many tasks are {@code running} and how much of {@code timeout} is left.
     */
    public static void during(PrintStream out, IntSupplier running, Duration timeout, Runnable stop) {
        StopProgress progress = new StopProgress(out, running, timeout);
        progress.runner.startPlatform("stop-progress", progress::print);
        try {
            stop.run();
        } finally {
            progress.closed.countDown();
            progress.runner.close();
        }
    }

    private void print() {
        try {
            Duration wait = FIRST;
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                int tasks = running.getAsInt();
                long seconds =
                        Math.max(0, Duration.ofNanos(deadline - time.nanoTime()).toSeconds());
                if (tasks > 0) {
                    out.println(
                            "Waiting for " + tasks + (tasks == 1 ? " running task" : " running tasks") + ", at most "
                                    + seconds + " s more. A second signal gives "
                                    + (tasks == 1 ? "it" : "them") + " back at once.");
                }
                wait = NEXT;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
