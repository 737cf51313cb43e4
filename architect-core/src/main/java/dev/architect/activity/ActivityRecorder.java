package dev.architect.activity;

import dev.architect.error.ArchitectException;
import dev.architect.event.ActivityEntry;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to the activity log in batches, on a thread of its own. Entries that repeat are combined, so that many of one sort do not
 * hide a rare one.
 *
 * <p>The queue holds 10,000 entries. When the store is slower than that, the oldest waiting ones are dropped and one entry
 * states how many: the log is a view for people, and must never slow the work down.
 */
public final class ActivityRecorder implements EventListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ActivityRecorder.class);

    private static final int QUEUE_LIMIT = 10_000;
    private static final int BATCH_LIMIT = 500;

    /** How long entries are collected before they are written. */
    private static final Duration COLLECT = Duration.ofMillis(100);

    private final ActivityStore store;
    private final TimeSource time;
    private final WakeUp filled;
    private final BlockingQueue<ActivityEntry> waiting = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final ActivityRepeats repeats;
    private final AtomicLong givenUp = new AtomicLong();
    private final Thread writer;
    private volatile boolean closed;

    /** Starts writing to {@code store}. */
    public ActivityRecorder(ActivityStore store, TimeSource time, ThreadRunner runner) {
        this.store = store;
        this.time = time;
        this.filled = time.newWakeUp();
        this.repeats = new ActivityRepeats(time);
        this.writer = runner.startPlatform("activity", this::write);
    }

    @Override
    public void onEvent(Event event) {
        Optional<ActivityEntry> entry = ActivityText.of(event).filter(repeats::isWritten);
        if (entry.isEmpty()) {
            return;
        }
        while (!waiting.offer(entry.get())) {
            // Null when the writer has just taken all of them; then there is room and nothing was lost.
            if (waiting.poll() != null) {
                givenUp.incrementAndGet();
            }
        }
        filled.signal();
    }

    private void write() {
        try {
            while (!closed) {
                if (filled.await(COLLECT.multipliedBy(10))) {
                    // A commit costs much the same for one entry as for many, so a few more are awaited.
                    time.sleep(COLLECT);
                }
                drain(repeats.due());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(List<ActivityEntry> combined) {
        List<ActivityEntry> batch = new ArrayList<>(combined);
        while (waiting.drainTo(batch, BATCH_LIMIT) > 0 || !batch.isEmpty()) {
            long lost = givenUp.getAndSet(0);
            if (lost > 0) {
                batch.add(new ActivityEntry(
                        0,
                        time.wallTime(),
                        "activity-given-up",
                        Optional.empty(),
                        lost + " older entries were not written"));
            }
            try {
                store.append(List.copyOf(batch));
            } catch (ArchitectException failure) {
                // Not retried: entries that wait for a store that fails would displace newer ones.
                LOG.warn("{} activity entries were not written: {}", batch.size(), failure.getMessage());
                givenUp.addAndGet(batch.size());
            }
            batch.clear();
        }
    }

    /** Writes what waits and stops. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // On this thread: the writer may have been interrupted before its last pass.
        drain(repeats.rest());
    }
}
