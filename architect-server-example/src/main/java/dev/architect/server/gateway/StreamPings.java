package dev.architect.server.gateway;

import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.ClientGoneException;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes to streams in which nothing comes, so that neither clients nor proxies give them up. The first of these sends the head of an
 * answer: from then on a failure is an error inside the stream. Safe for use by several threads.
 */
final class StreamPings {

    /** How long a stream may be silent. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final ThreadRunner runner;
    private final TimeSource time;
    private final Set<Registration> open = ConcurrentHashMap.newKeySet();

    StreamPings(ThreadRunner runner, TimeSource time) {
        this.runner = runner;
        this.time = time;
    }

    void start() {
        runner.startPlatform("gateway-pings", this::run);
    }

    /** Keeps a stream alive until the registration is closed. */
    Registration add(EventSink sink, AnswerStream stream) {
        Registration added = new Registration(sink, stream);
        open.add(added);
        return added;
    }

    private void run() {
        try {
            while (true) {
                time.sleep(PERIOD);
                long now = time.nanoTime();
                for (Registration stream : open) {
                    if (now - stream.sink.writtenAt() >= SILENCE.toNanos()) {
                        // On a thread of its own: a client that does not read may hold it.
                        runner.run("gateway-ping", stream::ping);
                    }
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** A stream that is open. */
    final class Registration implements AutoCloseable {

        private final EventSink sink;
        private final AnswerStream stream;

        private Registration(EventSink sink, AnswerStream stream) {
            this.sink = sink;
            this.stream = stream;
        }

        private void ping() {
            sink.ifIdle(() -> {
                // Looked at again: several pings may be on their way to a stream that has just got one.
                if (time.nanoTime() - sink.writtenAt() >= SILENCE.toNanos()) {
                    try {
                        stream.ping();
                    } catch (ClientGoneException gone) {
                        // Its own thread finds out with the next write, or by its watch.
                        close();
                    }
                }
            });
        }

        @Override
        public void close() {
            open.remove(this);
            sink.end();
        }
    }
}
