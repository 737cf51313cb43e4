package dev.architect.router;

import dev.architect.error.StoreException;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.record.RecordStore;
import dev.architect.router.choice.LearnedSelector;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the store what all nodes decided and what was said of it, so that each learns from all feedback, whichever node it came to: when a
 * router begins, and every five seconds from then on. Feedback that is given for a time more than a minute ago counts when a router begins
 * only. Safe for use by several threads.
 */
final class FeedbackWatch implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** So many of the last records are learned from; what is older would hardly count. */
    private static final int MOST_RECORDS = 2_000;

    private static final int PAGE = DecisionQuery.MAX_LIMIT;

    /** So far back is read again: a record may be written after the feedback about it, and clocks of nodes differ. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(FeedbackWatch.class);

    private final RecordStore store;
    private final Supplier<@Nullable LearnedSelector> current;
    private final TimeSource time;
    private final WakeUp wakeUp;
    private volatile boolean closed;
    private boolean isStarted;

    // Of the thread that looks.
    private long lastSequence;
    private Instant lastFeedback;
    private boolean fails;

    /**
     * Creates a watch.
     *
     * @param current what learns; null while nothing does
     */
    FeedbackWatch(RecordStore store, Supplier<@Nullable LearnedSelector> current, TimeSource time) {
        this.store = store;
        this.current = current;
        this.time = time;
        this.wakeUp = time.newWakeUp();
        this.lastFeedback = time.wallTime();
    }

    /** Learns from the records of earlier processes. */
    void restore(LearnedSelector learned) {
        try {
            learned.restore(newRecords());
        } catch (StoreException failure) {
            LOG.warn("online learning begins anew, because records could not be read: {}", failure.getMessage());
        }
    }

    /** Starts to look, on a thread of {@code threads}, whose owner closes this first; once. */
    synchronized void start(ThreadRunner threads) {
        if (isStarted) {
            return;
        }
        isStarted = true;
        try {
            threads.start("feedback", this::run);
        } catch (Throwable noThread) {
            // Requests are served all the same.
            LOG.error(
                    "there is no thread that reads feedback, so only that which comes here is learned from", noThread);
        }
    }

    private void run() {
        while (!closed) {
            try {
                wakeUp.await(INTERVAL);
            } catch (InterruptedException stop) {
                return;
            }
            if (!closed) {
                look();
            }
        }
    }

    /** Looks once. */
    void look() {
        LearnedSelector learned = current.get();
        if (learned == null || !learned.learns()) {
            return;
        }
        try {
            learned.remember(newRecords());
            learn(learned);
            fails = false;
        } catch (StoreException failure) {
            if (!fails) {
                LOG.warn("feedback of other nodes cannot be read for now: {}", failure.getMessage());
            }
            fails = true;
        } catch (Throwable failure) {
            // Errors too: a store may be code of the host, and the next look must follow.
            if (!fails) {
                LOG.warn("feedback of other nodes could not be learned from", failure);
            }
            fails = true;
        }
    }

    /** The records that are new since the last call, the oldest first. */
    private List<DecisionRecord> newRecords() {
        List<DecisionRecord> newestFirst = new ArrayList<>(store.find(DecisionQuery.newest(1)));
        if (newestFirst.isEmpty() || newestFirst.get(0).sequence() <= lastSequence) {
            return List.of();
        }
        long before = Long.MAX_VALUE;
        newestFirst.clear();
        List<DecisionRecord> page;
        do {
            // A whole page at least, also of those that are known: a smaller number may become visible after a larger
            // one.
            page = store.find(DecisionQuery.newest(PAGE).withBefore(before));
            newestFirst.addAll(page);
            before = page.isEmpty() ? 0 : page.get(page.size() - 1).sequence();
        } while (page.size() == PAGE && before > lastSequence && newestFirst.size() < MOST_RECORDS);
        lastSequence = Math.max(
                lastSequence, newestFirst.isEmpty() ? 0 : newestFirst.get(0).sequence());
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    private void learn(LearnedSelector learned) {
        Instant now = time.wallTime();
        // One that is said to be of the future must not hide those of the present.
        Instant from = (lastFeedback.isAfter(now) ? now : lastFeedback).minus(OVERLAP);
        String after = "";
        List<Feedback> page;
        do {
            page = store.feedbackAfter(from, after, PAGE);
            learned.learnOnce(page);
            if (!page.isEmpty()) {
                Feedback last = page.get(page.size() - 1);
                from = last.at();
                after = last.requestId();
                lastFeedback = last.at();
            }
        } while (page.size() == PAGE && !closed);
    }

    @Override
    public void close() {
        closed = true;
        wakeUp.signal();
    }
}
