package dev.architect.provider.http.transport;

import dev.architect.provider.http.reading.Exchange;
import dev.architect.request.CallLimits;
import dev.architect.spi.TimeSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which limit of a call runs, and until when. It runs only while the call's thread waits for the provider, so that the time a
 * listener takes is no silence. The call's thread starts and stops it; one other thread asks whether it is over.
 */
final class LimitClock {

    /** A part of a call that may take only so long. */
    enum Limit {
        HEADERS,
        FIRST_TOKEN,
        IDLE
    }

    private static final TimeSource TIME = TimeSource.system();

    /** Deadlines are odd, so that no point in time can be taken for one of these. */
    private static final long STOPPED = 0;

    private static final long EXPIRED = 2;

    private final CallLimits limits;
    private final Exchange exchange;
    private final AtomicLong state = new AtomicLong(STOPPED);
    // Of the call's thread alone, as everything below.
    private Limit running = Limit.HEADERS;
    private long deadline = STOPPED;
    private long startedAt;
    private long firstTokenNanosLeft;

    /** Creates a clock that does not run. */
    LimitClock(CallLimits limits, Exchange exchange) {
        this.limits = limits;
        this.exchange = exchange;
        this.firstTokenNanosLeft = nanos(limits.firstToken());
    }

    /** Starts to wait for the head of the reply to a call that began at {@code sentAt}. */
    void awaitHead(long sentAt) {
        start(limits.headers(), sentAt, nanos(limits.headers()));
    }

    /** The head has come: returns its body, whose reader waits within the limits that are left. */
    InputStream body(InputStream body) throws IOException {
        stop();
        running = Limit.FIRST_TOKEN;
        return new TimedBody(body);
    }

    /**
     * Runs {@code work} of this side in the middle of a read of the body: what it takes is no silence of the provider.
     *
     * @throws IOException when the limit was over before
     */
    void outside(Runnable work) throws IOException {
        gotBytes();
        work.run();
        awaitBytes();
    }

    /** Whether the limit that runs is over at {@code now}, which is true once. Called by the other thread. */
    boolean expires(long now) {
        long until = state.get();
        return (until & 1) == 1 && now - until >= 0 && state.compareAndSet(until, EXPIRED);
    }

    /** Whether a limit was exceeded. */
    boolean isExpired() {
        return state.get() == EXPIRED;
    }

    /** The limit that was exceeded, or the one that would be next. */
    Limit limit() {
        return running;
    }

    /** How long the {@link #limit()} is. */
    Duration length() {
        return switch (running) {
            case HEADERS -> limits.headers();
            case FIRST_TOKEN -> limits.firstToken();
            case IDLE -> limits.idle();
        };
    }

    private void start(Duration limit, long now, long nanosLeft) {
        startedAt = now;
        // The end of the whole call comes first then, and its own clock runs already.
        deadline = limit.compareTo(limits.total()) < 0 ? (now + nanosLeft) | 1 : STOPPED;
        state.compareAndSet(STOPPED, deadline);
    }

    /** Stops, or fails when the limit is over: what came too late was not in time, whichever thread notices it first. */
    private void stop() throws IOException {
        if (!state.compareAndSet(deadline, STOPPED)) {
            throw new IOException("late");
        }
    }

    private void awaitBytes() throws IOException {
        if (running == Limit.FIRST_TOKEN && exchange.hasContent()) {
            running = Limit.IDLE;
        }
        long now = TIME.nanoTime();
        if (running == Limit.IDLE) {
            start(limits.idle(), now, nanos(limits.idle()));
            return;
        }
        start(limits.firstToken(), now, firstTokenNanosLeft);
        // A provider that sends pings without a pause lets the clock run too briefly for the other thread to see it.
        if (firstTokenNanosLeft <= 0 && expires(now)) {
            throw new IOException("late");
        }
    }

    private void gotBytes() throws IOException {
        stop();
        if (running == Limit.FIRST_TOKEN) {
            firstTokenNanosLeft -= TIME.nanoTime() - startedAt;
        }
    }

    private static long nanos(Duration limit) {
        return OkHttpTransport.nanos(limit);
    }

    /** A body whose reads are timed. */
    private final class TimedBody extends FilterInputStream {

        TimedBody(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            awaitBytes();
            int value = in.read();
            gotBytes();
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            awaitBytes();
            int read = in.read(bytes, offset, length);
            gotBytes();
            return read;
        }
    }
}
