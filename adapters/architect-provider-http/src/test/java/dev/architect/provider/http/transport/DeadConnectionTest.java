package dev.architect.provider.http.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.json.BoundedJsonCodec;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.request.CallLimits;
import dev.architect.spi.AnswerAssembler;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import okhttp3.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of TLS and HTTP/2 that die before their reply: what comes on them is not always a part of one. */
@Timeout(60)
class DeadConnectionTest {

    private static final List<Protocol> HTTP_1 = List.of(Protocol.HTTP_1_1);
    private static final List<Protocol> HTTP_2 = List.of(Protocol.H2_PRIOR_KNOWLEDGE);
    private static final String PASSWORD = "changeit";
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    private final AtomicInteger requests = new AtomicInteger();
    private final CallProgress progress = new CallProgress();
    private ServerSocket server;

    @TempDir
    private Path directory;

    @AfterEach
    void closeServer() throws IOException {
        server.close();
    }

    /** What a server of HTTP/2 does with the second request of a connection. */
    enum Refusal {
        /** RST_STREAM with REFUSED_STREAM. */
        STREAM,
        /** GOAWAY with the stream of the first request as the last one. */
        CONNECTION,
        /** The end of the connection. */
        END
    }

    @Test
    void theGoodbyeOfTlsIsNoByteOfAReply() throws Exception {
        listenSecurely((socket, number) -> {
            if (number != 2) {
                socket.getOutputStream().write(reply("hello"));
            } else {
                // A socket of TLS announces its end before it ends.
                socket.close();
            }
        });
        try (OkHttpTransport transport = transport("https", HTTP_1)) {
            assertThat(get(transport, new CallProgress())).isEqualTo("hello");

            assertThat(get(transport, progress)).isEqualTo("hello");
        }
        assertThat(requests).hasValue(3);
        assertThat(progress.resends()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 2", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"})
    void theBeginningOfAReplyOverTlsIsAReply(String beginning) throws Exception {
        listenSecurely((socket, number) -> {
            if (number != 2) {
                socket.getOutputStream().write(reply("hello"));
            } else {
                socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                socket.close();
            }
        });
        try (OkHttpTransport transport = transport("https", HTTP_1)) {
            get(transport, new CallProgress());

            assertThatThrownBy(() -> get(transport, progress)).isInstanceOf(ProviderException.class);
        }
        assertThat(requests).hasValue(2);
        assertThat(progress.resends()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatHttp2DidNotProcessIsSentOnceMore(Refusal refusal) throws Exception {
        listen(socket -> serveHttp2(socket, refusal));
        try (OkHttpTransport transport = transport("http", HTTP_2)) {
            get(transport, new CallProgress());

            get(transport, progress);
        }
        assertThat(requests).hasValue(3);
        assertThat(progress.resends()).isOne();
        assertThat(progress.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
    }

    private String get(OkHttpTransport transport, CallProgress reached) {
        Exchange exchange = new Exchange(AnswerAssembler.empty(new ModelId("stub", "model")), null, reached);
        HttpRequest request =
                HttpRequest.post("/chat", JsonNodeFactory.instance.objectNode().put("prompt", "hi"));
        return transport.run(
                new TransportCall(
                        exchange,
                        reached,
                        request,
                        "application/json",
                        CallLimits.within(Duration.ofMinutes(1)),
                        HttpTransport.Idle.UNLIMITED),
                reply -> new String(reply.body().readAllBytes(), StandardCharsets.UTF_8));
    }

    private OkHttpTransport transport(String scheme, List<Protocol> protocols) {
        HttpLimits limits = HttpLimits.defaults();
        URI url = URI.create(scheme + "://localhost:" + server.getLocalPort());
        HttpEndpoint endpoint = new HttpEndpoint(
                "stub", url, Map.of(), new ApiKeyHeader("authorization", "", name -> Optional.empty(), "", false));
        return new OkHttpTransport(endpoint, limits, new BoundedJsonCodec(limits), protocols);
    }

    private static byte[] reply(String body) {
        return ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private interface Answer {
        void to(Socket socket, int number) throws IOException;
    }

    private void listen(Service service) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
        accept(service);
    }

    private void accept(Service service) {
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread connection = new Thread(() -> {
                        try (socket) {
                            service.serve(socket);
                        } catch (IOException ended) {
                            // The client has closed the connection, or the case has.
                        }
                    });
                    connection.setDaemon(true);
                    connection.start();
                } catch (IOException closed) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Listens with a certificate of its own, which the transports made after this trust. */
    private void listenSecurely(Answer answer) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("localhost"));
        System.setProperty(TRUST_STORE, file.toString());
        System.setProperty(TRUST_STORE + "Password", PASSWORD);
        accept(socket -> {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (readRequest(in)) {
                answer.to(socket, requests.incrementAndGet());
            }
        });
    }

    @AfterEach
    void trustTheUsualAuthorities() {
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE + "Password");
    }

    private static boolean readRequest(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            request.append((char) next);
        }
        in.readNBytes("{\"prompt\":\"hi\"}".length());
        return true;
    }

    /** Answers each request with status 200 and an empty body, but not the second of a connection. RFC 9113, sections 3.4, 4.1 and 6. */
    private void serveHttp2(Socket socket, Refusal refusal) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        OutputStream out = socket.getOutputStream();
        in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
        frame(out, 4, 0, 0);
        for (int streams = 0; ; ) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            boolean isEnd = (in.readUnsignedByte() & 1) != 0;
            int stream = in.readInt();
            in.readNBytes(length);
            // The request is complete with its last DATA frame.
            if (type != 0 || !isEnd) {
                continue;
            }
            requests.incrementAndGet();
            if (++streams == 1) {
                // HEADERS with END_STREAM and END_HEADERS: the entry of HPACK's table for status 200.
                frame(out, 1, 5, stream, 0x88);
            } else if (refusal == Refusal.STREAM) {
                frame(out, 3, 0, stream, 0, 0, 0, 7);
            } else if (refusal == Refusal.CONNECTION) {
                frame(out, 7, 0, 0, 0, 0, 0, stream - 2, 0, 0, 0, 0);
            } else {
                return;
            }
        }
    }

    private static void frame(OutputStream out, int type, int flags, int stream, int... payload) throws IOException {
        byte[] bytes = new byte[9 + payload.length];
        bytes[2] = (byte) payload.length;
        bytes[3] = (byte) type;
        bytes[4] = (byte) flags;
        bytes[8] = (byte) stream;
        for (int index = 0; index < payload.length; index++) {
            bytes[9 + index] = (byte) payload[index];
        }
        out.write(bytes);
        out.flush();
    }
}
