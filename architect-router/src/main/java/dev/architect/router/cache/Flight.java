package dev.architect.router.cache;

import dev.architect.chat.ChatResponse;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call of one request, for whose answer equal requests wait. Safe for use by several threads. */
public final class Flight {

    /** What those that waited do. */
    public enum Result {
        /** They take the answer. */
        ANSWERED,
        /** They make calls of their own, one of them first. */
        FAILED,
        /** They make calls of their own, all at once: such an answer is not shared. */
        NOT_SHARED
    }

    private final TimeSource time;
    private final List<WakeUp> waiting = new ArrayList<>();
    private @Nullable Result result;
    private @Nullable ChatResponse answer;

    /** Creates a flight that has not ended. */
    public Flight(TimeSource time) {
        this.time = time;
    }

    void end(Result how, @Nullable ChatResponse answerOrNull) {
        List<WakeUp> woken;
        synchronized (waiting) {
            result = how;
            answer = answerOrNull;
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        woken.forEach(WakeUp::signal);
    }

    /**
     * Waits for the end, at most {@code timeout}.
     *
     * @return how it ended; null when the time is over
     * @throws InterruptedException when the thread was interrupted
     */
    public @Nullable Result await(Duration timeout) throws InterruptedException {
        WakeUp own = time.newWakeUp();
        long deadline = time.nanoTime() + timeout.toNanos();
        synchronized (waiting) {
            if (result != null) {
                return result;
            }
            waiting.add(own);
        }
        try {
            while (true) {
                boolean isSignalled = own.await(Duration.ofNanos(deadline - time.nanoTime()));
                synchronized (waiting) {
                    if (result != null || (!isSignalled && deadline - time.nanoTime() <= 0)) {
                        return result;
                    }
                }
            }
        } finally {
            synchronized (waiting) {
                waiting.remove(own);
            }
        }
    }

    /** The answer; null unless it ended with one. */
    public @Nullable ChatResponse answer() {
        synchronized (waiting) {
            return answer;
        }
    }
}
