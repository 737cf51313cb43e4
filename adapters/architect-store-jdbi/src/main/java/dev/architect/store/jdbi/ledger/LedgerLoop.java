package dev.architect.store.jdbi.ledger;

import dev.architect.spi.LedgerStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds up the ledger in the background. All processes do it, each with what no other one has locked. */
public final class LedgerLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerLoop.class);

    /** Calls of the last minutes are left out: most that still run will be recorded in order. */
    private static final Duration LAG = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofSeconds(20);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    /** Between two transactions, so that calls of the engine are not kept waiting. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(5);

    private final LedgerStore ledger;
    private final Supplier<Instant> now;
    private final WakeUp wakeUp = TimeSource.system().newWakeUp();
    private volatile boolean closed;

    /** {@code now} is the time by which calls are recorded. */
    public LedgerLoop(LedgerStore ledger, Supplier<Instant> now) {
        this.ledger = ledger;
        this.now = now;
    }

    /** Starts the thread. */
    public void start(ThreadRunner runner) {
        runner.startPlatform("ledger-sums", this::loop);
    }

    private void loop() {
        try {
            wakeUp.await(FIRST_PAUSE);
            while (!closed) {
                rollUp();
                wakeUp.await(PAUSE);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void rollUp() throws InterruptedException {
        try {
            while (!closed && ledger.rollUp(now.get().minus(LAG))) {
                wakeUp.await(SHORT_PAUSE);
            }
        } catch (RuntimeException failure) {
            // Reports are right all the same, only slower.
            LOG.debug("the ledger is not added up: {}", failure.getMessage());
        }
    }

    /** Ends the thread soon. */
    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}
