package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.architect.runtime.ArchitectMeters;
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
 * Pushes snapshots to open pages, at most two a second and rarer when drawing one is slow, so that looking on never takes
 * more than a fifth of a thread. Nothing is drawn while no page is open; an unchanged one is pushed every five seconds.
 */
public final class LiveFeed implements AutoCloseable {

    /** Where pages connect. */
    public static final String PATH = "/ws/live";

    /** The most open pages. */
    public static final int MOST_SOCKETS = 32;

    /** The most characters of a message that a page may send; it has one word to say. */
    public static final int MOST_MESSAGE_CHARACTERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Duration UNCHANGED_PERIOD = Duration.ofSeconds(5);
    private static final Duration GOODBYE = Duration.ofMillis(500);
    private static final int SHARE = 4;
    private static final String SEEN = "seen";
    private static final String CALLER = "architect.live.caller";
    private static final int GOING_AWAY = 1001;

    private final AccessFilter gate;
    private final TimeSource time;
    private final LiveSnapshot snapshot;
    private final WakeUp connected;
    private final Map<String, LiveSocket> sockets = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Creates a feed that rests until it is started. */
    public LiveFeed(Architect architect, ArchitectMeters meters, AccessFilter gate, TimeSource time) {
        this.gate = gate;
        this.time = time;
        this.snapshot = new LiveSnapshot(architect, meters, time);
        this.connected = time.newWakeUp();
        Gauge.builder("architect.live.pages", sockets, Map::size)
                .description("Open live pages, at most " + MOST_SOCKETS)
                .register(meters.registry());
    }

    /** Begins to push. Called once. */
    public void start(ThreadRunner runner) {
        runner.startPlatform("live", this::run);
    }

    /** Lets an upgrade pass or throws what to answer. */
    public void beforeUpgrade(Context request) {
        Principal caller = gate.checkUpgrade(request);
        if (sockets.size() >= MOST_SOCKETS) {
            throw new ApiException(
                    503,
                    "too-many-pages",
                    MOST_SOCKETS + " live pages are open, expected fewer",
                    null,
                    Duration.ofSeconds(30));
        }
        request.attribute(CALLER, caller);
    }

    /** Registers what a socket does. */
    public void configure(WsConfig socket) {
        socket.onConnect(page -> {
            Principal caller = page.attribute(CALLER);
            if (caller == null || sockets.size() >= MOST_SOCKETS) {
                page.session.disconnect();
                return;
            }
            sockets.put(page.sessionId(), new LiveSocket(page.session, caller, time));
            connected.signal();
        });
        socket.onMessage(page -> {
            LiveSocket known = sockets.get(page.sessionId());
            if (known != null && page.message().equals(SEEN)) {
                known.seen();
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
                    String drawn = draw(last);
                    boolean isDue = start - pushedAt >= UNCHANGED_PERIOD.toNanos();
                    if (isNew || isDue || !drawn.equals(last)) {
                        push(drawn);
                        pushedAt = start;
                        last = drawn;
                    }
                    Duration took = Duration.ofNanos(time.nanoTime() - start).multipliedBy(SHARE);
                    rest = took.compareTo(PERIOD) > 0 ? took : PERIOD;
                }
                time.sleep(rest);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Draws, or returns {@code last} again while the store fails. */
    private String draw(String last) {
        try {
            return new String(JsonResponseWriter.bytes(snapshot.draw()), StandardCharsets.UTF_8);
        } catch (ArchitectException failure) {
            LOG.warn("a live snapshot was left out: {}", failure.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("a live snapshot was left out", failure);
        }
        return last;
    }

    private void push(String drawn) {
        if (drawn.isEmpty()) {
            return;
        }
        ObjectNode at = JsonResponseWriter.object().put("at", time.wallTime().toString());
        String head = new String(JsonResponseWriter.bytes(at), StandardCharsets.UTF_8);
        String whole = head.substring(0, head.length() - 1) + "," + drawn.substring(1);
        sockets.values().forEach(socket -> socket.offer(whole));
    }

    /** Says goodbye to the pages, and waits up to half a second until they have been told. */
    @Override
    public void close() {
        closed = true;
        connected.signal();
        List<LiveSocket> open = List.copyOf(sockets.values());
        CountDownLatch told = new CountDownLatch(open.size());
        open.forEach(socket -> socket.close(GOING_AWAY, "the server stops", told::countDown));
        try {
            if (!told.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("{} pages were not told that the server stops", told.getCount());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
