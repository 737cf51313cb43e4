package dev.architect.activity;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.record.DecisionRecord;
import dev.architect.record.RecordStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records of decisions in groups, on a thread of its own that begins with the first record, and deletes old ones. The queue holds
 * 10,000 records; when the store is slower than that, the oldest waiting ones are dropped and counted: a sample must never
 * slow the work down. Safe for use by several threads.
 */
public final class DecisionWriter implements EventListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionWriter.class);

    private static final int QUEUE_LIMIT = 10_000;
    private static final int BATCH_LIMIT = 500;
    private static final int DELETE_LIMIT = 10_000;

    /** How long records are collected before they are written. */
    private static final Duration COLLECT = Duration.ofMillis(100);

    private static final Duration IDLE = Duration.ofMinutes(1);

    /** How often old records are looked for. */
    private static final Duration DELETE_INTERVAL = Duration.ofHours(1);

    private final RecordStore store;
    private final Supplier<Duration> retention;
    private final TimeSource time;
    private final ThreadRunner runner;
    private final WakeUp filled;
    private final BlockingQueue<DecisionRecord> waiting = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final AtomicLong dropped = new AtomicLong();
    private final Object starting = new Object();
    private volatile @Nullable Thread writer;
    private volatile boolean closed;
    private long deletedAt;
    private boolean anyDeleted;

    /** Creates a writer that keeps records and feedback for {@code retention}, which is asked anew each time. */
    public DecisionWriter(RecordStore store, Supplier<Duration> retention, TimeSource time, ThreadRunner runner) {
        this.store = store;
        this.retention = retention;
        this.time = time;
        this.runner = runner;
        this.filled = time.newWakeUp();
    }

    @Override
    public void onEvent(Event event) {
        if (event instanceof Event.DecisionRecorded recorded) {
            add(recorded.decision());
        }
    }

    private void add(DecisionRecord decision) {
        while (!waiting.offer(decision)) {
            // Null when the writer has just taken all of them; then there is room and nothing was lost.
            if (waiting.poll() != null) {
                dropped.incrementAndGet();
            }
        }
        if (writer == null) {
            start();
        }
        filled.signal();
    }

    private void start() {
        synchronized (starting) {
            if (writer == null && !closed) {
                writer = runner.startPlatform("records", this::write);
            }
        }
    }

    private void write() {
        try {
            while (!closed) {
                if (filled.await(IDLE)) {
                    time.sleep(COLLECT);
                }
                drain();
                deleteOld();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what waits. */
    private void drain() {
        List<DecisionRecord> batch = new ArrayList<>();
        while (waiting.drainTo(batch, BATCH_LIMIT) > 0) {
            try {
                store.append(List.copyOf(batch));
            } catch (RuntimeException failure) {
                // Not retried: records that wait for a store that fails would displace newer ones.
                LOG.warn("{} records of decisions were not written: {}", batch.size(), failure.getMessage());
            }
            batch.clear();
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.warn("{} records of decisions were dropped: the store was too slow", lost);
        }
    }

    private void deleteOld() {
        if (anyDeleted && time.nanoTime() - deletedAt < DELETE_INTERVAL.toNanos()) {
            return;
        }
        anyDeleted = true;
        deletedAt = time.nanoTime();
        try {
            Duration kept = retention.get();
            int count = DELETE_LIMIT;
            while (count >= DELETE_LIMIT && !closed) {
                count = store.deleteBefore(time.wallTime().minus(kept), DELETE_LIMIT);
            }
        } catch (RuntimeException failure) {
            LOG.warn("old records of decisions were not deleted: {}", failure.getMessage());
        }
    }

    /** Writes what waits and stops. */
    @Override
    public void close() {
        Thread running;
        synchronized (starting) {
            closed = true;
            running = writer;
        }
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            // On this thread: the writer may have been interrupted before its last pass.
            drain();
        }
    }
}
