package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.error.ArchitectException;
import dev.architect.micrometer.ArchitectMeters;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Schema;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes snapshots to open pages, at most two a second and fewer when taking one is slow, so that the feed never takes
 * more than a fifth of a thread. No snapshot is taken while no page is open; an unchanged one is pushed every five seconds. While the
 * store fails nothing is pushed, so that pages see that what they show grows old. Pages beyond the limit read snapshots over HTTP.
 */
public final class LiveFeed implements AutoCloseable {

    /** Where pages connect. */
    public static final String PATH = "/ws/live";

    /** Where pages read one snapshot when they have no WebSocket. */
    public static final String SNAPSHOT_PATH = "/api/live";

    /** The form of the state that is sent. */
    public static final Schema SNAPSHOT = LiveSnapshot.SCHEMA;

    /** The most open WebSockets. */
    public static final int MAX_CONNECTIONS = 32;

    /** The most characters of a message that a page may send; the protocol has one word. */
    public static final int MAX_MESSAGE_CHARACTERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Duration UNCHANGED_PERIOD = Duration.ofSeconds(5);
    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_READERS = 512;
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
    private final BlockingQueue<CompletableFuture<String>> readers = new ArrayBlockingQueue<>(MAX_READERS);
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
        request.attribute(PRINCIPAL, accessFilter.filterUpgrade(request));
    }

    /** Responds with a new snapshot. Waits for the thread that takes them, up to five seconds. */
    public void readSnapshot(Context request) {
        CompletableFuture<String> reader = new CompletableFuture<>();
        if (closed || !readers.offer(reader)) {
            throw noSnapshot();
        }
        connected.signal();
        try {
            String json = reader.get(SNAPSHOT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            request.contentType("application/json").result(json);
        } catch (ExecutionException | TimeoutException failure) {
            readers.remove(reader);
            throw noSnapshot();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw noSnapshot();
        }
    }

    private static ApiException noSnapshot() {
        return new ApiException(503, "no-snapshot", "the state could not be read in time", null, UNCHANGED_PERIOD);
    }

    /** Registers the handlers of a WebSocket. */
    public void configure(WsConfig socket) {
        socket.onConnect(page -> {
            Principal principal = page.attribute(PRINCIPAL);
            if (principal == null) {
                page.session.disconnect();
                return;
            }
            LiveSocket opened = new LiveSocket(page.session, principal, time);
            if (isAdded(page.sessionId(), opened)) {
                connected.signal();
            } else {
                opened.close(
                        LiveSocket.TOO_MANY_PAGES,
                        MAX_CONNECTIONS + " live pages are open, read " + SNAPSHOT_PATH + " instead");
            }
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

    private boolean isAdded(String id, LiveSocket socket) {
        synchronized (sockets) {
            return sockets.size() < MAX_CONNECTIONS && sockets.putIfAbsent(id, socket) == null;
        }
    }

    private boolean isNobodyThere() {
        return sockets.isEmpty() && readers.isEmpty();
    }

    private void run() {
        String last = "";
        long pushedAt = time.nanoTime();
        try {
            while (!closed) {
                boolean isNew = connected.await(isNobodyThere() ? UNCHANGED_PERIOD : Duration.ZERO);
                Duration rest = PERIOD;
                if (!isNobodyThere()) {
                    sockets.values().forEach(LiveSocket::checkLogin);
                    long start = time.nanoTime();
                    String json = snapshotJson();
                    boolean isDue = start - pushedAt >= UNCHANGED_PERIOD.toNanos();
                    answerReaders(json);
                    if (!json.isEmpty() && (isNew || isDue || !json.equals(last))) {
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

    /** Returns a new snapshot, empty while the store fails. */
    private String snapshotJson() {
        try {
            return new String(JsonResponseWriter.bytes(snapshot.write()), StandardCharsets.UTF_8);
        } catch (ArchitectException failure) {
            LOG.warn("a live snapshot was skipped: {}", failure.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("a live snapshot was skipped", failure);
        }
        return "";
    }

    private void answerReaders(String json) {
        for (CompletableFuture<String> reader = readers.poll(); reader != null; reader = readers.poll()) {
            if (json.isEmpty()) {
                reader.completeExceptionally(new IllegalStateException("no snapshot"));
            } else {
                reader.complete(dated(json));
            }
        }
    }

    private void push(String json) {
        String whole = dated(json);
        sockets.values().forEach(socket -> socket.offer(whole));
    }

    private String dated(String json) {
        ObjectNode at = JsonResponseWriter.object().put("at", time.wallTime().toString());
        String head = new String(JsonResponseWriter.bytes(at), StandardCharsets.UTF_8);
        return head.substring(0, head.length() - 1) + "," + json.substring(1);
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
