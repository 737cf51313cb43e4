package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.testkit.time.ManualTime;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What becomes of a request whose client goes away, waits, or sends the next one early. */
final class GatewayConnectionTest {

    private static final String ASK =
            "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me about queues.\"}]}";
    private static final String STREAM = ASK.replace("\"messages\"", "\"stream\":true,\"messages\"");

    @Test
    void aClientThatLeavesCancelsTheCallOfAWholeAnswerAtOnce() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture()) {
            gateway.simulator.setOutage("openai", Outage.SILENT);
            Socket socket = send(gateway, ASK);
            awaitCall(gateway, call -> true);
            socket.close();
            long left = System.nanoTime();

            awaitCall(gateway, SimulatedCall::clientHungUp);

            // 100 ms where nothing else runs.
            assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(2));
            assertCancelled(gateway);
        }
    }

    @Test
    void aServerThatStopsEndsTheCallsThatItsOwnThreadsWaitFor() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture()) {
            gateway.simulator.setOutage("openai", Outage.SILENT);
            try (Socket socket = send(gateway, ASK)) {
                awaitCall(gateway, call -> true);
                long stopping = System.nanoTime();

                gateway.server.close();

                awaitCall(gateway, SimulatedCall::clientHungUp);
                // The call itself would wait for minutes.
                assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(Duration.ofSeconds(20));
                assertThat(socket.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    @Test
    void aClientThatLeavesAStreamCancelsItsCallAndTheCostIsBooked() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture()) {
            gateway.simulator.setOutage("openai", Outage.STALL);
            try (Socket socket = send(gateway, STREAM)) {
                BufferedReader in = reader(socket);
                String line = next(in);
                while (!line.contains("\"content\":\"") || line.contains("\"content\":\"\"")) {
                    line = next(in);
                }
            }

            awaitCall(gateway, SimulatedCall::clientHungUp);

            LedgerEntry entry = assertCancelled(gateway);
            assertThat(entry.charge().cost().amount()).isPresent();
            assertThat(entry.charge().cost().amount().orElseThrow().picoUsd()).isPositive();
        }
    }

    @Test
    void aRequestThatIsSentBeforeTheAnswerIsAnsweredAfterIt() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture()) {
            script(gateway, one -> one.withPerToken(Duration.ofMillis(2)));
            try (Socket socket = send(gateway, ASK)) {
                awaitCall(gateway, call -> true);
                write(
                        socket,
                        "GET /v1/models/auto HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                                + GatewayFixture.SECRET + "\r\nConnection: close\r\n\r\n");
                String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertThat(all).contains("chat.completion").contains("\"owned_by\":\"architect\"");
                assertThat(all.split("HTTP/1.1 200", -1)).hasSize(3);
            }
            assertThat(gateway.calls()).hasSize(1).noneMatch(SimulatedCall::clientHungUp);
        }
    }

    @Test
    void aConnectionServesManyRequestsOneAfterTheOther() throws Exception {
        try (GatewayFixture gateway = new GatewayFixture();
                Socket socket = new Socket("127.0.0.1", gateway.server.port())) {
            socket.setSoTimeout(60_000);
            BufferedReader in = reader(socket);
            for (int i = 0; i < 20; i++) {
                write(socket, request("/v1/chat/completions", ASK));
                String line = next(in);
                assertThat(line).isEqualTo("HTTP/1.1 200 OK");
                int length = 0;
                while (!line.isEmpty()) {
                    line = next(in);
                    if (line.regionMatches(true, 0, "Content-Length: ", 0, 16)) {
                        length = Integer.parseInt(line.substring(16));
                    }
                }
                char[] body = new char[length];
                for (int read = 0; read < length; ) {
                    read += in.read(body, read, length - read);
                }
                assertThat(new String(body)).contains("chat.completion");
            }
        }
    }

    @Test
    void silenceIsFilledInTheWordsOfTheDialect() throws Exception {
        ManualTime time = new ManualTime();
        try (GatewayFixture gateway = new GatewayFixture(time)) {
            gateway.simulator.setOutage("openai", Outage.SILENT);
            String message = STREAM.replace("\"messages\"", "\"max_tokens\":99,\"messages\"");
            try (Socket chat = send(gateway, STREAM);
                    Socket messages = new Socket("127.0.0.1", gateway.server.port())) {
                messages.setSoTimeout(60_000);
                write(messages, request("/v1/messages", message));
                awaitCall(gateway, call -> gateway.calls().size() == 2);
                // The live feed and the pings.
                time.awaitWaiting(2);
                time.advance(StreamPings.SILENCE);

                assertThat(firstOf(reader(chat), ":")).isEqualTo(": ping");
                assertThat(firstOf(reader(messages), "data:")).isEqualTo("data: {\"type\":\"ping\"}");
            }
        }
    }

    private static String firstOf(BufferedReader in, String beginning) throws IOException {
        String line = next(in);
        while (!line.startsWith(beginning)) {
            line = next(in);
        }
        return line;
    }

    private static String next(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new EOFException("the answer ended, expected another line");
        }
        return line;
    }

    /** Waits until a call has reached the provider of which {@code wanted} holds. */
    private static void awaitCall(GatewayFixture gateway, Predicate<SimulatedCall> wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (gateway.calls().stream().noneMatch(wanted)) {
            assertThat(System.nanoTime()).as("time until the call").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static LedgerEntry assertCancelled(GatewayFixture gateway) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        List<LedgerEntry> calls = gateway.architect.ledger().newest(10);
        while (calls.isEmpty()) {
            assertThat(System.nanoTime()).as("time until the ledger").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
            calls = gateway.architect.ledger().newest(10);
        }
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).outcome()).isEqualTo(CallOutcome.CANCELLED);
        return calls.get(0);
    }

    private static void script(GatewayFixture gateway, UnaryOperator<ProviderScript> change) {
        gateway.simulator.update(script -> script.with("openai", change));
    }

    private static Socket send(GatewayFixture gateway, String body) throws IOException {
        Socket socket = new Socket("127.0.0.1", gateway.server.port());
        socket.setSoTimeout(60_000);
        write(socket, request("/v1/chat/completions", body));
        return socket;
    }

    private static String request(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + GatewayFixture.SECRET
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
