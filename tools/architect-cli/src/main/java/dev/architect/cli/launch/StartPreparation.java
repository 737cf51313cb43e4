package dev.architect.cli.launch;

import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the first start of a server in this process on another thread, if there is a processor for it, while the store is opened. Whoever gives up the
 * start leaves it alone: it ends by itself.
 */
final class StartPreparation {

    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final Logger LOG = LoggerFactory.getLogger(StartPreparation.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch ended;

    private StartPreparation(CountDownLatch ended) {
        this.ended = ended;
    }

    static StartPreparation begin(Runnable preparation) {
        boolean isFirst = Runtime.getRuntime().availableProcessors() > 1 && BEGUN.compareAndSet(false, true);
        CountDownLatch ended = new CountDownLatch(isFirst ? 1 : 0);
        if (isFirst) {
            // Its one thread ends with the work.
            new ThreadRunner("gaia").startPlatform("prepare", () -> {
                try {
                    preparation.run();
                } finally {
                    ended.countDown();
                }
            });
        }
        return new StartPreparation(ended);
    }

    /** Waits until it has ended, which the start would have to do twice otherwise. */
    void await() {
        try {
            boolean isReady = ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!isReady) {
                LOG.debug("the start goes on without what was to prepare it");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
