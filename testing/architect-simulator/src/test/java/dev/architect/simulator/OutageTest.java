package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Latency;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.SimulatorScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OutageTest extends SimulatorCases {

    static final List<String> PROVIDERS = SimulatorScript.PROVIDERS;
    private static final Duration LONG = Duration.ofSeconds(20);

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void answersWith503AndRecovers(String provider) throws Exception {
        simulator.setOutage(provider, Outage.HTTP_503);
        assertThat(client.call(provider, false).statusCode()).isEqualTo(503);
        assertThat(client.call(provider, true).statusCode()).isEqualTo(503);

        simulator.clearOutage(provider);

        assertThat(client.call(provider, false).statusCode()).isEqualTo(200);
        assertThat(simulator.log())
                .extracting(SimulatedCall::action)
                .containsExactly(CallAction.HTTP_503, CallAction.HTTP_503, CallAction.OK);
        assertThat(simulator.log().get(0).billedPicoUsd()).isZero();
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void refusesCallsOfAnAccountWithoutCredit(String provider) throws Exception {
        simulator.setOutage(provider, Outage.NO_CREDIT);

        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<String> refused = client.call(provider, stream);
            assertThat(refused.statusCode()).isBetween(400, 500);
            assertThat(refused.body()).containsPattern("credit|quota|usage limit");
        }

        assertThat(simulator.log()).extracting(SimulatedCall::action).containsOnly(CallAction.NO_CREDIT);
        assertThat(simulator.log().get(0).billedPicoUsd()).isZero();
    }

    @Test
    void resetsTheConnectionInsteadOfAnswering() throws Exception {
        simulator.setOutage("openai", Outage.REFUSE);
        try (Socket socket = new Socket("127.0.0.1", simulator.port())) {
            String request =
                    "POST /openai/v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{}";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(simulator.log()).singleElement().satisfies(call -> {
            assertThat(call.action()).isEqualTo(CallAction.RESET);
            assertThat(call.status()).isZero();
        });
        assertThat(client.claude(false).statusCode()).as("another provider").isEqualTo(200);
    }

    @Test
    @Timeout(20)
    void keepsAClientWaitingUntilItHangsUp() throws Exception {
        simulator.setOutage("gemini", Outage.SILENT);
        try (Socket socket = send("GET /gemini/v1beta/models HTTP/1.1\r\n\r\n")) {
            assertThat(simulator.awaitFinished(1, LONG)).isTrue();
            assertThat(socket.getInputStream().available()).isZero();
            assertThat(simulator.log().get(0).clientHungUp()).isFalse();
        }
        while (!simulator.log().get(0).clientHungUp()) {
            Thread.onSpinWait();
        }
        assertThat(simulator.log()).extracting(SimulatedCall::action).containsExactly(CallAction.SILENT);
    }

    @Test
    void showsASilentCallWhileItWaits() throws Exception {
        simulator.setOutage("ollama", Outage.SILENT);
        var waiting = client.http()
                .sendAsync(
                        HttpRequest.newBuilder(client.url("ollama", "/api/version"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(simulator.awaitCalls(1, LONG)).isTrue();
        assertThat(waiting).isNotDone();
        simulator.close();
        assertThat(waiting).failsWithin(LONG);
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void breaksOffStreamsHalfWayAndBillsWhatWasSent(String provider) throws Exception {
        HttpResponse<String> whole = client.call(provider, true);
        SimulatedCall complete = simulator.log().get(0);
        simulator.setOutage(provider, Outage.CUT);
        simulator.clearLog();

        assertThatThrownBy(() -> client.call(provider, true)).isInstanceOf(IOException.class);

        SimulatedCall cut = simulator.log().get(0);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(cut.action()).isEqualTo(CallAction.CUT);
        assertThat(cut.status()).isEqualTo(200);
        assertThat(cut.promptTokens()).isEqualTo(complete.promptTokens());
        assertThat(cut.outputTokens()).isPositive().isLessThan(complete.outputTokens());
        assertThat(simulator.billed(provider)).isEqualTo(BigInteger.valueOf(cut.billedPicoUsd()));
        assertThat(cut.billedPicoUsd()).isLessThanOrEqualTo(complete.billedPicoUsd());
    }

    /** Its connection stays open until the client leaves. */
    @Test
    @Timeout(20)
    void fallsSilentBeforeTheFirstChunkOrHalfWay() throws Exception {
        assertThat(textUntilSilence(Outage.MUTE, true, "message_start"))
                .contains("200 OK", "message_start")
                .doesNotContain("content_block_delta");
        assertThat(textUntilSilence(Outage.STALL, true, "content_block_delta"))
                .contains("200 OK", "content_block_delta")
                .doesNotContain("message_stop");
        assertThat(textUntilSilence(Outage.MUTE, false, "\r\n\r\n"))
                .contains("200 OK")
                .doesNotContain("{");
        assertThat(textUntilSilence(Outage.STALL, false, "{"))
                .contains("200 OK", "{")
                .doesNotContain("usage");
    }

    /** What comes up to {@code awaited}, however long that takes, and what comes after it until nothing does for a while. */
    private String textUntilSilence(Outage outage, boolean stream, String awaited) throws Exception {
        simulator.setOutage("claude", outage);
        simulator.clearLog();
        // Of the same length, which the head states.
        String request = stream ? chat("claude") : chat("claude").replace("\"stream\":true", "\"top_k\":    1");
        StringBuilder text = new StringBuilder();
        try (Socket socket = send(request)) {
            InputStream in = socket.getInputStream();
            while (text.indexOf(awaited) < 0) {
                int next = in.read();
                assertThat(next).as("the byte after %s", text).isNotNegative();
                text.append((char) next);
            }
            socket.setSoTimeout(300);
            try {
                for (int next = in.read(); next >= 0; next = in.read()) {
                    text.append((char) next);
                }
                throw new AssertionError("the connection was closed, expected silence");
            } catch (SocketTimeoutException silence) {
                // What has come until now is the result.
            }
        }
        assertThat(simulator.awaitFinished(1, LONG)).isTrue();
        assertThat(simulator.log().get(0).clientHungUp()).isTrue();
        return text.toString();
    }

    @ParameterizedTest
    @FieldSource("PROVIDERS")
    void breaksOffWholeAnswersHalfWayAndBillsNothing(String provider) {
        simulator.setOutage(provider, Outage.CUT);

        assertThatThrownBy(() -> client.call(provider, false)).isInstanceOf(IOException.class);

        assertThat(simulator.log().get(0).action()).isEqualTo(CallAction.CUT);
        assertThat(simulator.billed()).isZero();
    }

    @Test
    void noticesThatTheClientHungUpDuringTheLatency() throws Exception {
        simulator.update(script -> script.with("ollama", p -> p.withLatency(Latency.fixed(Duration.ofMinutes(5)))));
        Socket socket = send(chat("ollama"));
        assertThat(simulator.awaitCalls(1, LONG)).isTrue();

        socket.close();

        assertThat(simulator.awaitFinished(1, LONG)).isTrue();
        assertThat(simulator.log()).singleElement().satisfies(call -> {
            assertThat(call.action()).isEqualTo(CallAction.HUNG_UP);
            assertThat(call.clientHungUp()).isTrue();
            assertThat(call.billedPicoUsd()).isZero();
            assertThat(call.took()).isLessThan(Duration.ofMinutes(1));
        });
    }

    @Test
    void sendsWhatIsDueAndBillsItWhenTheClientHangsUp() throws Exception {
        simulator.update(script -> script.with("claude", p -> p.withPerToken(Duration.ofMinutes(1))));
        Socket socket = send(chat("claude"));
        socket.setSoTimeout((int) LONG.toMillis());
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        while (!reader.readLine().equals("event: ping")) {
            // Everything up to the first token is sent at once.
        }
        assertThat(simulator.log()).extracting(SimulatedCall::action).containsExactly(CallAction.OPEN);

        socket.close();

        assertThat(simulator.awaitFinished(1, LONG)).isTrue();
        assertThat(simulator.log()).singleElement().satisfies(call -> {
            assertThat(call.action()).isEqualTo(CallAction.HUNG_UP);
            assertThat(call.outputTokens()).isZero();
            assertThat(call.billedPicoUsd())
                    .isEqualTo(call.promptTokens() * 1_000_000)
                    .isPositive();
        });
    }

    private Socket send(String request) throws IOException {
        Socket socket = new Socket("127.0.0.1", simulator.port());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String chat(String provider) {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        String body = provider.equals("ollama")
                ? "{\"model\":\"llama3.2\"," + messages
                : "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,\"stream\":true," + messages;
        String path = provider.equals("ollama") ? "/ollama/api/chat" : "/claude/v1/messages";
        return "POST " + path + " HTTP/1.1\r\nanthropic-version: 2023-06-01\r\ncontent-length: " + body.length()
                + "\r\n\r\n" + body;
    }
}
