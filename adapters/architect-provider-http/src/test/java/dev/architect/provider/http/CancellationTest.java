package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.thread.ThreadRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Callers that are interrupted, wherever their call is: the connection is closed within 100 milliseconds. Each case runs five
 * times and its median counts, for the machine may be busy; on a platform thread, and on one of the kind that the engine uses.
 */
class CancellationTest extends HttpCases {

    private static final int ROUNDS = 5;
    private static final Duration LONGEST = Duration.ofMillis(100);
    private static final ThreadRunner THREADS = new ThreadRunner("cancellation");
    private static final byte[] EVENT = "data: {\"t\":\"hello\"}\n\n".getBytes(StandardCharsets.UTF_8);

    @TestFactory
    Stream<DynamicTest> whileWaitingForTheReply() {
        return onEveryThread(start -> {
            CountDownLatch received = new CountDownLatch(1);
            try (ReplyServer server = ReplyServer.start(connection -> {
                        received.countDown();
                        connection.awaitHangUp();
                    });
                    ProviderHttp http = http(server.url())) {
                Caller caller = new Caller(start, () -> chat(http));

                return caller.interruptAfter(received, server::awaitHangUp, DeliveryStatus.UNKNOWN);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whileAStreamIsSilent() {
        return onEveryThread(start -> {
            CountDownLatch received = new CountDownLatch(1);
            try (ReplyServer server = silentAfterOneEvent();
                    ProviderHttp http = http(server.url())) {
                Caller caller = new Caller(start, () -> stream(http, received::countDown));

                return caller.interruptAfter(received, server::awaitHangUp, DeliveryStatus.ANSWERED);
            }
        });
    }

    /** The listener does not notice the interruption, and the connection is closed all the same. */
    @TestFactory
    Stream<DynamicTest> whileTheListenerBlocks() {
        return onEveryThread(start -> {
            CountDownLatch received = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            try (ReplyServer server = silentAfterOneEvent();
                    ProviderHttp http = http(server.url())) {
                Caller caller = new Caller(
                        start,
                        () -> stream(http, () -> {
                            received.countDown();
                            while (goOn.getCount() > 0) {
                                LockSupport.parkNanos(100_000);
                            }
                        }));

                return caller.interruptAfter(
                        received,
                        () -> {
                            boolean hungUp = server.awaitHangUp();
                            goOn.countDown();
                            return hungUp;
                        },
                        DeliveryStatus.ANSWERED);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whileConnecting() {
        return onEveryThread(start -> {
            try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                    ProviderHttp http = http(URI.create("http://127.0.0.1:" + full.getLocalPort()))) {
                List<Socket> waiting = fill(full);
                Caller caller = new Caller(start, () -> chat(http));
                caller.awaitWaiting();
                try {
                    return caller.interruptAfter(new CountDownLatch(0), caller::join, DeliveryStatus.NOT_SENT);
                } finally {
                    close(waiting);
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whileTheServerDoesNotAnswerTheHandshake() {
        return onEveryThread(start -> {
            CountDownLatch greeted = new CountDownLatch(1);
            CountDownLatch hungUp = new CountDownLatch(1);
            try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                    ProviderHttp http = http(URI.create("https://127.0.0.1:" + silent.getLocalPort()))) {
                THREADS.startPlatform("silent", () -> readAll(silent, greeted, hungUp));
                Caller caller = new Caller(start, () -> chat(http));

                return caller.interruptAfter(
                        greeted, () -> hungUp.await(60, TimeUnit.SECONDS), DeliveryStatus.NOT_SENT);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whileTheServerDoesNotReadTheRequest() {
        String prompt = "x".repeat(30_000_000);
        return onEveryThread(start -> {
            try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                    ProviderHttp http = http(URI.create("http://127.0.0.1:" + silent.getLocalPort()))) {
                HttpRequest request = HttpRequest.post(
                        "/chat", JsonNodeFactory.instance.objectNode().put("prompt", prompt));
                Caller caller = new Caller(start, () -> http.chat(call(LONG_TIMEOUT), request, READER));
                try (Socket accepted = silent.accept()) {
                    assertThat(accepted.getInputStream().read()).isEqualTo('P');

                    return caller.interruptAfter(new CountDownLatch(0), caller::join, DeliveryStatus.UNKNOWN);
                }
            }
        });
    }

    private static ReplyServer silentAfterOneEvent() throws IOException {
        return ReplyServer.start(connection -> {
            connection.begin(200, Map.of("content-type", "text/event-stream"));
            connection.sendChunk(EVENT, 0, EVENT.length);
            connection.awaitHangUp();
        });
    }

    private static void stream(ProviderHttp http, Runnable onPiece) {
        http.stream(
                call(LONG_TIMEOUT),
                request(),
                StreamFormat.SSE,
                piece -> onPiece.run(),
                exchange -> reader(exchange, StreamReader.Progress.OPEN));
    }

    private static void readAll(ServerSocket server, CountDownLatch first, CountDownLatch last) {
        try (Socket accepted = server.accept()) {
            while (accepted.getInputStream().read() >= 0) {
                first.countDown();
            }
        } catch (IOException reset) {
            // Closed all the same.
        }
        last.countDown();
    }

    private static Stream<DynamicTest> onEveryThread(Round round) {
        Starter platform = work -> {
            Thread thread = new Thread(work, "caller");
            thread.start();
            return thread;
        };
        Starter ours = work -> THREADS.start("caller", work);
        return Stream.of(
                DynamicTest.dynamicTest("platform thread", median(platform, round)),
                DynamicTest.dynamicTest(
                        ThreadRunner.isVirtual() ? "virtual thread" : "our thread", median(ours, round)));
    }

    private static Executable median(Starter start, Round round) {
        return () -> {
            List<Duration> times = new ArrayList<>();
            for (int count = 0; count < ROUNDS; count++) {
                times.add(round.run(start));
            }
            times.sort(null);
            assertThat(times.get(ROUNDS / 2)).as("of " + times).isLessThanOrEqualTo(LONGEST);
        };
    }

    /** Starts a thread. */
    private interface Starter {
        Thread start(Runnable work);
    }

    /** Interrupts one call and returns how long it took to end. */
    private interface Round {
        Duration run(Starter start) throws Exception;
    }

    /** Waits for the end of something; false when it did not come. */
    private interface End {
        boolean await() throws Exception;
    }

    /** A thread that makes one call and keeps how it ended. */
    private static final class Caller {
        private final AtomicReference<ProviderException> failure = new AtomicReference<>();
        private final AtomicReference<Boolean> flag = new AtomicReference<>(false);
        private final Thread thread;

        Caller(Starter starter, Runnable call) {
            thread = starter.start(() -> {
                failure.set(failure(call));
                flag.set(Thread.currentThread().isInterrupted());
            });
        }

        /** Waits until the thread waits for the connection that others open for it. */
        void awaitWaiting() {
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (thread.getState() != Thread.State.TIMED_WAITING && thread.getState() != Thread.State.WAITING) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(1_000_000);
            }
        }

        Duration interruptAfter(CountDownLatch begun, End end, DeliveryStatus delivery) throws Exception {
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            long start = System.nanoTime();
            thread.interrupt();
            assertThat(end.await()).isTrue();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(join()).isTrue();
            assertThat(failure.get().kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(failure.get().delivery()).isEqualTo(delivery);
            assertThat(flag.get()).as("interrupt flag").isTrue();
            return took;
        }

        boolean join() throws InterruptedException {
            thread.join(60_000);
            return !thread.isAlive();
        }
    }
}
