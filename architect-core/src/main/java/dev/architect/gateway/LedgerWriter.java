package dev.architect.gateway;

import dev.architect.cost.LedgerEntry;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.loop.EngineLoop;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes calls to the ledger. A call that the store cannot take at the moment is kept in memory and offered again until it can: it
 * was made and paid for, and its answer must not be lost because a disk is full. Safe for use by several threads.
 */
public final class LedgerWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);

    /** The most calls that are kept; further ones fail their requests, so that memory is bounded. */
    private static final int MAX_KEPT = 100_000;

    private static final int BATCH = 500;
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final LedgerStore store;
    private final EngineLoop loop;
    private final Queue<LedgerEntry> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger keptCount = new AtomicInteger();

    /** Creates a writer to {@code store}; {@link #start} starts its loop. */
    public LedgerWriter(LedgerStore store, TimeSource time, ThreadRunner threads) {
        this.store = store;
        this.loop = new EngineLoop("ledger", this::writeKept, time, threads);
    }

    /** Starts to offer again what the store could not take. */
    public void start() {
        loop.start();
    }

    /** How many calls are kept because the store cannot take them. */
    public int keptCount() {
        return keptCount.get();
    }

    /**
     * Records a call, or keeps it.
     *
     * @throws StoreException when the store is closed, or cannot take it while too many are kept already
     */
    void record(LedgerEntry entry) {
        try {
            store.record(List.of(entry));
        } catch (StoreException failure) {
            if (failure.kind() == Kind.CLOSED || !keep(entry)) {
                throw failure;
            }
            LOG.warn("call {} waits for the ledger: {}", entry.callId(), failure.getMessage());
        }
    }

    private boolean keep(LedgerEntry entry) {
        if (keptCount.incrementAndGet() > MAX_KEPT) {
            keptCount.decrementAndGet();
            return false;
        }
        kept.add(entry);
        loop.signal();
        return true;
    }

    private Duration writeKept() {
        while (!kept.isEmpty()) {
            List<LedgerEntry> batch = new ArrayList<>();
            for (LedgerEntry entry : kept) {
                if (batch.size() < BATCH) {
                    batch.add(entry);
                }
            }
            try {
                // An entry that is there already is left as it is, so one of unknown outcome may be written again.
                store.record(batch);
            } catch (StoreException failure) {
                return RETRY_INTERVAL;
            }
            batch.forEach(entry -> kept.poll());
            keptCount.addAndGet(-batch.size());
        }
        return IDLE;
    }

    /** Writes what is kept, as far as the store takes it. */
    @Override
    public void close() {
        loop.stop();
        loop.join(RETRY_INTERVAL.multipliedBy(3));
        writeKept();
        if (!kept.isEmpty()) {
            LOG.error("{} calls were not recorded in the ledger: the store does not take them", keptCount.get());
        }
    }
}
