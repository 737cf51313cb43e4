package dev.architect.provider.http.transport;

import dev.architect.chat.ChatListener;
import java.io.IOException;

/**
 * Finds out for the listener of a stream when parts of the answer have come together and when the next ones are waited for: a read of the
 * connection by the thread of the call means that all that has come was delivered. Used by that thread; reads by others do not count.
 */
final class ArrivalWatch implements CountingSocketFactory.ReadObserver {

    private final Thread reader = Thread.currentThread();
    private final ChatListener listener;
    private final LimitClock clock;
    private boolean isBurst;
    private boolean ended;

    ArrivalWatch(ChatListener listener, LimitClock clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /** The head of the answer is here, and what came with it. */
    void begin() {
        afterRead();
    }

    @Override
    public void beforeRead() throws IOException {
        if (isBurst && !ended && Thread.currentThread() == reader) {
            isBurst = false;
            clock.outside(listener::onPause);
        }
    }

    @Override
    public void afterRead() {
        if (!isBurst && !ended && Thread.currentThread() == reader) {
            isBurst = true;
            listener.onBurst();
        }
    }

    /** The answer was read, or broke off. */
    void end() {
        ended = true;
        if (isBurst) {
            isBurst = false;
            listener.onPause();
        }
    }
}
