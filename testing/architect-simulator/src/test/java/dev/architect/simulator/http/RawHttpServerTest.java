package dev.architect.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.simulator.json.SimulatorJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public final class RawHttpServerTest {

    private RawHttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = RawHttpServer.start(0, RawHttpServerTest::echo);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Answers with the method, the path, the query and the body. */
    private static void echo(RawRequest request, RawHttpServer.Exchange exchange) throws IOException {
        String text = request.method() + " " + request.path() + " " + request.query() + " "
                + new String(request.body(), StandardCharsets.UTF_8);
        if (request.path().equals("/broken")) {
            throw new IllegalStateException("secret");
        }
        if (request.path().equals("/chunks")) {
            exchange.begin(200, Map.of());
            exchange.writeChunk(SimulatorJson.utf8("one"));
            exchange.writeChunk(new byte[0]);
            exchange.writeChunk(SimulatorJson.utf8("two"));
            exchange.end();
        } else {
            exchange.respond(200, Map.of("content-type", "text/plain"), SimulatorJson.utf8(text));
        }
    }

    /** Sends bytes on a new connection, ends the sending side and returns everything that comes back. */
    public static String exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsBodiesWithALengthInChunksAndNone() throws Exception {
        assertThat(exchange(server.port(), "POST /a?b=c%20d&e HTTP/1.1\r\ncontent-length: 5\r\n\r\nhéll"))
                .endsWith("POST /a {b=c d, e=} héll");
        assertThat(
                        exchange(
                                server.port(),
                                "POST /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nt: 1\r\n\r\n"))
                .endsWith("POST /a {} abc0123456789");
        assertThat(exchange(server.port(), "GET /a%2Fb+c HTTP/1.1\r\n\r\n")).endsWith("GET /a/b+c {} ");
    }

    @Test
    void keepsConnectionsAndAnswersEarlyRequestsInOrder() throws Exception {
        String answers = exchange(
                server.port(),
                "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\ncontent-length: 2\r\n\r\nxyGET /3 HTTP/1.1\r\nconnection: close\r\n\r\nGET /4 HTTP/1.1\r\n\r\n");
        assertThat(answers)
                .containsSubsequence("GET /1", "POST /2 {} xy", "GET /3")
                .doesNotContain("/4");
    }

    @Test
    void writesChunksOrABodyUntilClose() throws Exception {
        assertThat(exchange(server.port(), "GET /chunks HTTP/1.1\r\n\r\n"))
                .contains("transfer-encoding: chunked")
                .endsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
        assertThat(exchange(server.port(), "GET /chunks HTTP/1.0\r\n\r\n"))
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nonetwo");
    }

    @Test
    void sends100ContinueBeforeABody() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write("POST /a HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(25), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            out.write("ok".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).endsWith("POST /a {} ok");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, 400",
        "GET /, 400",
        "GET http://x/ HTTP/1.1, 400",
        "GET /%zz HTTP/1.1, 400",
        "GET / HTTP/2.0, 505",
        "GET / HTTP/1.1\\r\\n: x, 400",
        "POST / HTTP/1.1\\r\\ncontent-length: x, 400",
        "POST / HTTP/1.1\\r\\ncontent-length: -1, 400",
        "POST / HTTP/1.1\\r\\ncontent-length: 99999999999, 413",
        "POST / HTTP/1.1\\r\\ntransfer-encoding: gzip, 501"
    })
    void rejectsMalformedRequests(String head, int status) throws Exception {
        assertThat(exchange(server.port(), head.replace("\\r\\n", "\r\n") + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains("connection: close");
    }

    @Test
    void rejectsHeadersOverTheLimit() throws Exception {
        String line = "x: " + "y".repeat(1000) + "\r\n";
        assertThat(exchange(server.port(), "GET / HTTP/1.1\r\n" + line.repeat(70) + "\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void answers500WithoutDetailsWhenTheHandlerFails() throws Exception {
        assertThat(exchange(server.port(), "GET /broken HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 500")
                .contains("IllegalStateException")
                .doesNotContain("secret", "\tat ");
    }

    @Test
    void rejectsConnectionsOverTheLimitAndRecovers() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        RawHttpServer.Handler waiting = (request, exchange) -> {
            inside.countDown();
            await(release);
            echo(request, exchange);
        };
        try (RawHttpServer small = RawHttpServer.start(0, waiting, 1);
                Socket first = new Socket("127.0.0.1", small.port())) {
            first.setSoTimeout(20_000);
            first.getOutputStream()
                    .write("GET /1 HTTP/1.1\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await(inside);
            try (Socket second = new Socket("127.0.0.1", small.port())) {
                second.setSoTimeout(20_000);
                assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 503")
                        .endsWith("the simulator has 1 connections, the most it takes\n");
            }
            release.countDown();
            assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("GET /1 {} ");
        }
    }

    @Test
    void endsPausesWhenTheClientHangsUp() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        RawHttpServer.Handler pausing = (request, exchange) -> {
            if (!exchange.pause(Duration.ofMinutes(10))) {
                hungUp.countDown();
            }
        };
        try (RawHttpServer server = RawHttpServer.start(0, pausing)) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\nGET /early".getBytes(StandardCharsets.US_ASCII));
            }
            await(hungUp);
        }
    }

    @Test
    void stopsListeningWhenClosed() {
        int port = server.port();

        server.close();

        // Not bound again: on a busy machine another process may have taken the port meanwhile.
        assertThatThrownBy(() -> exchange(port, "GET /a HTTP/1.1\r\n\r\n")).isInstanceOf(IOException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
