package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.StopReason;
import dev.architect.model.Capability;
import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProviderHttpTest {

    private static final String KEY = "sk-very-secret";
    private static final String PROMPT = "what did the fox say";

    @Test
    void sendsKeyAndBodyAndReadsTheAnswer() throws Exception {
        try (StubServer server = StubServer.answering(200, "x-request-id: req_1\r\n", "{\"text\":\"hello\"}");
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
        try (StubServer server = stream("data: {\"t\":\"hel\"}\n\ndata: {\"t\":\"lo\"}\n\ndata: [DONE]\n\n");
                ProviderHttp http = http(server.url())) {
            List<String> pieces = new ArrayList<>();

            ProviderAnswer answer = stream(http, pieces);

            assertThat(pieces).containsExactly("hel", "lo");
            assertThat(answer.text()).isEqualTo("hello");
        }
    }

    @Test
    void neverTakesACutStreamForAnAnswer() throws Exception {
        try (StubServer server = stream("data: {\"t\":\"hello\"}\n\n");
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
        try (StubServer server = new StubServer((socket, out) -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                });
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void timesOutASilentProvider() throws Exception {
        AtomicReference<StubServer> self = new AtomicReference<>();
        try (StubServer server = new StubServer((socket, out) -> self.get().awaitHangUp(socket));
                ProviderHttp http = http(server.url())) {
            self.set(server);

            ProviderException failure = failure(() -> http.chat(call(Duration.ofMillis(200)), request(), READER));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.delivery()).isEqualTo(Delivery.UNKNOWN);
            assertThat(server.hungUp().await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void interruptionClosesTheConnection() throws Exception {
        AtomicReference<StubServer> self = new AtomicReference<>();
        CountDownLatch received = new CountDownLatch(1);
        try (StubServer server = new StubServer((socket, out) -> {
                    received.countDown();
                    self.get().awaitHangUp(socket);
                });
                ProviderHttp http = http(server.url())) {
            self.set(server);
            AtomicReference<ProviderException> failure = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                failure.set(failure(() -> chat(http)));
                flag.set(Thread.currentThread().isInterrupted());
            });
            caller.start();
            assertThat(received.await(5, TimeUnit.SECONDS)).isTrue();

            caller.interrupt();

            assertThat(server.hungUp().await(5, TimeUnit.SECONDS)).isTrue();
            caller.join(5000);
            assertThat(failure.get().kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(flag.get()).isTrue();
        }
    }

    @Test
    void neverSendsTwiceWhenA503SaysRetryAfterZero() throws Exception {
        try (StubServer server = StubServer.answering(503, "retry-after: 0\r\n", "{}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
            assertThat(failure.retryAfter()).isEmpty();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void readsRetryAfterOfA429() throws Exception {
        try (StubServer server = StubServer.answering(429, "Retry-After: 1.5\r\n", "{}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
            assertThat(failure.retryAfter()).contains(Duration.ofMillis(1500));
            assertThat(failure.status()).hasValue(429);
        }
    }

    @Test
    void keepsKeysAndRepliesOutOfMessages() throws Exception {
        try (StubServer server = StubServer.answering(400, "", "{\"error\":\"" + PROMPT + " " + KEY + "\"}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
            assertThat(failure.toString()).doesNotContain("fox").doesNotContain(KEY);
            assertThat(request().toString()).doesNotContain("fox");
        }
    }

    @Test
    void callsNobodyWithoutAKey() throws Exception {
        try (StubServer server = StubServer.answering(200, "", "{}");
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
        try (StubServer server = StubServer.answering(200, "", "{\"text\":\"" + "x".repeat(2000) + "\"}");
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
        try (StubServer server = StubServer.answering(307, "location: http://127.0.0.1:1/\r\n", "");
                ProviderHttp http = http(server.url())) {
            assertThat(failure(() -> chat(http)).kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void refusesBeforeSendingWhatTheModelLacks() throws Exception {
        try (StubServer server = StubServer.answering(200, "", "{}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() ->
                    http.require(call(Duration.ofSeconds(1)), EnumSet.of(Capability.MULTI_TURN), Capability.STREAMING));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure).hasMessageContaining("STREAMING");
            http.require(call(Duration.ofSeconds(1)), Set.of());
            assertThat(server.requests()).isEmpty();
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
        return http.chat(call(Duration.ofSeconds(20)), request(), READER);
    }

    private static ProviderAnswer stream(ProviderHttp http, List<String> pieces) {
        return http.stream(
                call(Duration.ofSeconds(20)), request(), StreamFormat.SSE, pieces::add, exchange -> new StreamReader() {
                    @Override
                    public Progress accept(StreamEvent event) {
                        if (event.is("[DONE]")) {
                            return Progress.DONE;
                        }
                        exchange.say(event.json().path("t").asText());
                        return Progress.OPEN;
                    }

                    @Override
                    public ProviderAnswer answer() {
                        return ProviderHttpTest.answer(exchange.text(), exchange);
                    }
                });
    }

    private static StubServer stream(String body) throws IOException {
        return StubServer.answering(200, "content-type: text/event-stream\r\n", body);
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
