package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.StopReason;
import dev.architect.model.Capability;
import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProviderHttpTest {

    /** Longer than any case may take. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String KEY = "sk-very-secret";
    private static final String PROMPT = "what did the fox say";

    @Test
    void sendsKeyAndBodyAndReadsTheAnswer() throws Exception {
        try (ReplyServer server = replying(200, "x-request-id", "req_1", "{\"text\":\"hello\"}");
                ProviderHttp http = http(server.url())) {
            ProviderAnswer answer = chat(http);

            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.requestId()).contains("req_1");
            assertThat(server.requests())
                    .singleElement()
                    .asString()
                    .startsWith("POST /chat HTTP/1.1")
                    .contains("Bearer " + KEY)
                    .endsWith("{\"prompt\":\"" + PROMPT + "\"}");
        }
    }

    @Test
    void streamsPiecesAndStopsAtTheEnd() throws Exception {
        try (ReplyServer server = stream("data: {\"t\":\"hel\"}\n\ndata: {\"t\":\"lo\"}\n\ndata: [DONE]\n\n");
                ProviderHttp http = http(server.url())) {
            List<String> pieces = new ArrayList<>();

            ProviderAnswer answer = stream(http, pieces);

            assertThat(pieces).containsExactly("hel", "lo");
            assertThat(answer.text()).isEqualTo("hello");
        }
    }

    @Test
    void neverTakesACutStreamForAnAnswer() throws Exception {
        try (ReplyServer server = stream("data: {\"t\":\"hello\"}\n\n");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> stream(http, new ArrayList<>()));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure.delivery()).isEqualTo(Delivery.ANSWERED);
            assertThat(failure.receivedCharacters()).isEqualTo(5);
        }
    }

    @Test
    void saysNotSentWhenNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        try (ProviderHttp http = http(URI.create("http://127.0.0.1:" + port))) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(Delivery.NOT_SENT);
            assertThat(http.probe(HttpRequest.get("/models"), body -> true).reachable())
                    .isFalse();
        }
    }

    @Test
    void saysUnknownWhenTheConnectionIsResetAfterTheRequest() throws Exception {
        try (ReplyServer server = ReplyServer.start(ReplyServer.Connection::reset);
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void timesOutASilentProvider() throws Exception {
        try (ReplyServer server = ReplyServer.start(ReplyServer.Connection::awaitHangUp);
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> http.chat(call(Duration.ofMillis(200)), request(), READER));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN);
            assertThat(server.awaitHangUp()).isTrue();
        }
    }

    @Test
    void interruptionClosesTheConnection() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    received.countDown();
                    connection.awaitHangUp();
                });
                ProviderHttp http = http(server.url())) {
            AtomicReference<ProviderException> failure = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                failure.set(failure(() -> chat(http)));
                flag.set(Thread.currentThread().isInterrupted());
            });
            caller.start();
            assertThat(received.await(5, TimeUnit.SECONDS)).isTrue();

            caller.interrupt();

            assertThat(server.awaitHangUp()).isTrue();
            caller.join(5000);
            assertThat(failure.get().kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(flag.get()).isTrue();
        }
    }

    @Test
    void neverSendsTwiceWhenA503SaysRetryAfterZero() throws Exception {
        try (ReplyServer server = replying(503, "retry-after", "0", "{}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
            assertThat(failure.retryAfter()).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void readsRetryAfterOfA429() throws Exception {
        try (ReplyServer server = replying(429, "Retry-After", "1.5", "{}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
            assertThat(failure.retryAfter()).contains(Duration.ofMillis(1500));
            assertThat(failure.status()).hasValue(429);
        }
    }

    @Test
    void keepsKeysAndRepliesOutOfMessages() throws Exception {
        try (ReplyServer server =
                        ReplyServer.replying(400, "application/json", "{\"error\":\"" + PROMPT + " " + KEY + "\"}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
            assertThat(failure.toString()).doesNotContain("fox").doesNotContain(KEY);
            assertThat(request().toString()).doesNotContain("fox");
        }
    }

    @Test
    void callsNobodyWithoutAKey() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{}");
                ProviderHttp http = ProviderHttp.builder("stub", server.url())
                        .key("authorization", "Bearer ", name -> Optional.empty(), "STUB_KEY")
                        .build()) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.AUTHENTICATION);
            assertThat(failure.delivery()).isEqualTo(Delivery.NOT_SENT);
            assertThat(failure).hasMessageContaining("STUB_KEY");
            assertThat(server.requests()).isEmpty();
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
            assertThat(failure).hasMessageContaining("1000 bytes");
        }
    }

    @Test
    void followsNoRedirect() throws Exception {
        try (ReplyServer elsewhere = ReplyServer.replying(200, "application/json", "{\"text\":\"hello\"}");
                ReplyServer server = replying(307, "location", elsewhere.url() + "/", "");
                ProviderHttp http = http(server.url())) {
            assertThat(failure(() -> chat(http)).kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(http.probe(HttpRequest.get("/models"), body -> true).usable())
                    .isFalse();
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void refusesBeforeSendingWhatTheModelLacks() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() ->
                    http.require(call(Duration.ofSeconds(1)), EnumSet.of(Capability.MULTI_TURN), Capability.STREAMING));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure).hasMessageContaining("STREAMING");
            http.require(call(Duration.ofSeconds(1)), Set.of());
            assertThat(server.requests()).isEmpty();
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
                "{\"a\":1e}")) {
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
            assertThat(failure(() -> chat(http)).kind()).isEqualTo(FailureKind.PROTOCOL);
        }
    }

    @Test
    void countsDecompressedBytes() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(("{\"text\":\"" + "x".repeat(50_000_000) + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-encoding", "gzip"));
                    connection.piece(packed.toByteArray(), 0, packed.size());
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure).hasMessageContaining("larger than");
        }
    }

    @Test
    void refusesAReplyThatIsNotHttp() throws Exception {
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.send("SSH-2.0-fox\r\n\r\n");
                    connection.awaitHangUp();
                });
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure.toString()).doesNotContain("fox");
        }
    }

    @Test
    void endsAStreamThatFallsSilent() throws Exception {
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-type", "text/event-stream"));
                    byte[] event = "data: {\"t\":\"hello\"}\n\n".getBytes(StandardCharsets.UTF_8);
                    connection.piece(event, 0, event.length);
                    connection.awaitHangUp();
                });
                ProviderHttp http = builder(server.url())
                        .limits(HttpLimits.defaults().withIdleTimeout(Duration.ofMillis(200)))
                        .build()) {
            ProviderException failure = failure(() -> stream(http, new ArrayList<>()));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.delivery()).isEqualTo(Delivery.ANSWERED);
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

    @Test
    void usesAConnectionAgain() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"text\":\"again\"}");
                ProviderHttp http = http(server.url())) {
            chat(http);
            chat(http);
            chat(http);

            assertThat(server.requests()).hasSize(3);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void doesNotSendAgainOnAConnectionThatBreaks() throws Exception {
        AtomicInteger replies = new AtomicInteger();
        try (ReplyServer server = ReplyServer.start(connection -> {
                    if (replies.getAndIncrement() == 0) {
                        connection.reply(200, Map.of(), "{\"text\":\"first\"}");
                    } else {
                        connection.reset();
                    }
                });
                ProviderHttp http = http(server.url())) {
            chat(http);
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void anErrorWithABrokenBodyIsStillThatError() throws Exception {
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.send("HTTP/1.1 529 Overloaded\r\ncontent-length: 500\r\n\r\n{\"err");
                    connection.close();
                });
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
            assertThat(failure.status()).hasValue(529);
        }
    }

    @Test
    void callsOfAClosedProviderAreMistakes() throws Exception {
        ProviderHttp http = http(URI.create("http://127.0.0.1:9"));
        http.close();
        http.close();

        assertThatIllegalStateException().isThrownBy(() -> chat(http)).withMessageContaining("closed");
    }

    @Test
    void baseUrlsMayEndWithASlash() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"text\":\"\"}");
                ProviderHttp http = http(URI.create(server.url() + "/base/"))) {
            chat(http);

            assertThat(server.requests().get(0)).startsWith("POST /base/chat HTTP/1.1");
        }
    }

    /** The name may stand for an IPv6 address too, at which nobody listens here. */
    @Test
    void reachesAHostWithSeveralAddresses() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"text\":\"here\"}");
                ProviderHttp http =
                        http(URI.create("http://localhost:" + server.url().getPort()))) {
            assertThat(chat(http).text()).isEqualTo("here");
        }
    }

    @Test
    void leavesTheKeyAwayWhenItIsOptional() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"text\":\"\"}");
                ProviderHttp http = ProviderHttp.builder("stub", server.url())
                        .optionalKey("authorization", "Bearer ", name -> Optional.empty(), "STUB_KEY")
                        .header("x-fixed", "1")
                        .build()) {
            chat(http);

            assertThat(server.requests().get(0).toLowerCase(Locale.ROOT))
                    .doesNotContain("authorization")
                    .contains("x-fixed: 1");
        }
    }

    @Test
    void probesTellUpUnusableAndDown() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{\"data\":[]}");
                ProviderHttp http = http(server.url())) {
            assertThat(http.probe(
                            HttpRequest.get("/models"),
                            body -> body.path("data").isArray()))
                    .isEqualTo(ProviderHealth.up());
            assertThat(http.probe(HttpRequest.get("/models"), body -> false).usable())
                    .isFalse();
        }
        try (ReplyServer server = ReplyServer.start(ReplyServer.Connection::awaitHangUp);
                ProviderHttp http = builder(server.url())
                        .limits(HttpLimits.defaults().withProbeTimeout(Duration.ofMillis(100)))
                        .build()) {
            ProviderHealth silent = http.probe(HttpRequest.get("/models"), body -> true);
            assertThat(silent.reachable()).isFalse();
            assertThat(silent.usable()).isFalse();
        }
    }

    @Test
    void streamsJsonLinesAndMayEndWithTheConnection() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/x-ndjson", "{\"t\":\"a\"}\n{\"t\":\"b\"}");
                ProviderHttp http = http(server.url())) {
            ProviderAnswer answer = http.stream(
                    call(PATIENCE),
                    request(),
                    StreamFormat.NDJSON,
                    piece -> {},
                    exchange -> reader(exchange, StreamReader.Progress.MAY_END));

            assertThat(answer.text()).isEqualTo("ab");
        }
    }

    private static final AnswerReader READER =
            (json, exchange) -> answer(json.path("text").asText(), exchange);

    private static ProviderAnswer answer(String text, Exchange exchange) {
        return new ProviderAnswer(
                exchange.model().model(),
                text,
                StopReason.COMPLETE,
                TokenUsage.of(1, 2),
                UsageSource.REPORTED,
                "standard",
                null,
                exchange.requestId().orElse(null));
    }

    private static ProviderAnswer chat(ProviderHttp http) {
        return http.chat(call(PATIENCE), request(), READER);
    }

    private static ProviderAnswer stream(ProviderHttp http, List<String> pieces) {
        return http.stream(
                call(PATIENCE),
                request(),
                StreamFormat.SSE,
                pieces::add,
                exchange -> reader(exchange, StreamReader.Progress.OPEN));
    }

    private static StreamReader reader(Exchange exchange, StreamReader.Progress afterEachEvent) {
        return new StreamReader() {
            @Override
            public Progress accept(StreamEvent event) {
                if (event.is("[DONE]")) {
                    return Progress.DONE;
                }
                exchange.say(event.json().path("t").asText());
                return afterEachEvent;
            }

            @Override
            public ProviderAnswer answer() {
                return ProviderHttpTest.answer(exchange.text(), exchange);
            }
        };
    }

    private static ReplyServer stream(String body) throws IOException {
        return ReplyServer.replying(200, "text/event-stream", body);
    }

    private static ReplyServer replying(int status, String header, String value, String body) throws IOException {
        return ReplyServer.start(connection -> connection.reply(status, Map.of(header, value), body));
    }

    private static ProviderCall call(Duration timeout) {
        return new ProviderCall("model", ChatRequest.of(PROMPT), timeout);
    }

    private static HttpRequest request() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", PROMPT);
        return HttpRequest.post("/chat", body);
    }

    private static ProviderHttp http(URI url) {
        return builder(url).build();
    }

    private static ProviderHttp.Builder builder(URI url) {
        return ProviderHttp.builder("stub", url).key("authorization", "Bearer ", name -> Optional.of(KEY), "STUB_KEY");
    }

    private static ProviderException failure(Runnable work) {
        return catchThrowableOfType(ProviderException.class, work::run);
    }
}
