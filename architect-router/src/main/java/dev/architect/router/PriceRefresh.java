package dev.architect.router;

import dev.architect.control.PriceSourceException;
import dev.architect.control.PriceStatus;
import dev.architect.cost.PriceCatalogue;
import dev.architect.spi.PriceSource;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
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
    private final TimeSource time;
    private volatile boolean closed;
    private volatile PriceStatus.Source status = new PriceStatus.Source(Optional.empty(), Optional.empty(), false);

    /** Held while the source is asked, which one thread at a time does. */
    private final ReentrantLock asking = new ReentrantLock();

    // Of the thread that asks.
    private String followed;

    /** Creates the asking; {@code version} is that of the prices which are followed now. */
    PriceRefresh(
            PriceSource source, Duration interval, String version, Consumer<PriceCatalogue> changed, TimeSource time) {
        this.source = source;
        this.interval = interval;
        this.followed = version;
        this.changed = changed;
        this.wakeUp = time.newWakeUp();
        this.time = time;
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

    /** Asks once. A failure is logged, and the prices stay as they are. */
    void look() throws InterruptedException {
        boolean hadFailed = status.hasFailed();
        try {
            ask();
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Throwable failure) {
            // Errors too: a source is code of the host, and the next answer must be followed.
            if (!hadFailed && !closed) {
                LOG.warn("the prices of the catalogue {} stay, their source failed", followed, failure);
            }
        }
    }

    /**
     * Asks now.
     *
     * @return whether there were others than before
     * @throws PriceSourceException when the source failed
     */
    boolean refresh() throws InterruptedException {
        try {
            return ask();
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Throwable failure) {
            LOG.warn("the prices of the catalogue {} stay, their source failed", followed, failure);
            throw new PriceSourceException(failure);
        }
    }

    private boolean ask() throws InterruptedException {
        asking.lockInterruptibly();
        Optional<Instant> now = Optional.of(time.wallTime());
        boolean isAnswered = false;
        try {
            PriceCatalogue prices = source.prices();
            boolean isOther = !prices.version().equals(followed);
            if (isOther) {
                changed.accept(prices);
                followed = prices.version();
                LOG.info("calls are priced by the catalogue {} from now on", followed);
            }
            isAnswered = true;
            return isOther;
        } finally {
            status = new PriceStatus.Source(now, isAnswered ? now : status.answeredAt(), !isAnswered);
            asking.unlock();
        }
    }

    /** How the source fares. */
    PriceStatus.Source status() {
        return status;
    }

    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}
