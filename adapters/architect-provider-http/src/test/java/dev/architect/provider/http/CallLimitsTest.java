package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.request.CallLimits;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Limits of a stream: its head, its first token, silence, and the whole. */
class CallLimitsTest extends HttpCases {

    private static final int ROUNDS = 5;
    private static final int MOST_MEASUREMENTS = 4;
    private static final Duration PRECISION = Duration.ofMillis(50);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Map<String, String> EVENTS = Map.of("content-type", "text/event-stream");
    private static final String HELLO = "data: {\"t\":\"hello\"}\n\n";
    private static final String EMPTY = "data: {\"t\":\"\"}\n\n";
    private static final CallLimits HEADERS = limits(SHORT, LONG_TIMEOUT, LONG_TIMEOUT);
    private static final CallLimits FIRST_TOKEN = limits(LONG_TIMEOUT, SHORT, LONG_TIMEOUT);
    private static final CallLimits IDLE = limits(LONG_TIMEOUT, LONG_TIMEOUT, SHORT);

    @Test
    void eachLimitHoldsWithinFiftyMilliseconds() throws Exception {
        assertHolds(
                HEADERS, ReplyServer.Connection::awaitHangUp, FailureKind.TIMEOUT, "no answer within PT0.1S (headers)");
        assertHolds(
                FIRST_TOKEN,
                connection -> {
                    connection.begin(200, EVENTS);
                    connection.awaitHangUp();
                },
                FailureKind.TIMEOUT,
                "no content within PT0.1S after the head (firstToken)");
        assertHolds(
                IDLE,
                connection -> {
                    begin(connection, HELLO);
                    connection.awaitHangUp();
                },
                FailureKind.PROTOCOL,
                "answer fell silent for PT0.1S (idle)");
    }

    /** A role event, pings, comments and empty deltas keep a connection busy, and are no part of an answer. */
    @Test
    void nothingButContentIsAFirstToken() throws Exception {
        for (String noise : List.of(": ping\n\n", EMPTY, "data:\n\n", "event: ping\ndata: {}\n\n")) {
            try (ReplyServer server = ReplyServer.start(connection -> repeat(connection, noise));
                    ProviderHttp http = http(server.url())) {
                ProviderException failure = failure(() -> stream(http, FIRST_TOKEN, delta -> {}));

                assertThat(failure.kind()).as(noise).isEqualTo(FailureKind.TIMEOUT);
                assertThat(failure).hasMessageContaining("(firstToken)");
                assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
                assertThat(failure.receivedCharacters()).isZero();
            }
        }
    }

    /** Without a pause between them, so that no wait is long enough to be noticed. */
    @Test
    void aFloodOfPingsIsNoFirstToken() throws Exception {
        String flood = ": ping\n\n".repeat(100);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, EVENTS);
                    while (true) {
                        send(connection, flood);
                    }
                });
                ProviderHttp http = builder(server.url())
                        .limits(HttpLimits.defaults().withMaxAnswerBytes(Integer.MAX_VALUE))
                        .build()) {
            ProviderException failure = failure(() -> stream(http, FIRST_TOKEN, delta -> {}));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure).hasMessageContaining("(firstToken)");
        }
    }

    @Test
    void reasoningAndToolCallsAreFirstTokensToo() throws Exception {
        for (Consumer<Exchange> first : List.<Consumer<Exchange>>of(
                exchange -> exchange.appendReasoning("hm"), exchange -> exchange.appendToolCall(0, "id", "tool", ""))) {
            try (ReplyServer server = ReplyServer.start(connection -> {
                        begin(connection, EMPTY);
                        connection.awaitHangUp();
                    });
                    ProviderHttp http = http(server.url())) {
                ProviderException failure = failure(() -> http.stream(
                        call(limits(LONG_TIMEOUT, LONG_TIMEOUT, SHORT)),
                        request(),
                        StreamFormat.SSE,
                        delta -> {},
                        exchange -> new StreamReader() {
                            @Override
                            public Progress accept(StreamEvent event) {
                                first.accept(exchange);
                                return Progress.OPEN;
                            }

                            @Override
                            public ProviderAnswer answer() {
                                return HttpCases.answer("", exchange);
                            }
                        }));

                assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
                assertThat(failure).hasMessageContaining("(idle)");
            }
        }
    }

    @Test
    void pingsAreNoSilence() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    begin(connection, HELLO);
                    for (int count = 0; count < 15; count++) {
                        awaitInVain(never, Duration.ofMillis(20));
                        send(connection, ": ping\n\n");
                    }
                    send(connection, HELLO + "data: [DONE]\n\n");
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            Duration limit = Duration.ofMillis(200);
            CallLimits limits = limits(limit, limit, limit);

            assertThat(stream(http, limits, delta -> {}).text()).isEqualTo("hellohello");
        }
    }

    /** Nothing is read while it works, so the provider cannot be heard. */
    @Test
    void theTimeOfAListenerIsNoSilence() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    begin(connection, HELLO);
                    send(connection, HELLO);
                    send(connection, "data: [DONE]\n\n");
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            ProviderAnswer answer = stream(http, IDLE, delta -> awaitInVain(never, SHORT.plusMillis(100)));

            assertThat(answer.text()).isEqualTo("hellohello");
        }
    }

    @Test
    void theTimeOfAListenerIsNoWaitForTheFirstToken() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch counted = new CountDownLatch(1);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    begin(connection, EMPTY);
                    await(counted);
                    send(connection, HELLO + "data: [DONE]\n\n");
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            ChatListener listener = new ChatListener() {
                @Override
                public void onText(String delta) {}

                @Override
                public void onUsage(TokenUsage soFar) {
                    awaitInVain(never, SHORT.plusMillis(100));
                    counted.countDown();
                }
            };
            ProviderAnswer answer = http.stream(call(FIRST_TOKEN), request(), StreamFormat.SSE, listener, exchange -> {
                StreamReader text = reader(exchange, StreamReader.Progress.OPEN);
                return new StreamReader() {
                    @Override
                    public Progress accept(StreamEvent event) {
                        exchange.reportUsage(new UsageReader().put(UsageBucket.INPUT, IntNode.valueOf(3)));
                        return text.accept(event);
                    }

                    @Override
                    public ProviderAnswer answer() {
                        return text.answer();
                    }
                };
            });

            assertThat(answer.text()).isEqualTo("hello");
        }
    }

    @Test
    void theShorterLimitOfSilenceWins() throws Exception {
        for (boolean begun : List.of(true, false)) {
            try (ReplyServer server = ReplyServer.start(connection -> {
                        begin(connection, begun ? HELLO : EMPTY);
                        connection.awaitHangUp();
                    });
                    ProviderHttp http = builder(server.url())
                            .limits(HttpLimits.defaults().withIdleTimeout(SHORT))
                            .build()) {
                ProviderException failure = failure(() ->
                        stream(http, limits(LONG_TIMEOUT, Duration.ofMinutes(1), Duration.ofMinutes(1)), delta -> {}));

                // Before its first token a stream is slow, after it broken.
                assertThat(failure.kind()).isEqualTo(begun ? FailureKind.PROTOCOL : FailureKind.TIMEOUT);
                assertThat(failure).hasMessageContaining("answer fell silent for PT0.1S (idleTimeout)");
            }
        }
    }

    @Test
    void limitsThatAreNotShorterThanTheWholeDoNothing() throws Exception {
        try (ReplyServer server = ReplyServer.start(ReplyServer.Connection::awaitHangUp);
                ProviderHttp http = http(server.url())) {
            ProviderException failure =
                    failure(() -> stream(http, new CallLimits(SHORT, SHORT, SHORT, SHORT), delta -> {}));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure).hasMessageContaining("no answer within PT0.1S (total)");
        }
    }

    @Test
    void aHeadThatNeverComesForLackOfAConnectionIsLateToo() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            List<Socket> waiting = fill(full);
            try (ProviderHttp http = http(URI.create("http://127.0.0.1:" + full.getLocalPort()))) {
                ProviderException failure = failure(() -> stream(http, HEADERS, delta -> {}));

                assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
                assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
                assertThat(failure).hasMessageContaining("no connection within PT0.1S (headers)");
            } finally {
                close(waiting);
            }
        }
    }

    /** The cancelled connection looks like one that died idle, whose request would be sent once more. */
    @Test
    void aLateHeadOnAUsedConnectionIsNotAskedForTwice() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    if (second.getCount() == 0) {
                        connection.awaitHangUp();
                    }
                    second.countDown();
                    begin(connection, HELLO + "data: [DONE]\n\n");
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            stream(http, HEADERS, delta -> {});

            ProviderException failure = failure(() -> stream(http, HEADERS, delta -> {}));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.resends()).isZero();
        }
    }

    /** What an error means counts for more than how slowly its text comes. */
    @Test
    void anErrorWithoutItsBodyKeepsItsStatus() throws Exception {
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(429, Map.of("retry-after", "7"));
                    connection.awaitHangUp();
                });
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> stream(http, FIRST_TOKEN, delta -> {}));

            assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
        }
    }

    private static void assertHolds(CallLimits limits, ReplyServer.Script script, FailureKind kind, String explanation)
            throws Exception {
        List<Duration> medians = new ArrayList<>();
        // A machine that has much else to do is measured again.
        while (medians.size() < MOST_MEASUREMENTS) {
            Duration median = medianOverrun(limits, script, kind, explanation);
            medians.add(median);
            if (median.compareTo(PRECISION) <= 0) {
                return;
            }
        }
        assertThat(medians).as("medians of " + ROUNDS).anyMatch(median -> median.compareTo(PRECISION) <= 0);
    }

    /** How much later than after {@link #SHORT} a thread goes on that only waits for it. */
    private static CompletableFuture<Duration> lateTimer() {
        CompletableFuture<Duration> late = new CompletableFuture<>();
        Thread timer = new Thread(() -> {
            long start = System.nanoTime();
            long end = start + SHORT.toNanos();
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            late.complete(Duration.ofNanos(System.nanoTime() - end));
        });
        timer.setDaemon(true);
        timer.start();
        return late;
    }

    private static Duration medianOverrun(
            CallLimits limits, ReplyServer.Script script, FailureKind kind, String explanation) throws Exception {
        List<Duration> overruns = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (ReplyServer server = ReplyServer.start(script);
                    ProviderHttp http = http(server.url())) {
                CompletableFuture<Duration> timer = lateTimer();
                long start = System.nanoTime();
                ProviderException failure = failure(() -> stream(http, limits, delta -> {}));
                Duration late = Duration.ofNanos(System.nanoTime() - start).minus(SHORT);
                assertThat(late).isPositive();
                // What a plain timer of this machine was late by at the same time is not of our making.
                overruns.add(late.minus(timer.get(LONG_TIMEOUT.toSeconds(), TimeUnit.SECONDS)));

                assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
                assertThat(failure).hasMessageContaining(explanation);
                assertThat(server.awaitHangUp()).isTrue();
            }
        }
        overruns.sort(null);
        return overruns.get(ROUNDS / 2);
    }

    private static CallLimits limits(Duration headers, Duration firstToken, Duration idle) {
        return new CallLimits(headers, firstToken, idle, LONG_TIMEOUT);
    }

    private static ProviderCall call(CallLimits limits) {
        return new ProviderCall("model", ChatRequest.of(PROMPT), limits);
    }

    private static ProviderAnswer stream(ProviderHttp http, CallLimits limits, ChatListener listener) {
        return http.stream(
                call(limits),
                request(),
                StreamFormat.SSE,
                listener,
                exchange -> reader(exchange, StreamReader.Progress.OPEN));
    }

    private static void begin(ReplyServer.Connection connection, String events) throws IOException {
        connection.begin(200, EVENTS);
        send(connection, events);
    }

    private static void send(ReplyServer.Connection connection, String events) throws IOException {
        byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
        connection.sendChunk(bytes, 0, bytes.length);
    }

    private static void repeat(ReplyServer.Connection connection, String events) throws IOException {
        connection.begin(200, EVENTS);
        while (true) {
            send(connection, events);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
