package dev.architect.gateway;

import dev.architect.cost.LedgerEntry;
import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.loop.EngineLoop;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
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

    /** Notes a call that is about to be sent. A call is not refused because it cannot be noted: only a crash would lose its cost. */
    void begin(LedgerEntry unrecorded) {
        try {
            store.begin(unrecorded);
        } catch (RuntimeException failure) {
            LOG.warn("a call was not noted before it was sent: {}", failure.getMessage());
        }
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
            // Once for each time in which the store takes nothing, and not for each call.
            if (keptCount.get() == 1) {
                LOG.warn("calls wait for the ledger: {}", failure.getMessage());
            }
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

    /** One caller at a time: the loop, and whoever closes. */
    private synchronized Duration writeKept() {
        while (!kept.isEmpty()) {
            if (!writeSome(kept.stream().limit(BATCH).toList())) {
                return RETRY_INTERVAL;
            }
        }
        return IDLE;
    }

    /** Returns whether the store took any of the entries. */
    private boolean writeSome(List<LedgerEntry> batch) {
        if (write(batch)) {
            return true;
        }
        boolean any = false;
        for (LedgerEntry entry : batch) {
            // Alone: an entry that the store refuses must not hold back the others.
            any = write(List.of(entry)) || any;
        }
        return any;
    }

    private boolean write(List<LedgerEntry> entries) {
        try {
            // An entry that is there already is left as it is, so one of unknown outcome may be written again.
            store.record(entries);
        } catch (RuntimeException failure) {
            return false;
        }
        kept.removeAll(Set.copyOf(entries));
        keptCount.addAndGet(-entries.size());
        return true;
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
