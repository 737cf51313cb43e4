package dev.architect.loop;

import dev.architect.error.ArchitectException;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread of the engine that repeats one step until it is stopped, whatever the step throws. Other loops watch it: one whose
 * thread has ended all the same is started again.
 *
 * <p>Safe for use by several threads; the step runs on the loop's own thread only.
 */
public final class EngineLoop {

    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

    /** How long a loop waits after a step that failed. */
    public static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** What a loop repeats. */
    public interface Step {

        /** Does the work that is due and returns how long the next step may wait for a signal. */
        Duration run() throws InterruptedException;
    }

    private final String name;
    private final Step step;
    private final TimeSource time;
    private final EngineThreads threads;
    private final WakeUp wake;
    private final Object starting = new Object();
    private volatile EngineThreads.@Nullable LoopThread thread;
    /** When the loop is to be heard of at the latest: now while it makes a step, else at the end of its wait. */
    private volatile long expectedBy;

    private volatile boolean stopped;

    /** Creates a loop that does nothing until it is started; its thread is named after {@code name}. */
    public EngineLoop(String name, Step step, TimeSource time, ThreadRunner runner) {
        this(name, step, time, EngineThreads.of(runner));
    }

    /** As the other constructor, with threads from {@code threads}. */
    public EngineLoop(String name, Step step, TimeSource time, EngineThreads threads) {
        this.name = name;
        this.step = step;
        this.time = time;
        this.threads = threads;
        this.wake = time.newWakeUp();
        this.expectedBy = time.nanoTime();
    }

    /** The name of its thread. */
    public String name() {
        return name;
    }

    /** Starts the thread, or starts it again when it has ended without having been stopped. */
    public void start() {
        synchronized (starting) {
            EngineThreads.LoopThread running = thread;
            if (stopped || (running != null && running.isAlive())) {
                return;
            }
            if (running != null) {
                LOG.error("the thread of loop {} had ended; it is started again", name);
            }
            expectedBy = time.nanoTime();
            thread = threads.startLoop(name, this::loop);
        }
    }

    /** Starts the next step soon. Never blocks. */
    public void signal() {
        wake.signal();
    }

    /** How long the loop has been at one step, or has overslept; zero while it waits as long as it is to. Of a loop that was started. */
    public Duration silence() {
        return Duration.ofNanos(Math.max(0, time.nanoTime() - expectedBy));
    }

    /** Lets the step in progress be the last one. */
    public void stop() {
        stopped = true;
        wake.signal();
    }

    /** Waits for the thread of a stopped loop, at most {@code timeout} by the clock of its threads; true when it has ended. */
    public boolean join(Duration timeout) {
        EngineThreads.LoopThread running = thread;
        if (running == null || running.isCurrent()) {
            return true;
        }
        try {
            running.join(timeout);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return !running.isAlive();
    }

    private void loop() {
        try {
            while (!stopped) {
                expectedBy = time.nanoTime();
                Duration wait = runStep();
                expectedBy = time.nanoTime() + wait.toNanos();
                if (!stopped) {
                    wake.await(wait);
                }
            }
        } catch (InterruptedException stop) {
            // Only the runner interrupts the threads of the engine, when it closes.
            Thread.currentThread().interrupt();
        }
    }

    private Duration runStep() throws InterruptedException {
        try {
            return step.run();
        } catch (ArchitectException failure) {
            // Without a stack trace: a store that is down fails each second until it recovers.
            logQuietly(failure, false);
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Throwable failure) {
            // An Error as well: a lack of memory or threads may pass, and a node without this loop would keep its tasks
            // for ever.
            logQuietly(failure, true);
        }
        return AFTER_FAILURE;
    }

    private void logQuietly(Throwable failure, boolean unexpected) {
        try {
            if (unexpected) {
                LOG.error("a step of loop {} failed", name, failure);
            } else {
                LOG.warn("a step of loop {} failed: {}", name, failure.getMessage());
            }
        } catch (Throwable alsoFailed) {
            // Logging may need the memory that has just run out; the loop must go on all the same.
            expectedBy = time.nanoTime();
        }
    }
}
