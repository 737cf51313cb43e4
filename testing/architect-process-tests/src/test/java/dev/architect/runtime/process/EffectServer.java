package dev.architect.runtime.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The world outside: it counts which attempt, by id and epoch, has requested an effect how often. Answers after a set time. */
final class EffectServer implements AutoCloseable {

    private final HttpServer server;
    private final Executor later;
    private final Map<String, AtomicInteger> byToken = new ConcurrentHashMap<>();

    private EffectServer(HttpServer server, Duration latency) {
        this.server = server;
        this.later = CompletableFuture.delayedExecutor(latency.toMillis(), TimeUnit.MILLISECONDS);
    }

    static EffectServer start(Duration latency) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        EffectServer server = new EffectServer(http, latency);
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void handle(HttpExchange exchange) {
        byToken.computeIfAbsent(exchange.getRequestURI().getPath(), token -> new AtomicInteger())
                .incrementAndGet();
        later.execute(() -> {
            try (exchange) {
                exchange.sendResponseHeaders(204, -1);
            } catch (IOException gone) {
                // The process that asked was killed; the effect has happened all the same.
                return;
            }
        });
    }

    /** The attempts whose effect happened, as {@code /id/epoch}. */
    List<String> attempts() {
        return List.copyOf(byToken.keySet());
    }

    /** How many attempts requested their effect more than once. */
    long repeatedByOneAttempt() {
        return byToken.values().stream().filter(count -> count.get() > 1).count();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
