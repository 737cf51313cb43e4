package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.testkit.provider.ClosedPort;
import dev.architect.testkit.replay.ReplyServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a failed call reports, and that it was made once. */
class ProviderHttpFailureTest extends HttpCases {

    @Test
    void neverTakesACutStreamForAnAnswer() throws Exception {
        try (ReplyServer server = stream("data: {\"t\":\"hello\"}\n\n");
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> stream(http, new ArrayList<>()));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
            assertThat(failure.receivedCharacters()).isEqualTo(5);
        }
    }

    @Test
    void deliveryIsNotSentWhenTheConnectionIsRefused() throws Exception {
        try (ClosedPort port = new ClosedPort();
                ProviderHttp http = http(URI.create("http://127.0.0.1:" + port.number()))) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
            assertThat(http.probe(HttpRequest.get("/models"), body -> true).reachable())
                    .isFalse();
        }
    }

    @Test
    void deliveryIsUnknownWhenTheConnectionIsResetAfterTheRequest() throws Exception {
        try (ReplyServer server = ReplyServer.start(ReplyServer.Connection::reset);
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
            assertThat(server.requests()).hasSize(1);
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
            assertThat(received.await(60, TimeUnit.SECONDS)).isTrue();

            caller.interrupt();

            assertThat(server.awaitHangUp()).isTrue();
            caller.join(60_000);
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
}
