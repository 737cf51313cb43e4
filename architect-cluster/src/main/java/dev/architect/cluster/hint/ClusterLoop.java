package dev.architect.cluster.hint;

import dev.architect.error.ArchitectException;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that repeats one step until it is stopped, whatever the step throws. Safe for use by several threads; the step runs on the
 * loop's own thread only.
 */
public final class ClusterLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterLoop.class);

    /** How long it waits after a step that failed. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final String name;
    private final Step step;
    private final WakeUp wake;
    private volatile boolean stopped;

    /** What a loop repeats. */
    @FunctionalInterface
    public interface Step {

        /** Does what is due and returns how long the next step may wait for a signal. */
        Duration run() throws InterruptedException;
    }

    public ClusterLoop(String name, TimeSource time, Step step) {
        this.name = name;
        this.step = step;
        this.wake = time.newWakeUp();
    }

    public void start(ThreadRunner threads) {
        threads.startPlatform(name, this::loop);
    }

    /** Starts the next step soon. Never blocks. */
    public void signal() {
        wake.signal();
    }

    /** Lets the step in progress be the last one. */
    public void stop() {
        stopped = true;
        wake.signal();
    }

    private void loop() {
        try {
            while (!stopped) {
                Duration wait = runStep();
                if (!stopped) {
                    wake.await(wait);
                }
            }
        } catch (InterruptedException stop) {
            // Only the runner interrupts its threads, when it closes.
            Thread.currentThread().interrupt();
        }
    }

    private Duration runStep() throws InterruptedException {
        try {
            return step.run();
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Throwable failure) {
            // An Error as well: a lack of memory or threads may pass, and without this loop the node would see nothing
            // of the others any more.
            if (!stopped) {
                log(failure);
            }
        }
        return AFTER_FAILURE;
    }

    private void log(Throwable failure) {
        try {
            if (failure instanceof ArchitectException) {
                // Without a stack trace: a store that is down fails each second until it recovers.
                LOG.warn("a step of {} failed: {}", name, failure.getMessage());
            } else {
                LOG.error("a step of {} failed", name, failure);
            }
        } catch (Throwable alsoFailed) {
            // Logging may need the memory that has just run out; the loop goes on all the same.
            wake.signal();
        }
    }
}
