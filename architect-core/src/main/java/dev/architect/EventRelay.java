package dev.architect;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the host's listeners on a thread of its own, in order: a listener that takes long delays the others, and
 * never the work.
 *
 * <p>The queue holds 10,000 events. When the listeners are slower than that, further events are dropped, and {@link
 * Event.EventsDropped} states how many as soon as there is room. Safe for use by several threads.
 */
final class EventRelay implements EventListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventRelay.class);

    private static final int QUEUE_LIMIT = 10_000;

    /** How long closing waits for the listeners to take what is queued. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * So long this thread gathers events before it delivers the next ones: waking it for each of them costs the threads that publish them as
     * much as the events themselves.
     */
    private static final long GATHER_MILLIS = 2;

    private final EventListener listeners;
    private final TimeSource time;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    EventRelay(EventListener listeners, TimeSource time, ThreadRunner runner) {
        this.listeners = listeners;
        this.time = time;
        this.thread = runner.startPlatform("events", this::deliver);
    }

    @Override
    public void onEvent(Event event) {
        if (!queue.offer(event)) {
            dropped.incrementAndGet();
        }
    }

    private void deliver() {
        List<Event> batch = new ArrayList<>();
        try {
            while (closing.getCount() > 0 || !queue.isEmpty()) {
                // By real time: whatever clock a test moves, this thread only waits for others to fill the queue.
                Event first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, QUEUE_LIMIT);
                    batch.forEach(listeners::onEvent);
                    batch.clear();
                    closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
                }
                long missed = dropped.getAndSet(0);
                if (missed > 0) {
                    LOG.warn("{} events were not delivered: the listeners are too slow", missed);
                    listeners.onEvent(new Event.EventsDropped(time.wallTime(), missed));
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Delivers what is queued, as far as the listeners take it within five seconds. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
