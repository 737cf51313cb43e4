package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.Delivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.testkit.ReplyServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Sizes, depths, times, and replies that are not what was promised. */
class ProviderHttpLimitTest extends HttpCases {

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
}
