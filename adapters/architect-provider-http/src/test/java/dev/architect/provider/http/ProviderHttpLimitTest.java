package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.testkit.replay.ReplyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Sizes, depths, times, and replies that are not what was promised. */
class ProviderHttpLimitTest extends HttpCases {

    private static final int NAMES_OF_AN_ANSWER = 100;

    @Test
    void timesOutASilentProvider() throws Exception {
        try (ReplyServer server = ReplyServer.start(ReplyServer.Connection::awaitHangUp);
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> http.chat(call(Duration.ofMillis(200)), request(), READER));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure).hasMessageContaining("no answer within PT0.2S");
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
            assertThat(server.awaitHangUp()).isTrue();
        }
    }

    /** A drop now and then keeps a connection busy, and not a call. */
    @Test
    void aStreamThatNeverEndsHasATotalTime() throws Exception {
        byte[] comment = ": ping\n\n".getBytes(StandardCharsets.UTF_8);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-type", "text/event-stream"));
                    while (true) {
                        connection.sendChunk(comment, 0, comment.length);
                        LockSupport.parkNanos(5_000_000);
                    }
                });
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(
                    () -> http.stream(call(Duration.ofMillis(300)), request(), StreamFormat.SSE, piece -> {}, OPEN));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure).hasMessageContaining("answer not complete within PT0.3S");
        }
    }

    @Test
    void hasALimitOfItsOwnForReachingTheProvider() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            List<Socket> waiting = fill(full);
            try (ProviderHttp http = builder(URI.create("http://127.0.0.1:" + full.getLocalPort()))
                    .limits(HttpLimits.defaults().withConnectTimeout(Duration.ofMillis(200)))
                    .build()) {
                ProviderException failure = failure(() -> chat(http));

                assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
                assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
                assertThat(failure).hasMessageContaining("no connection within PT0.2S (connectTimeout)");
            } finally {
                close(waiting);
            }
        }
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() throws Exception {
        try (ReplyServer server =
                        ReplyServer.replying(200, "application/json", "{\"text\":\"" + "x".repeat(2000) + "\"}");
                ProviderHttp http = builder(server.url())
                        .limits(HttpLimits.defaults().withMaxAnswerBytes(1000))
                        .build()) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure).hasMessageContaining("answer is larger than 1000 bytes (maxAnswerBytes)");
        }
    }

    @Test
    void refusesAnAnswerThatIsNotAJsonObject() throws Exception {
        for (String body : List.of(
                "",
                "null",
                "[]",
                "\"fox\"",
                "{\"text\":",
                "{} {}",
                "<html>fox</html>",
                "[".repeat(5000),
                "{\"a\":1e}",
                "{\"a\":-1e-9999999999}")) {
            try (ReplyServer server = ReplyServer.replying(200, "application/json", body);
                    ProviderHttp http = http(server.url())) {
                ProviderException failure = failure(() -> chat(http));

                assertThat(failure.kind()).as(body).isEqualTo(FailureKind.PROTOCOL);
                assertThat(failure).hasNoCause();
                assertThat(failure.toString()).doesNotContain("fox");
            }
        }
    }

    @Test
    void refusesNestingThatIsTooDeep() throws Exception {
        String body = "{\"a\":".repeat(300) + "1" + "}".repeat(300);
        try (ReplyServer server = ReplyServer.replying(200, "application/json", body);
                ProviderHttp http = http(server.url())) {
            assertProtocol(failure(() -> chat(http)), "JSON is deeper than 200 (maxJsonDepth)");
        }
    }

    @Test
    void refusesNumbersTextsAndCountsThatAreTooLarge() throws Exception {
        HttpLimits limits = HttpLimits.defaults()
                .withMaxNumberLength(20)
                .withMaxStringLength(50)
                .withMaxNameLength(40)
                .withMaxJsonTokens(100);
        Map<String, String> bodies = Map.of(
                "{\"a\":" + "1".repeat(21) + "}", "a number of more than 20 characters (maxNumberLength)",
                "{\"a\":0." + "1".repeat(30) + "}", "a number of more than 20 characters (maxNumberLength)",
                "{\"text\":\"" + "x".repeat(51) + "\"}", "a text of more than 50 characters (maxStringLength)",
                "{\"" + "x".repeat(41) + "\":1}", "a name of more than 40 characters (maxNameLength)",
                "{\"a\":[" + "[],".repeat(60) + "1]}", "more than 100 tokens (maxJsonTokens)");
        for (Map.Entry<String, String> one : bodies.entrySet()) {
            try (ReplyServer server = ReplyServer.replying(200, "application/json", one.getKey());
                    ProviderHttp http = builder(server.url()).limits(limits).build()) {
                assertProtocol(failure(() -> chat(http)), one.getValue());
            }
            try (ReplyServer server = stream("data: " + one.getKey() + "\n\n");
                    ProviderHttp http = builder(server.url()).limits(limits).build()) {
                assertProtocol(failure(() -> stream(http, new ArrayList<>())), one.getValue());
            }
        }
    }

    /** The parser keeps names for later answers; whoever sends ever new and long ones must not fill the memory with them. */
    @Test
    void remembersLittleOfTheNamesItRead() throws Exception {
        AtomicInteger number = new AtomicInteger();
        String filling = "x".repeat(900);
        try (ProviderHttp http = builder(URI.create("http://localhost:1"))
                .replies(request -> {
                    StringBuilder body = new StringBuilder("{\"text\":\"a\"");
                    for (int i = 0; i < NAMES_OF_AN_ANSWER; i++) {
                        body.append(",\"")
                                .append(filling)
                                .append(number.incrementAndGet())
                                .append("\":1");
                    }
                    return Reply.of(200, ReplyHeaders.none(), body.append('}').toString());
                })
                .build()) {
            chat(http);
            long before = usedBytes();
            for (int i = 0; i < 20_000 / NAMES_OF_AN_ANSWER; i++) {
                chat(http);
            }

            assertThat(usedBytes() - before).isLessThan(50 << 20);
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A number may be short and yet have more digits than fit anywhere. */
    @Test
    void takesAHugeExponentForWhatItIs() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"text\":\"a\",\"n\":1e999999999}");
                ProviderHttp http = http(server.url())) {
            assertThat(chat(http).text()).isEqualTo("a");
        }
    }

    @Test
    void refusesHeadersThatAreTooManyOrTooLarge() throws Exception {
        Map<String, String> many = new TreeMap<>();
        for (int index = 0; index < 40; index++) {
            many.put("x-" + index, "value");
        }
        try (ReplyServer server = ReplyServer.start(connection -> connection.reply(200, many, "{\"text\":\"\"}"))) {
            try (ProviderHttp http = limited(server, HttpLimits.defaults().withMaxHeaders(40))) {
                assertProtocol(failure(() -> chat(http)), "41 headers, expected at most 40 (maxHeaders)");
            }
            try (ProviderHttp http = limited(server, HttpLimits.defaults().withMaxHeaderBytes(400))) {
                assertProtocol(failure(() -> chat(http)), "bytes of headers, expected at most 400 (maxHeaderBytes)");
            }
            try (ProviderHttp http = http(server.url())) {
                assertThat(chat(http).text()).isEmpty();
            }
        }
    }

    @Test
    void headersNeverGrowWithoutEnd() throws Exception {
        for (String line : List.of("x-fox: " + "y".repeat(10_000) + "\r\n", "y".repeat(10_000))) {
            try (ReplyServer server = ReplyServer.start(connection -> {
                        connection.send("HTTP/1.1 200 OK\r\n");
                        while (true) {
                            connection.send(line);
                        }
                    });
                    ProviderHttp http = http(server.url())) {
                assertProtocol(failure(() -> chat(http)), "larger than 262144 bytes");
            }
        }
    }

    @Test
    void refusesAnEventThatIsTooLarge() throws Exception {
        HttpLimits limits = HttpLimits.defaults().withMaxEventBytes(1000);
        for (String event : List.of(
                "data: " + "ü".repeat(501) + "\n\n",
                "data: 0123456789\n".repeat(100),
                ": " + "x".repeat(1000) + "\n")) {
            try (ReplyServer server = stream(event);
                    ProviderHttp http = limited(server, limits)) {
                assertProtocol(
                        failure(() -> stream(http, new ArrayList<>())), "larger than 1000 bytes (maxEventBytes)");
            }
        }
    }

    @Test
    void eventsTogetherAreAnAnswer() throws Exception {
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-type", "text/event-stream"));
                    byte[] comment = ": ping\n\n".repeat(100).getBytes(StandardCharsets.UTF_8);
                    while (true) {
                        connection.sendChunk(comment, 0, comment.length);
                    }
                });
                ProviderHttp http = limited(server, HttpLimits.defaults().withMaxAnswerBytes(100_000))) {
            assertProtocol(failure(() -> stream(http, new ArrayList<>())), "larger than 100000 bytes (maxAnswerBytes)");
        }
    }

    /** An error's status counts for more than its size. */
    @Test
    void readsOnlyTheBeginningOfAnError() throws Exception {
        String body = "{\"code\":\"overloaded\",\"message\":\"" + "x".repeat(2000) + "\"}";
        ErrorReader errors = reply -> ErrorMeaning.of(
                FailureKind.OVERLOADED, reply.json().path("code").asText("none"));
        try (ReplyServer server = ReplyServer.replying(500, "application/json", body)) {
            try (ProviderHttp http = builder(server.url()).errors(errors).build()) {
                assertThat(failure(() -> chat(http))).hasMessageContaining("overloaded");
            }
            try (ProviderHttp http = builder(server.url())
                    .errors(errors)
                    .limits(HttpLimits.defaults().withMaxErrorBytes(1000))
                    .build()) {
                ProviderException cut = failure(() -> chat(http));
                assertThat(cut.kind()).isEqualTo(FailureKind.OVERLOADED);
                assertThat(cut).hasMessageContaining("none").hasMessageNotContaining("overloaded");
            }
        }
    }

    /** 200 MB in 200 kB: what is unpacked is counted as it comes, and never held. */
    @Test
    void aBombOfGzipTakesNoMoreMemoryThanItsLimit() throws Exception {
        byte[] packed = gzip(200);
        for (int status : List.of(200, 500)) {
            try (ReplyServer server = ReplyServer.start(connection -> {
                        connection.begin(status, Map.of("content-encoding", "gzip"));
                        connection.sendChunk(packed, 0, packed.length);
                        connection.end();
                    });
                    ProviderHttp http = http(server.url())) {
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long before =
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId());

                ProviderException failure = failure(() -> chat(http));

                long allocated =
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                assertThat(failure.kind()).isEqualTo(status == 200 ? FailureKind.PROTOCOL : FailureKind.UNAVAILABLE);
                assertThat(allocated).isLessThan(40 << 20);
            }
        }
    }

    @Test
    void requestsUncompressedStreamsAndRefusesCompressedOnes() throws Exception {
        byte[] packed = gzip(1);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-encoding", "gzip"));
                    connection.sendChunk(packed, 0, packed.length);
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            assertThat(failure(() -> stream(http, new ArrayList<>())).kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(server.requests().get(0).toLowerCase(Locale.ROOT)).contains("accept-encoding: identity");
        }
    }

    @Test
    void countsDecompressedBytes() throws Exception {
        byte[] packed = gzip(50);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-encoding", "gzip"));
                    connection.sendChunk(packed, 0, packed.length);
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure).hasMessageContaining("larger than 8388608 bytes (maxAnswerBytes)");
        }
    }

    @Test
    void endsAStreamThatFallsSilent() throws Exception {
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-type", "text/event-stream"));
                    byte[] event = "data: {\"t\":\"hello\"}\n\n".getBytes(StandardCharsets.UTF_8);
                    connection.sendChunk(event, 0, event.length);
                    connection.awaitHangUp();
                });
                ProviderHttp http = builder(server.url())
                        .limits(HttpLimits.defaults().withIdleTimeout(Duration.ofSeconds(2)))
                        .build()) {
            ProviderException failure = failure(() -> stream(http, new ArrayList<>()));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure).hasMessageContaining("answer fell silent for PT2S (idleTimeout)");
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
            assertThat(failure.receivedCharacters()).isEqualTo(5);
            assertThat(server.awaitHangUp()).isTrue();
        }
    }

    @Test
    void waitsForAWholeAnswerLongerThanForTheNextEvent() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    try {
                        // Longer than the idle timeout; nothing opens the latch.
                        assertThat(go.await(300, TimeUnit.MILLISECONDS)).isFalse();
                    } catch (InterruptedException unexpected) {
                        throw new IOException(unexpected);
                    }
                    connection.reply(200, Map.of(), "{\"text\":\"late\"}");
                });
                ProviderHttp http = builder(server.url())
                        .limits(HttpLimits.defaults().withIdleTimeout(Duration.ofMillis(50)))
                        .build()) {
            assertThat(chat(http).text()).isEqualTo("late");
        }
    }

    private static final Function<Exchange, StreamReader> OPEN =
            exchange -> reader(exchange, StreamReader.Progress.OPEN);

    private static ProviderHttp limited(ReplyServer server, HttpLimits limits) {
        return builder(server.url()).limits(limits).build();
    }

    private static void assertProtocol(ProviderException failure, String expected) {
        assertThat(failure.kind()).as(failure.toString()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure).hasMessageContaining(expected);
    }

    /** Returns a JSON object with a text of that many million characters, packed. */
    private static byte[] gzip(int millions) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"text\":\"".getBytes(StandardCharsets.UTF_8));
            byte[] million = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
            for (int written = 0; written < millions; written++) {
                gzip.write(million);
            }
            gzip.write("\"}".getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}
