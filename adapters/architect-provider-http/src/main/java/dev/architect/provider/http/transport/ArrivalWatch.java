package dev.architect.provider.http.transport;

import dev.architect.chat.ChatListener;
import java.io.IOException;

/**
 * Tells the listener of a stream when more of the answer is here and when it is waited for: the thread of its call reads the connection
 * itself, and only when all that has come was delivered. Used by that thread; reads of others are none of this call's.
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
