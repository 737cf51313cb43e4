package dev.architect.router;

import dev.architect.cost.PriceCatalogue;
import dev.architect.spi.PriceSource;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a source for prices, at once and then from time to time, and hands on those of another version. A source that fails is logged once until it
 * answers again, and the prices stay as they are. Safe for use by several threads.
 */
final class PriceRefresh implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PriceRefresh.class);

    private final PriceSource source;
    private final Duration interval;
    private final Consumer<PriceCatalogue> changed;
    private final WakeUp wakeUp;
    private volatile boolean closed;

    // Of the thread that asks.
    private String followed;
    private boolean hasFailed;

    /** Creates the asking; {@code version} is that of the prices which are followed now. */
    PriceRefresh(
            PriceSource source, Duration interval, String version, Consumer<PriceCatalogue> changed, TimeSource time) {
        this.source = source;
        this.interval = interval;
        this.followed = version;
        this.changed = changed;
        this.wakeUp = time.newWakeUp();
    }

    /** Starts to ask, on a thread of {@code threads}, whose owner closes this first. */
    void start(ThreadRunner threads) {
        try {
            threads.start("prices", this::run);
        } catch (Throwable noThread) {
            // Requests are served all the same.
            LOG.error("there is no thread that asks for prices, so they stay as they are", noThread);
        }
    }

    private void run() {
        try {
            while (!closed) {
                look();
                wakeUp.await(interval);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks once. */
    void look() throws InterruptedException {
        try {
            PriceCatalogue prices = source.prices();
            if (!prices.version().equals(followed)) {
                changed.accept(prices);
                followed = prices.version();
                LOG.info("calls are priced by the catalogue {} from now on", followed);
            }
            hasFailed = false;
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Throwable failure) {
            // Errors too: a source is code of the host, and the next answer must be followed.
            if (!hasFailed && !closed) {
                LOG.warn("the prices of the catalogue {} stay, their source failed", followed, failure);
            }
            hasFailed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}
