package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send slowly, or open many connections: real sockets, and the time of the server is set by the test. */
final class ServerSlowClientTest {

    private static final int MANY = 500;
    private static final String EXPECT = "Expect: 100-continue\r\n";

    private final ManualTime time = new ManualTime();
    private final ServerFixture fixture = new ServerFixture(time);
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        fixture.close();
    }

    private Socket open(String from, String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", fixture.server.port(), InetAddress.getByName(from), 0);
        sockets.add(socket);
        socket.setSoTimeout(60_000);
        send(socket, text);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String header(String path, String more) {
        return "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" + more + "\r\n";
    }

    private static String authorized(String more) {
        return header("/api/tasks", "Authorization: Bearer " + ServerFixture.SECRET + "\r\n" + more);
    }

    /** Everything until the server closes the connection. */
    private static String rest(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
            }
        } catch (SocketException reset) {
            // Closed with bytes that were not read.
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /health HTTP/1.1\r\nHost: 127.0",
                "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
                "POST /api/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                        + ServerFixture.SECRET + "\r\nContent-Length: 900000\r\n\r\n{"
            })
    void healthAnswersWhileManySlowConnectionsAreOpen(String begun) throws IOException {
        for (int i = 0; i < MANY; i++) {
            // From several addresses, so that most of them stay open.
            open("127.0.0." + (1 + i % 4), begun);
        }

        for (int i = 0; i < 5; i++) {
            long before = System.nanoTime();
            String answer = fixture.raw("GET /health HTTP/1.1", "Host: 127.0.0.1", "Connection: close");

            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        }
        assertThat(fixture.getJson("/api/status").get("status").textValue()).isEqualTo("up");
    }

    @Test
    void anAddressThatHoldsManyConnectionsLosesTheOldestAndIsServed() throws IOException {
        for (int i = 0; i < MANY; i++) {
            open("127.0.0.1", "GET /health HTTP/1.1\r\nHo");
        }
        Socket other = open("127.0.0.9", "GET /health HTTP/1.1\r\nHo");

        assertThat(fixture.raw("GET /health HTTP/1.1", "Host: 127.0.0.1", "Connection: close"))
                .startsWith("HTTP/1.1 200");

        assertThat(rest(sockets.get(0))).doesNotContain(" 200 ");
        send(other, "st: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assertThat(rest(other)).startsWith("HTTP/1.1 200");
        Socket youngest = sockets.get(MANY - 1);
        send(youngest, "st: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assertThat(rest(youngest)).startsWith("HTTP/1.1 200");
    }

    @Test
    void aHeaderHasToCompleteInTenSeconds() throws IOException {
        Socket silent = open("127.0.0.1", "");
        Socket dripping = open("127.0.0.1", "GET /health HTTP/1.1\r\n");
        Socket second = open("127.0.0.1", "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        assertThat(readUntil(second, "}")).startsWith("HTTP/1.1 200");
        // Connections are taken note of in their order, but by several threads: the first ones have been by now.
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.get("/health").statusCode()).isEqualTo(200);
        }
        time.advance(Duration.ofSeconds(9));
        send(dripping, "Host: ");
        time.advance(Duration.ofSeconds(2));

        assertThat(rest(silent)).isEmpty();
        assertThat(rest(dripping)).startsWith("HTTP/1.1 408 ").contains("Connection: close");
        send(second, "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assertThat(rest(second)).startsWith("HTTP/1.1 200");
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            text.append((char) socket.getInputStream().read());
        }
        return text.toString();
    }

    /** Sends a header, and returns when the server waits for the body: that is when it answers the expectation. */
    private Socket awaited(String header) throws IOException {
        Socket socket = open("127.0.0.1", header);
        assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100 ");
        return socket;
    }

    @Test
    void aBodyHasToCompleteInThirtySeconds() throws IOException {
        Socket silent = awaited(authorized(EXPECT + "Content-Length: 900000\r\n"));
        Socket chunked = awaited(authorized(EXPECT + "Transfer-Encoding: chunked\r\n"));
        send(chunked, "5\r\n{\"pro\r\n");
        Socket login = awaited(header("/login", EXPECT + "Content-Length: 100\r\n"));
        time.advance(Duration.ofSeconds(31));

        for (Socket socket : List.of(silent, chunked, login)) {
            assertThat(rest(socket))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("\"code\":\"too-slow\"")
                    .containsIgnoringCase("Connection: close");
        }
        assertThat(fixture.architect.tasks().counts()).isEmpty();
    }

    @Test
    void aBodyThatDripsIsEndedBeforeThirtySeconds() throws IOException {
        Socket dripping = awaited(authorized(EXPECT + "Content-Length: 2000\r\n"));
        send(dripping, "{\"prompt\":\"");
        time.advance(Duration.ofSeconds(6));
        send(dripping, "x");

        assertThat(rest(dripping)).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void aBodyInPartsIsReadWhole() throws IOException {
        String body = "{\"prompt\":\"" + "x".repeat(10_000) + "\"}";
        Socket socket = open("127.0.0.1", authorized("Connection: close\r\nTransfer-Encoding: chunked\r\n"));
        for (int i = 0; i < body.length(); i += 1_000) {
            String part = body.substring(i, Math.min(body.length(), i + 1_000));
            send(socket, Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
        }
        send(socket, "0\r\n\r\n");

        assertThat(rest(socket)).startsWith("HTTP/1.1 201 ");
    }

    @Test
    void publicOperationsTakeAKilobyte() throws IOException {
        String large = "{\"token\":\"" + "x".repeat(1_100) + "\"}";
        for (String framing : List.of(
                "Content-Length: " + large.length() + "\r\n\r\n" + large,
                "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(large.length()) + "\r\n" + large
                        + "\r\n0\r\n\r\n")) {
            Socket socket = open(
                    "127.0.0.1",
                    "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
                            + framing);

            assertThat(rest(socket)).startsWith("HTTP/1.1 413 ").contains("expected at most 1024 bytes");
        }
    }

    @Test
    void aClientWithoutATokenIsRefusedBeforeItsBody() throws IOException {
        Socket socket = open("127.0.0.1", header("/api/tasks", "Content-Length: 2000000\r\n"));

        assertThat(rest(socket)).startsWith("HTTP/1.1 401 ");
    }
}
