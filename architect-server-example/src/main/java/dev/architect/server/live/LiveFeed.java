package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import dev.architect.spi.WakeUp;
import dev.architect.thread.ThreadRunner;
import io.javalin.http.Context;
import io.javalin.websocket.WsConfig;
import io.micrometer.core.instrument.Gauge;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes snapshots to open pages, at most two a second and fewer when taking one is slow, so that the feed never takes
 * more than a fifth of a thread. No snapshot is taken while no page is open; an unchanged one is pushed every five seconds.
 */
public final class LiveFeed implements AutoCloseable {

    /** Where pages connect. */
    public static final String PATH = "/ws/live";

    /** The most open WebSockets. */
    public static final int MAX_CONNECTIONS = 32;

    /** The most characters of a message that a page may send; the protocol has one word. */
    public static final int MAX_MESSAGE_CHARACTERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Duration UNCHANGED_PERIOD = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);
    private static final int PAUSE_FACTOR = 4;
    private static final String SEEN = "seen";
    private static final String PRINCIPAL = "architect.live.principal";
    private static final int GOING_AWAY = 1001;

    private final AccessFilter accessFilter;
    private final TimeSource time;
    private final LiveSnapshot snapshot;
    private final WakeUp connected;
    private final Map<String, LiveSocket> sockets = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Creates a feed that does nothing until it is started. */
    public LiveFeed(Architect architect, ArchitectMeters meters, AccessFilter accessFilter, TimeSource time) {
        this.accessFilter = accessFilter;
        this.time = time;
        this.snapshot = new LiveSnapshot(architect, meters, time);
        this.connected = time.newWakeUp();
        Gauge.builder("architect.live.pages", sockets, Map::size)
                .description("Open live pages, at most " + MAX_CONNECTIONS)
                .register(meters.registry());
    }

    /** Starts to push. Called once. */
    public void start(ThreadRunner runner) {
        runner.startPlatform("live", this::run);
    }

    /** Returns when the upgrade may proceed; throws the error to respond with otherwise. */
    public void beforeUpgrade(Context request) {
        Principal principal = accessFilter.filterUpgrade(request);
        if (sockets.size() >= MAX_CONNECTIONS) {
            throw new ApiException(
                    503,
                    "too-many-pages",
                    MAX_CONNECTIONS + " live pages are open, expected fewer",
                    null,
                    Duration.ofSeconds(30));
        }
        request.attribute(PRINCIPAL, principal);
    }

    /** Registers the handlers of a WebSocket. */
    public void configure(WsConfig socket) {
        socket.onConnect(page -> {
            Principal principal = page.attribute(PRINCIPAL);
            if (principal == null || sockets.size() >= MAX_CONNECTIONS) {
                page.session.disconnect();
                return;
            }
            sockets.put(page.sessionId(), new LiveSocket(page.session, principal, time));
            connected.signal();
        });
        socket.onMessage(page -> {
            LiveSocket known = sockets.get(page.sessionId());
            if (known != null && page.message().equals(SEEN)) {
                known.touch();
            }
        });
        socket.onClose(page -> sockets.remove(page.sessionId()));
        socket.onError(page -> {
            sockets.remove(page.sessionId());
            page.session.disconnect();
        });
    }

    private void run() {
        String last = "";
        long pushedAt = time.nanoTime();
        try {
            while (!closed) {
                boolean isNew = connected.await(sockets.isEmpty() ? UNCHANGED_PERIOD : Duration.ZERO);
                Duration rest = PERIOD;
                if (!sockets.isEmpty()) {
                    long start = time.nanoTime();
                    String json = snapshotJson(last);
                    boolean isDue = start - pushedAt >= UNCHANGED_PERIOD.toNanos();
                    if (isNew || isDue || !json.equals(last)) {
                        push(json);
                        pushedAt = start;
                        last = json;
                    }
                    Duration took = Duration.ofNanos(time.nanoTime() - start).multipliedBy(PAUSE_FACTOR);
                    rest = took.compareTo(PERIOD) > 0 ? took : PERIOD;
                }
                time.sleep(rest);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns a new snapshot, or {@code last} while the store fails. */
    private String snapshotJson(String last) {
        try {
            return new String(JsonResponseWriter.bytes(snapshot.write()), StandardCharsets.UTF_8);
        } catch (ArchitectException failure) {
            LOG.warn("a live snapshot was skipped: {}", failure.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("a live snapshot was skipped", failure);
        }
        return last;
    }

    private void push(String json) {
        if (json.isEmpty()) {
            return;
        }
        ObjectNode at = JsonResponseWriter.object().put("at", time.wallTime().toString());
        String head = new String(JsonResponseWriter.bytes(at), StandardCharsets.UTF_8);
        String whole = head.substring(0, head.length() - 1) + "," + json.substring(1);
        sockets.values().forEach(socket -> socket.offer(whole));
    }

    /** Closes the WebSockets, and waits up to half a second until the close frames are sent. */
    @Override
    public void close() {
        closed = true;
        connected.signal();
        List<LiveSocket> open = List.copyOf(sockets.values());
        CountDownLatch sent = new CountDownLatch(open.size());
        open.forEach(socket -> socket.close(GOING_AWAY, "the server stops", sent::countDown));
        try {
            if (!sent.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("{} WebSockets were closed without a close frame", sent.getCount());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
