package dev.architect.server.live;

import dev.architect.change.ChangePosition;
import dev.architect.json.JsonText;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sends messages as server-sent events, on the thread of the request. What waits for it is bounded by the connection, which sends nothing more
 * before all was taken. Safe for use by several threads.
 */
final class EventStreamSink implements LiveSink {

    private static final Duration LOOK = Duration.ofSeconds(5);

    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final WakeUp news;
    private volatile boolean closed;
    private volatile Runnable onClosed = () -> {};

    private record Waiting(LiveMessage message, OnEnd onEnd) {}

    EventStreamSink(TimeSource time) {
        this.news = time.newWakeUp();
    }

    @Override
    public void send(LiveMessage message, OnEnd onEnd) {
        queue.add(new Waiting(message, onEnd));
        news.signal();
    }

    @Override
    public void close(int code, String reason, Runnable whenTold) {
        onClosed = whenTold;
        String json = JsonText.write(Map.of("type", "bye", "code", code, "reason", reason));
        queue.add(new Waiting(new LiveMessage("bye", json, Optional.empty()), taken -> {}));
        disconnect();
    }

    @Override
    public void disconnect() {
        closed = true;
        news.signal();
    }

    /** Writes what comes until it is closed, or the client is gone. */
    void pump(OutputStream out) {
        try {
            boolean isLast;
            do {
                isLast = closed;
                write(out);
                if (!isLast) {
                    news.await(LOOK);
                }
            } while (!isLast);
        } catch (IOException gone) {
            closed = true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
                left.onEnd().ended(false);
            }
            onClosed.run();
        }
    }

    private void write(OutputStream out) throws IOException {
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            boolean isTaken = false;
            try {
                out.write(event(next.message()).getBytes(StandardCharsets.UTF_8));
                out.flush();
                isTaken = true;
            } finally {
                next.onEnd().ended(isTaken);
            }
        }
    }

    private static String event(LiveMessage message) {
        Optional<ChangePosition> position = message.position();
        String id = position.map(at -> "id: " + at.era() + "-" + at.sequence() + "\n")
                .orElse("");
        return "event: " + message.type() + "\n" + id + "data: " + message.json() + "\n\n";
    }
}
