package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.replay.ReplyServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to a request on a connection that was kept open and that the server no longer wants. */
class ReusedConnectionTest extends HttpCases {

    private static final String ANSWER = "{\"text\":\"hello\"}";

    /** How a server lets a connection die. */
    enum Death {
        END {
            @Override
            void of(ReplyServer.Connection connection) throws IOException {
                connection.close();
            }
        },
        RESET {
            @Override
            void of(ReplyServer.Connection connection) throws IOException {
                connection.reset();
            }
        };

        abstract void of(ReplyServer.Connection connection) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatDiesOnAReusedConnectionIsSentOnceMoreOnAFreshOne(Death death) throws Exception {
        try (ReplyServer server = answeringAllBut(2, death::of);
                ProviderHttp http = http(server.url())) {
            chat(http);

            ProviderAnswer answer = http.chat(
                    call(LONG_TIMEOUT),
                    request(),
                    (json, exchange) -> exchange.answer(StopReason.COMPLETE).build());

            assertThat(answer.transmission().resends()).isOne();
            assertThat(server.requests()).hasSize(3);
            assertThat(server.requests().get(2)).isEqualTo(server.requests().get(1));
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatDiesBeforeItsFirstByteIsSentOnceMore(Death death) throws Exception {
        AtomicInteger received = new AtomicInteger();
        try (ReplyServer server = ReplyServer.start(connection -> {
                    if (received.incrementAndGet() == 2) {
                        death.of(connection);
                    } else {
                        connection.reply(
                                200,
                                Map.of("content-type", "text/event-stream"),
                                "data: {\"t\":\"hi\"}\n\ndata: [DONE]\n\n");
                    }
                });
                ProviderHttp http = http(server.url())) {
            // A whole answer leaves its connection open, a stream is closed at its last event.
            http.probe(HttpRequest.get("/models"), body -> true);
            List<String> deltas = new ArrayList<>();

            assertThat(stream(http, deltas).text()).isEqualTo("hi");

            assertThat(deltas).containsExactly("hi");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProbeSurvivesADeadConnection(Death death) throws Exception {
        try (ReplyServer server = answeringAllBut(2, death::of);
                ProviderHttp http = http(server.url())) {
            http.probe(HttpRequest.get("/models"), body -> true);

            assertThat(http.probe(HttpRequest.get("/models"), body -> true).usable())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatDiesOnANewConnectionIsNotSentAgain(Death death) throws Exception {
        try (ReplyServer server = answeringAllBut(1, death::of);
                ProviderHttp http = http(server.url())) {
            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
            assertThat(failure.resends()).isZero();
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplyThatBreaksInsideItsStatusLineIsNotAskedForAgain(Death death) throws Exception {
        try (ReplyServer server = answeringAllBut(2, connection -> {
                    connection.send("HTTP/1.1 2");
                    death.of(connection);
                });
                ProviderHttp http = http(server.url())) {
            chat(http);

            failure(() -> chat(http));

            assertThat(server.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterimReplyIsAReply(Death death) throws Exception {
        try (ReplyServer server = answeringAllBut(2, connection -> {
                    connection.send("HTTP/1.1 103 Early Hints\r\n\r\n");
                    death.of(connection);
                });
                ProviderHttp http = http(server.url())) {
            chat(http);

            failure(() -> chat(http));

            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void noRequestIsSentAThirdTime() throws Exception {
        AtomicInteger received = new AtomicInteger();
        try (ReplyServer server = ReplyServer.start(connection -> {
                    if (received.incrementAndGet() == 1) {
                        connection.reply(200, Map.of(), ANSWER);
                    } else {
                        connection.reset();
                    }
                });
                ProviderHttp http = http(server.url())) {
            chat(http);

            ProviderException failure = failure(() -> chat(http));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
            assertThat(failure.resends()).isOne();
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void silenceOnAReusedConnectionIsATimeoutAndNothingIsSentAgain() throws Exception {
        try (ReplyServer server = answeringAllBut(2, ReplyServer.Connection::awaitHangUp);
                ProviderHttp http = http(server.url())) {
            chat(http);

            ProviderException failure = failure(() -> http.chat(call(Duration.ofMillis(200)), request(), READER));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void theSecondSendHasTheTimeThatTheFirstLeft() throws Exception {
        AtomicInteger received = new AtomicInteger();
        try (ReplyServer server = ReplyServer.start(connection -> {
                    switch (received.incrementAndGet()) {
                        case 1 -> connection.reply(200, Map.of(), ANSWER);
                        case 2 -> connection.reset();
                        default -> connection.awaitHangUp();
                    }
                });
                ProviderHttp http = http(server.url())) {
            chat(http);

            ProviderException failure = failure(() -> http.chat(call(Duration.ofMillis(300)), request(), READER));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(server.awaitHangUp()).isTrue();
        }
    }

    private static ReplyServer answeringAllBut(int number, ReplyServer.Script other) throws IOException {
        AtomicInteger received = new AtomicInteger();
        return ReplyServer.start(connection -> {
            if (received.incrementAndGet() == number) {
                other.reply(connection);
            } else {
                connection.reply(200, Map.of(), ANSWER);
            }
        });
    }
}
