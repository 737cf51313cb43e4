package dev.architect.gateway;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.error.StoreException;
import dev.architect.loop.EngineLoop;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes calls to the ledger. A call is handed over in memory, so that no answer waits for a disk, and written with all others that
 * have come meanwhile, by its loop or by whoever needs them written ({@link #flush}). What the store cannot take at the moment is
 * kept and offered again until it can: it was made and paid for, and its answer must not be lost because a disk is full. Safe for use by
 * several threads.
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
    private final Queue<LedgerEntry> handedOver = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unrecorded = new AtomicInteger();
    /** Held while entries are written: a thread that waits for it finds its own written. */
    private final Lock writing = new ReentrantLock();

    // Guarded by the lock.
    private final Deque<LedgerEntry> refused = new ArrayDeque<>();
    private boolean refusalAnnounced;
    private volatile int refusedCount;

    /** Creates a writer to {@code store}; {@link #start} starts its loop. */
    public LedgerWriter(LedgerStore store, TimeSource time, ThreadRunner threads) {
        this.store = store;
        this.loop = new EngineLoop("ledger", this::write, time, threads);
    }

    /** Starts to write what no request waits for, and to offer again what the store could not take. */
    public void start() {
        loop.start();
    }

    /** How many calls are kept because the store cannot take them. */
    public int keptCount() {
        return refusedCount;
    }

    /** Whether {@link #begin} does anything. */
    boolean notesCalls() {
        return store.notesCalls();
    }

    /** Notes a call that is about to be sent. A call is not refused because it cannot be noted: only a crash would lose its cost. */
    void begin(LedgerEntry unrecordedCall) {
        try {
            store.begin(unrecordedCall);
        } catch (RuntimeException failure) {
            LOG.warn("a call was not noted before it was sent: {}", failure.getMessage());
        }
    }

    /**
     * Takes over a call. Blocks only when too many are kept already.
     *
     * @throws StoreException when too many are kept, and the store takes none of them
     */
    void record(LedgerEntry entry) {
        handOver(entry);
        loop.signal();
    }

    /**
     * The same for a request that calls {@link #flush} before it returns: after an answer that is at once, so that waking another thread
     * would only make both wait for each other.
     */
    void recordBeforeFlush(LedgerEntry entry) {
        handOver(entry);
        if (entry.outcome() != CallOutcome.ANSWERED) {
            loop.signal();
        }
    }

    private void handOver(LedgerEntry entry) {
        if (unrecorded.incrementAndGet() > MAX_KEPT) {
            flush();
            if (unrecorded.get() > MAX_KEPT) {
                unrecorded.decrementAndGet();
                throw new StoreException(
                        StoreException.Kind.FULL, MAX_KEPT + " calls wait for the ledger, which takes none", null);
            }
        }
        handedOver.add(entry);
    }

    /**
     * Returns when everything that was handed over before is in the store, or was offered to it in vain and is kept. Blocks for a
     * write. Fails in no case: what cannot be written stays here.
     */
    public void flush() {
        if (unrecorded.get() == 0) {
            return;
        }
        // A store may give up for an interrupted thread.
        boolean interrupted = Thread.interrupted();
        try {
            write();
            if (unrecorded.get() > 0) {
                // The loop offers again what the store did not take.
                loop.signal();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Offers everything to the store once; how long until it is to be offered again. */
    private Duration write() {
        writing.lock();
        try {
            List<LedgerEntry> batch = nextBatch();
            while (!batch.isEmpty()) {
                if (!writeSome(batch)) {
                    return RETRY_INTERVAL;
                }
                batch = nextBatch();
            }
            return IDLE;
        } finally {
            refusedCount = refused.size();
            refusalAnnounced = refusalAnnounced && !refused.isEmpty();
            writing.unlock();
        }
    }

    private List<LedgerEntry> nextBatch() {
        List<LedgerEntry> batch = new ArrayList<>();
        LedgerEntry next = next();
        while (next != null) {
            batch.add(next);
            next = batch.size() < BATCH ? next() : null;
        }
        return batch;
    }

    private @Nullable LedgerEntry next() {
        LedgerEntry earlier = refused.poll();
        return earlier == null ? handedOver.poll() : earlier;
    }

    /** Returns whether the store took any of the entries; the others are kept. */
    private boolean writeSome(List<LedgerEntry> batch) {
        if (isWritten(batch)) {
            return true;
        }
        List<LedgerEntry> left = new ArrayList<>();
        for (LedgerEntry entry : batch) {
            // Alone: an entry that the store refuses must not hold back the others.
            if (batch.size() == 1 || !isWritten(List.of(entry))) {
                left.add(entry);
            }
        }
        refused.addAll(left);
        return left.size() < batch.size();
    }

    private boolean isWritten(List<LedgerEntry> entries) {
        try {
            // An entry that is there already is left as it is, so one of unknown outcome may be written again.
            store.record(entries);
        } catch (Throwable failure) {
            // Errors too: the calls have left the queue, and would be lost with whoever writes them.
            // Once for each time in which the store takes nothing, and not for each call.
            if (!refusalAnnounced) {
                refusalAnnounced = true;
                LOG.warn("calls wait for the ledger: {}", failure.getMessage());
            }
            return false;
        }
        unrecorded.addAndGet(-entries.size());
        return true;
    }

    /** Writes what is kept, as far as the store takes it. */
    @Override
    public void close() {
        loop.stop();
        loop.join(RETRY_INTERVAL.multipliedBy(3));
        write();
        if (unrecorded.get() > 0) {
            LOG.error("{} calls were not recorded in the ledger: the store does not take them", unrecorded.get());
        }
    }
}
