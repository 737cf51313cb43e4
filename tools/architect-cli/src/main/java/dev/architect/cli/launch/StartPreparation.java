package dev.architect.cli.launch;

import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the first start of a server in this process on another thread, if there is a processor for it. The process has one such thread, which ends by
 * itself, also when the start is given up. Safe for use by several threads.
 */
final class StartPreparation {

    private static final AtomicReference<@Nullable StartPreparation> FIRST = new AtomicReference<>();
    private static final Logger LOG = LoggerFactory.getLogger(StartPreparation.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Runnable work;
    private final CountDownLatch ended = new CountDownLatch(1);

    private StartPreparation(Runnable work) {
        this.work = work;
    }

    /** Begins, unless it has begun before. */
    static void begin(Runnable work) {
        StartPreparation preparation = new StartPreparation(work);
        if (Runtime.getRuntime().availableProcessors() > 1 && FIRST.compareAndSet(null, preparation)) {
            new ThreadRunner("gaia").startPlatform("prepare", preparation::run);
        }
    }

    private void run() {
        try {
            work.run();
        } catch (RuntimeException | LinkageError failure) {
            // The start itself reports it, if it is of any consequence.
            LOG.debug("the preparation of a start ended early", failure);
        } finally {
            ended.countDown();
        }
    }

    /** Waits until what has begun has ended, which the start would have to do twice otherwise. */
    static void await() {
        StartPreparation first = FIRST.get();
        if (first == null) {
            return;
        }
        try {
            boolean isReady = first.ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!isReady) {
                LOG.debug("the start goes on without what was to prepare it");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
