package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ProviderException;
import dev.architect.request.CallLimits;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.ReplyServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a listener learns of parts that come together. */
class StreamBurstTest extends HttpCases {

    private static final String BURST = "burst";
    private static final String PAUSE = "pause";
    private static final String DONE = "data: [DONE]\n\n";
    private static final Duration SHORT = Duration.ofMillis(100);

    private final CountDownLatch threeHere = new CountDownLatch(3);
    private final CountDownLatch pausedAfterThree = new CountDownLatch(1);

    /** Notes what it gets. */
    private final class Noting implements ChatListener {
        private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onText(String delta) {
            seen.add(delta);
            threeHere.countDown();
        }

        @Override
        public void onBurst() {
            seen.add(BURST);
        }

        @Override
        public void onPause() {
            seen.add(PAUSE);
            if (threeHere.getCount() == 0) {
                pausedAfterThree.countDown();
            }
        }
    }

    @Test
    void partsThatComeTogetherAreOneBurstAndEachWaitIsAPause() throws Exception {
        Noting listener = new Noting();
        try (ReplyServer server = ReplyServer.start(connection -> {
                    begin(connection);
                    send(connection, event("a") + event("b") + event("c"));
                    // The pause comes before the next part, and not with it.
                    await(pausedAfterThree);
                    send(connection, event("d"));
                    send(connection, DONE);
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            stream(http, listener);
        }

        String whole = String.join(" ", listener.seen);
        assertThat(whole).contains("burst a b c pause").endsWith("d pause").doesNotContain("c d");
        assertThat(whole.replace("a ", "").replace("b ", "").replace("c ", "").replace("d ", ""))
                .matches("(burst pause ?)+");
    }

    @Test
    void aStreamThatBreaksEndsItsBurst() throws Exception {
        Noting listener = new Noting();
        try (ReplyServer server = ReplyServer.start(connection -> {
                    begin(connection);
                    send(connection, event("a") + "data: no JSON\n\n" + event("b"));
                    connection.close();
                });
                ProviderHttp http = http(server.url())) {
            assertThatThrownBy(() -> stream(http, listener)).isInstanceOf(ProviderException.class);
        }

        assertThat(listener.seen).contains("a").endsWith(PAUSE);
        assertThat(Collections.frequency(listener.seen, BURST)).isEqualTo(Collections.frequency(listener.seen, PAUSE));
    }

    @Test
    void whatAListenerThrowsWhenItIsPausedEndsTheCallAndComesOnce() throws Exception {
        IllegalStateException gone = new IllegalStateException("gone");
        List<String> seen = new ArrayList<>();
        ChatListener listener = new ChatListener() {
            @Override
            public void onText(String delta) {
                seen.add(delta);
            }

            @Override
            public void onPause() {
                if (!seen.isEmpty()) {
                    seen.add(PAUSE);
                    throw gone;
                }
            }
        };
        try (ReplyServer server = ReplyServer.start(connection -> {
                    begin(connection);
                    send(connection, event("a"));
                    connection.awaitHangUp();
                });
                ProviderHttp http = http(server.url())) {
            assertThatThrownBy(() -> stream(http, listener)).isSameAs(gone);
        }
        assertThat(seen).containsExactly("a", PAUSE);
    }

    @Test
    void theTimeThatAListenerTakesInAPauseIsNoSilence() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ChatListener slow = new ChatListener() {
            @Override
            public void onText(String delta) {
                threeHere.countDown();
            }

            @Override
            public void onPause() {
                if (threeHere.getCount() == 0 && pausedAfterThree.getCount() > 0) {
                    pausedAfterThree.countDown();
                    awaitInVain(never, SHORT.multipliedBy(3));
                }
            }
        };
        try (ReplyServer server = ReplyServer.start(connection -> {
                    begin(connection);
                    send(connection, event("a") + event("b") + event("c"));
                    await(pausedAfterThree);
                    send(connection, DONE);
                    connection.end();
                });
                ProviderHttp http = http(server.url())) {
            CallLimits limits = new CallLimits(LONG_TIMEOUT, LONG_TIMEOUT, SHORT, LONG_TIMEOUT);

            assertThat(stream(http, slow, limits).text()).isEqualTo("abc");
        }
    }

    private static ProviderAnswer stream(ProviderHttp http, ChatListener listener) {
        return stream(http, listener, CallLimits.within(LONG_TIMEOUT));
    }

    private static ProviderAnswer stream(ProviderHttp http, ChatListener listener, CallLimits limits) {
        return http.stream(
                new ProviderCall("model", ChatRequest.of(PROMPT), limits),
                request(),
                StreamFormat.SSE,
                listener,
                exchange -> reader(exchange, StreamReader.Progress.OPEN));
    }

    private static String event(String text) {
        return "data: {\"t\":\"" + text + "\"}\n\n";
    }

    private static void begin(ReplyServer.Connection connection) throws IOException {
        connection.begin(200, Map.of("content-type", "text/event-stream"));
    }

    private static void send(ReplyServer.Connection connection, String events) throws IOException {
        byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
        connection.sendChunk(bytes, 0, bytes.length);
    }
}
