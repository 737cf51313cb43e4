package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.provider.http.message.ReplySource;
import dev.architect.spi.ProviderAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Calls that are answered from memory. */
class ReplySourceTest extends HttpCases {

    @Test
    void answersAsTheNetworkWould() {
        List<HttpRequest> asked = new ArrayList<>();
        try (ProviderHttp http = replying(request -> {
            asked.add(request);
            return Reply.of(200, ReplyHeaders.of("X-Request-Id", "req_7"), "{\"text\":\"hello\"}");
        })) {
            ProviderAnswer answer = chat(http);

            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.requestId()).contains("req_7");
            assertThat(asked).containsExactly(request());
        }
    }

    @Test
    void streamsAndClosesTheBody() {
        AtomicBoolean closed = new AtomicBoolean();
        try (ProviderHttp http = replying(request -> new Reply(
                200,
                ReplyHeaders.none(),
                new ByteArrayInputStream("data: {\"t\":\"a\"}\n\ndata: [DONE]\n\n".getBytes(StandardCharsets.UTF_8)) {
                    @Override
                    public void close() {
                        closed.set(true);
                    }
                }))) {
            List<String> pieces = new ArrayList<>();

            assertThat(stream(http, pieces).text()).isEqualTo("a");
            assertThat(pieces).containsExactly("a");
            assertThat(closed).isTrue();
        }
    }

    @Test
    void failsAsTheNetworkWould() {
        try (ProviderHttp http = replying(request -> Reply.of(429, ReplyHeaders.of("retry-after", "2"), "busy"))) {
            ProviderException failure = failure(() -> chat(http));
            assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
            assertThat(failure.retryAfter())
                    .hasValueSatisfying(delay -> assertThat(delay).hasSeconds(2));
        }
        try (ProviderHttp http = replying(request -> {
            throw new IOException("gone");
        })) {
            ProviderException failure = failure(() -> chat(http));
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
        }
        try (ProviderHttp http = replying(request -> Reply.of(200, ReplyHeaders.none(), "{\"te"))) {
            ProviderException failure = failure(() -> chat(http));
            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        }
    }

    @Test
    void makesNoCallThatTheNetworkWouldNotGet() {
        List<HttpRequest> asked = new ArrayList<>();
        ReplySource source = request -> {
            asked.add(request);
            return Reply.of(200, ReplyHeaders.none(), "{}");
        };
        try (ProviderHttp http = ProviderHttp.builder("stub", URI.create("http://stub"))
                .key("authorization", "Bearer ", name -> Optional.empty(), "STUB_KEY")
                .replies(source)
                .build()) {
            assertThat(failure(() -> chat(http)).kind()).isEqualTo(FailureKind.AUTHENTICATION);
        }
        try (ProviderHttp http = replying(source)) {
            Thread.currentThread().interrupt();
            assertThat(failure(() -> chat(http)).kind()).isEqualTo(FailureKind.CANCELLED);
            assertThat(Thread.interrupted()).isTrue();
        }
        ProviderHttp closed = replying(source);
        closed.close();
        assertThatIllegalStateException().isThrownBy(() -> chat(closed));
        assertThat(asked).isEmpty();
    }

    @Test
    void headersAreFoundInAnyCase() {
        ReplyHeaders headers = ReplyHeaders.of(Map.of("X-One", "1"));

        assertThat(headers.get("x-oNE")).contains("1");
        assertThat(headers.get("x-two")).isEmpty();
        assertThat(ReplyHeaders.of("a", "1", "A", "2").get("a")).contains("2");
        assertThat(headers).isEqualTo(ReplyHeaders.of("X-One", "1")).hasToString("ReplyHeaders[1]");
        assertThat(ReplyHeaders.of("date", "Sun, 22 Nov 2026 10:00:00 GMT").date("Date"))
                .contains(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(ReplyHeaders.of("date", "today").date("date")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplyHeaders.of("a"))
                .withMessageContaining("expected a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reply.of(99, ReplyHeaders.none(), ""))
                .withMessage("status is 99, expected 100..999");
    }

    private static ProviderHttp replying(ReplySource source) {
        return builder(URI.create("http://stub")).replies(source).build();
    }
}
