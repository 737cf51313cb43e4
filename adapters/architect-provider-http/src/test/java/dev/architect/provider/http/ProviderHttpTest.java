package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.RateLimit;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.replay.ReplyServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls, streams, keys and probes that go well. */
class ProviderHttpTest extends HttpCases {

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
    void streamsDeltasAndStopsAtTheEnd() throws Exception {
        try (ReplyServer server = stream("data: {\"t\":\"hel\"}\n\ndata:\n\ndata: {\"t\":\"lo\"}\n\ndata: [DONE]\n\n");
                ProviderHttp http = http(server.url())) {
            List<String> pieces = new ArrayList<>();

            ProviderAnswer answer = stream(http, pieces);

            assertThat(pieces).containsExactly("hel", "lo");
            assertThat(answer.text()).isEqualTo("hello");
        }
    }

    @Test
    void makesNoCallWithoutAKey() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{}");
                ProviderHttp http = ProviderHttp.builder("stub", server.url())
                        .key("authorization", "Bearer ", name -> Optional.empty(), "STUB_KEY")
                        .build()) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.AUTHENTICATION);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(failure).hasMessageContaining("STUB_KEY");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void refusesBeforeSendingWhatTheModelLacks() throws Exception {
        try (ReplyServer server = ReplyServer.replying(200, "application/json", "{}");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> http.guard()
                    .require(call(Duration.ofSeconds(1)), EnumSet.of(Capability.MULTI_TURN), Capability.STREAMING));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure).hasMessageContaining("STREAMING");
            http.guard().require(call(Duration.ofSeconds(1)), Set.of());
            assertThat(server.requests()).isEmpty();
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

    /** The name may stand for an IPv6 address too, where nothing listens here. */
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
    void probesDistinguishUpUnusableAndDown() throws Exception {
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
                    call(LONG_TIMEOUT),
                    request(),
                    StreamFormat.NDJSON,
                    piece -> {},
                    exchange -> reader(exchange, StreamReader.Progress.MAY_END));

            assertThat(answer.text()).isEqualTo("ab");
        }
    }

    @Test
    void failuresCarryRateLimits() {
        try (ProviderHttp http = builder(URI.create("http://stub"))
                .replies(request -> Reply.of(429, ReplyHeaders.of("x-ratelimit-remaining-requests", "0"), "{}"))
                .build()) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.rateLimits())
                    .containsExactly(new RateLimit("requests", Optional.empty(), Optional.of(0L), Optional.empty()));
        }
    }

    @Test
    void answersCarryRateLimits() {
        try (ProviderHttp http = builder(URI.create("http://stub"))
                .replies(request ->
                        Reply.of(200, ReplyHeaders.of("x-ratelimit-remaining-tokens", "7"), "{\"text\":\"hello\"}"))
                .build()) {
            AnswerReader reader =
                    (json, exchange) -> exchange.answer(StopReason.COMPLETE).build();

            assertThat(http.chat(call(LONG_TIMEOUT), request(), reader).rateLimits())
                    .containsExactly(new RateLimit("tokens", Optional.empty(), Optional.of(7L), Optional.empty()));
        }
    }

    @Test
    void baseUrlsAreCheckedWithoutShowingPasswords() {
        for (String url : List.of(
                "ftp://host/",
                "http:///path",
                "http://user:pass@host/",
                "https://host/?a=b",
                "https://host/#x",
                "host")) {
            assertThatIllegalArgumentException()
                    .as(url)
                    .isThrownBy(() -> ProviderHttp.builder("stub", URI.create(url)))
                    .withMessageContaining("expected http or https")
                    .withMessageNotContaining("pass");
        }
    }
}
