package dev.architect.server.network;

import dev.architect.spi.TimeSource;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Bounds what slow and many connections hold. A connection whose header takes too long is closed. When one address, or all
 * together, have as many connections as they may, a new one takes the place of the one that has waited longest for its client:
 * so a client that answers is served however many slow ones there are. Connections with a request that is being worked on are
 * never closed for another one. Safe for use by several threads.
 *
 * <p>Jetty's own limits are not enough here: its idle timeout starts anew with every byte, and its limit of connections lets
 * new ones wait.
 */
public final class ConnectionGuard extends Handler.Wrapper implements Connection.Listener {

    /** How often late connections are looked for. */
    private static final long SWEEP_MILLIS = 250;

    private final ConnectionLimits limits;
    private final ProxyTrust proxies;
    private final TimeSource time;
    private final BodyLoader bodies;
    private final Map<Connection, WatchedConnection> open = new IdentityHashMap<>();
    private final Map<String, Integer> perAddress = new HashMap<>();
    private long waitOrder;

    /** Creates a guard that hands requests to {@code bodies}, which hands them on. */
    public ConnectionGuard(ConnectionLimits limits, ProxyTrust proxies, TimeSource time, BodyLoader bodies) {
        super(bodies);
        this.limits = limits;
        this.proxies = proxies;
        this.time = time;
        this.bodies = bodies;
        bodies.onLoaded(this::busy);
    }

    /** Looks for late connections from now on, until the scheduler ends. */
    public void start(Scheduler scheduler) {
        scheduler.schedule(() -> sweep(scheduler), SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        // A WebSocket begins as an HTTP connection, and has limits of its own afterwards.
        if (!(connection instanceof ConnectionMetaData)) {
            return;
        }
        List<WatchedConnection> excess = new ArrayList<>();
        synchronized (open) {
            String address = addressOf(connection);
            WatchedConnection added = new WatchedConnection(
                    connection, ProxyTrust.limitKey(address), proxies.isTrusted(address), waitOrder++, time.nanoTime());
            if (!added.isProxy && perAddress.getOrDefault(added.key, 0) >= limits.perAddress()) {
                excess.add(longestWaiting(Optional.of(added.key)).orElse(added));
            }
            if (open.size() - excess.size() >= limits.all()) {
                excess.add(longestWaiting(Optional.empty()).orElse(added));
            }
            open.put(connection, added);
            perAddress.merge(added.key, 1, Integer::sum);
            // They are no longer counted, even if closing them takes a while.
            excess.forEach(this::remove);
        }
        excess.forEach(WatchedConnection::close);
    }

    @Override
    public void onClosed(Connection connection) {
        synchronized (open) {
            WatchedConnection known = open.get(connection);
            if (known != null) {
                remove(known);
            }
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        synchronized (open) {
            WatchedConnection known = open.get(connection);
            if (known != null) {
                known.begin();
            }
        }
        Request.addCompletionListener(request, failure -> ended(connection));
        return super.handle(withoutExtensions(request), response, callback);
    }

    /**
     * A WebSocket gets no compression: it would be done anew for each of hundreds of pages that show the same, twenty times a second, and hold a
     * quarter of a megabyte outside the heap for each.
     */
    private static Request withoutExtensions(Request request) {
        if (!request.getHeaders().contains(HttpHeader.SEC_WEBSOCKET_EXTENSIONS)) {
            return request;
        }
        HttpFields headers = HttpFields.build(request.getHeaders())
                .remove(HttpHeader.SEC_WEBSOCKET_EXTENSIONS)
                .asImmutable();
        return new Request.Wrapper(request) {
            @Override
            public HttpFields getHeaders() {
                return headers;
            }
        };
    }

    private void busy(Request request) {
        synchronized (open) {
            WatchedConnection known = open.get(request.getConnectionMetaData().getConnection());
            if (known != null) {
                known.isBusy = true;
            }
        }
    }

    private void ended(Connection connection) {
        synchronized (open) {
            WatchedConnection known = open.get(connection);
            if (known != null) {
                known.end(waitOrder++);
            }
        }
    }

    private void sweep(Scheduler scheduler) {
        long now = time.nanoTime();
        List<WatchedConnection> late = new ArrayList<>();
        synchronized (open) {
            for (WatchedConnection known : open.values()) {
                if (known.isHeaderLate(now, limits.header().toNanos())) {
                    late.add(known);
                }
            }
            late.forEach(this::remove);
        }
        late.forEach(WatchedConnection::close);
        bodies.failLate(now);
        if (scheduler.isRunning()) {
            start(scheduler);
        }
    }

    private Optional<WatchedConnection> longestWaiting(Optional<String> key) {
        WatchedConnection longest = null;
        for (WatchedConnection known : open.values()) {
            boolean isCandidate =
                    !known.isBusy && key.map(wanted -> wanted.equals(known.key)).orElse(true);
            if (isCandidate && (longest == null || known.waitOrder < longest.waitOrder)) {
                longest = known;
            }
        }
        return Optional.ofNullable(longest);
    }

    private void remove(WatchedConnection known) {
        if (open.remove(known.connection) != null) {
            perAddress.computeIfPresent(known.key, (address, count) -> count == 1 ? null : count - 1);
        }
    }

    private static String addressOf(Connection connection) {
        SocketAddress remote = connection.getEndPoint().getRemoteSocketAddress();
        return remote instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : String.valueOf(remote);
    }
}
