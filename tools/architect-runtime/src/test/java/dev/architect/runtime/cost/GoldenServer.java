package dev.architect.runtime.cost;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers each call with the next reply, and every further one with status 500. */
final class GoldenServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Queue<GoldenCall.Reply> replies;

    GoldenServer(List<GoldenCall.Reply> replies) throws IOException {
        this.replies = new ArrayDeque<>(replies);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        GoldenCall.Reply reply;
        synchronized (this) {
            reply = replies.poll();
        }
        if (reply == null) {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("content-type", reply.type());
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        // Without a length the end of a body is a part of it, which one that is cut lacks.
        exchange.sendResponseHeaders(reply.status(), reply.isCut() ? 1L << 30 : body.length);
        OutputStream out = exchange.getResponseBody();
        out.write(body);
        out.flush();
        if (reply.hangs()) {
            awaitClose();
        }
        exchange.close();
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
