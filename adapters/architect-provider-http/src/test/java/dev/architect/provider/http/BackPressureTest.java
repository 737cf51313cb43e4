package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.thread.ThreadRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A listener that is slower than its provider. */
class BackPressureTest extends HttpCases {

    private static final int EVENT_BYTES = 4096;

    /** What the two ends of a connection may hold, and what is read ahead. */
    private static final long BUFFERS = 16 << 20;

    private static final long NOT_WRITABLE_MILLIS = 500;

    @Test
    void aSlowListenerStopsTheServerAndNotTheMemory() throws Exception {
        try (ThreadRunner threads = new ThreadRunner("back-pressure");
                ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
                ProviderHttp http = builder(
                                URI.create("http://127.0.0.1:" + server.socket().getLocalPort()))
                        .limits(HttpLimits.defaults().withMaxAnswerBytes(1 << 30))
                        .build()) {
            CompletableFuture<Long> sentUntilStopped = new CompletableFuture<>();
            CountDownLatch hungUp = new CountDownLatch(1);
            threads.startPlatform("server", () -> sendForEver(server, sentUntilStopped, hungUp));
            CountDownLatch goOn = new CountDownLatch(1);
            AtomicInteger received = new AtomicInteger();
            AtomicReference<ProviderException> failure = new AtomicReference<>();
            Thread caller = threads.startPlatform(
                    "caller",
                    () -> failure.set(failure(() -> http.stream(
                            call(LONG_TIMEOUT),
                            request(),
                            StreamFormat.SSE,
                            piece -> {
                                received.incrementAndGet();
                                awaitQuietly(goOn);
                            },
                            exchange -> reader(exchange, StreamReader.Progress.OPEN)))));

            assertThat(sentUntilStopped.get(60, TimeUnit.SECONDS))
                    .isGreaterThan(EVENT_BYTES)
                    .isLessThan(BUFFERS);
            assertThat(received).as("events received meanwhile").hasValue(1);

            caller.interrupt();
            goOn.countDown();
            assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
            caller.join(60_000);
            assertThat(failure.get().kind()).isEqualTo(FailureKind.CANCELLED);
        }
    }

    /** Sends events as long as they are read, and signals when none was read for half a second. */
    private static void sendForEver(
            ServerSocketChannel server, CompletableFuture<Long> sentUntilStopped, CountDownLatch hungUp) {
        try (SocketChannel client = server.accept();
                Selector selector = Selector.open()) {
            client.read(ByteBuffer.allocate(4096));
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_WRITE);
            long sent = 0;
            ByteBuffer next = StandardCharsets.US_ASCII.encode(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
            byte[] event =
                    ("data: {\"t\":\"" + "x".repeat(EVENT_BYTES) + "\"}\n\n").getBytes(StandardCharsets.US_ASCII);
            while (true) {
                if (!next.hasRemaining()) {
                    next = ByteBuffer.wrap(event);
                }
                int written = client.write(next);
                sent += written;
                selector.selectedKeys().clear();
                if (written == 0 && selector.select(NOT_WRITABLE_MILLIS) == 0) {
                    sentUntilStopped.complete(sent);
                }
            }
        } catch (IOException closed) {
            sentUntilStopped.completeExceptionally(new UncheckedIOException(closed));
            hungUp.countDown();
        }
    }

    /** Waits whatever happens, and leaves the interruption for later. */
    private static void awaitQuietly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
