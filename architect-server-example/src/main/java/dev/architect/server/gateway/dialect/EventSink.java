package dev.architect.server.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes server-sent events to one client, each of them at once, or those that come together in one piece. The first one sends the head of the
 * answer, which can no longer change then. Safe for use by several threads.
 */
public final class EventSink {

    private static final byte[] EVENT = bytes("event: ");
    private static final byte[] DATA = bytes("data: ");
    private static final byte[] END = bytes("\n\n");
    private static final byte[] NEW_LINE = bytes("\n");

    /** More than that is sent although more comes at once. */
    private static final int MOST_GATHERED = 8 * 1024;

    private final Context answer;
    private final TimeSource time;
    private final Runnable onHead;
    // No monitor: a virtual thread that waits inside one would hold its carrier on Java 21 to 23.
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(256);
    private @Nullable OutputStream out;
    private boolean ended;
    private boolean gathers;
    private volatile long writtenAt;

    /** Creates a sink that has sent nothing yet; {@code onHead} runs when the head is about to be sent. */
    public EventSink(Context answer, TimeSource time, Runnable onHead) {
        this.answer = answer;
        this.onHead = onHead;
        this.time = time;
        this.writtenAt = time.nanoTime();
    }

    /** Sets a header; without effect once the head is sent. */
    public void header(String name, String value) {
        lock.lock();
        try {
            if (out == null) {
                answer.header(name, value);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the head is sent. */
    public boolean hasBegun() {
        lock.lock();
        try {
            return out != null;
        } finally {
            lock.unlock();
        }
    }

    /** Sends data without a name. */
    public void data(byte[] json) {
        lock.lock();
        try {
            buffer.writeBytes(DATA);
            buffer.writeBytes(json);
            buffer.writeBytes(END);
            sendUnlessGathering();
        } finally {
            lock.unlock();
        }
    }

    /** Sends data without a name. */
    public void data(JsonNode json) {
        data(JsonResponseWriter.bytes(json));
    }

    /** Sends a named event. */
    public void event(String name, JsonNode json) {
        event(name, JsonResponseWriter.bytes(json));
    }

    /** Sends a named event whose data is one line. */
    public void event(String name, String data) {
        event(name, bytes(data.replace("\n", "\ndata: ")));
    }

    private void event(String name, byte[] data) {
        lock.lock();
        try {
            buffer.writeBytes(EVENT);
            buffer.writeBytes(bytes(name));
            buffer.writeBytes(NEW_LINE);
            buffer.writeBytes(DATA);
            buffer.writeBytes(data);
            buffer.writeBytes(END);
            sendUnlessGathering();
        } finally {
            lock.unlock();
        }
    }

    /** Sends a line that clients skip. */
    public void comment(String text) {
        lock.lock();
        try {
            buffer.writeBytes(bytes(": " + text));
            buffer.writeBytes(END);
            sendUnlessGathering();
        } finally {
            lock.unlock();
        }
    }

    /** More follows at once: events wait until {@link #release}, or until there are some kilobytes. */
    public void gather() {
        lock.lock();
        try {
            gathers = true;
        } finally {
            lock.unlock();
        }
    }

    /** Sends what waits; from now on each event is sent at once. */
    public void release() {
        lock.lock();
        try {
            gathers = false;
            if (buffer.size() > 0) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What waits is the end of the answer, and is sent with the end of its body; from now on {@link #ifIdle} does nothing. */
    public void finish() {
        lock.lock();
        try {
            gathers = false;
            ended = true;
            if (buffer.size() > 0) {
                write();
            }
        } finally {
            lock.unlock();
        }
    }

    /** When the last byte was sent, or when the request came, by the monotonic clock. */
    public long writtenAt() {
        return writtenAt;
    }

    /** Runs {@code ping} unless something is being written at the moment, or the answer has ended. */
    public void ifIdle(Runnable ping) {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!ended) {
                ping.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** From now on {@link #ifIdle} does nothing. */
    public void end() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }

    private void sendUnlessGathering() {
        if (!gathers || buffer.size() > MOST_GATHERED) {
            flush();
        }
    }

    private void flush() {
        try {
            write().flush();
            writtenAt = time.nanoTime();
        } catch (IOException gone) {
            throw new ClientGoneException();
        }
    }

    private OutputStream write() {
        try {
            OutputStream open = out;
            if (open == null) {
                onHead.run();
                answer.status(200);
                answer.contentType("text/event-stream; charset=utf-8");
                answer.header("X-Accel-Buffering", "no");
                // Not that of the library, whose flush() does nothing.
                open = answer.res().getOutputStream();
                out = open;
            }
            buffer.writeTo(open);
            return open;
        } catch (IOException gone) {
            throw new ClientGoneException();
        } finally {
            buffer.reset();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
