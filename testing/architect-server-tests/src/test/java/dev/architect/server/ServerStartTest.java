package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.runtime.AccessToken;
import dev.architect.testkit.time.ThreadEnds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Start and stop of a server. */
final class ServerStartTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private ArchitectServer.Builder server() {
        return ArchitectServer.builder(fixture.architect, AccessToken.of(ServerFixture.SECRET));
    }

    @Test
    void aBusyPortIsOneClearException() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            ServerStartException failure = catchThrowableOfType(
                    ServerStartException.class, () -> server().port(port).start());

            assertThat(failure).hasMessage("port " + port + " is busy on 127.0.0.1, expected a free port");
            assertThat(failure.port()).isEqualTo(port);
            assertThat(failure.host()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aStartThatFailsLeavesNoThread() throws IOException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> server().port(taken.getLocalPort()).start());
            assertThatThrownBy(() ->
                    server().port(0).host("no such host").allowRemoteAccess().start());
        }

        assertThat(ThreadEnds.await(thread -> !before.contains(thread)
                        && (thread.getName().startsWith("architect-")
                                || thread.getName().startsWith("Jetty"))))
                .extracting(Thread::getName)
                .isEmpty();
    }

    @Test
    void anAddressOfAnotherMachineIsOneClearException() {
        assertThatThrownBy(() ->
                        server().port(0).host("192.0.2.1").allowRemoteAccess().start())
                .isInstanceOf(ServerStartException.class)
                .hasMessage("host is 192.0.2.1, expected an address of this machine");
    }

    @Test
    void remoteAccessMustBeAllowed() {
        for (String host : new String[] {"0.0.0.0", "::", "192.168.0.1", "example.org"}) {
            assertThatThrownBy(() -> server().port(0).host(host).start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("host is " + host + ", expected a loopback address");
        }
    }

    @Test
    void startsOnEveryInterfaceWithTheAllowedHostNames() {
        try (ArchitectServer open = server().port(0)
                .host("0.0.0.0")
                .allowRemoteAccess("build.example")
                .start()) {
            assertThat(raw(open, "build.example")).startsWith("HTTP/1.1 200");
            assertThat(raw(open, "evil.example")).startsWith("HTTP/1.1 403");
        }
    }

    private static String raw(ArchitectServer server, String host) {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void withoutPagesThereIsNoLogin() {
        try (ArchitectServer plain =
                server().port(0).pages(ArchitectServer.Pages.DISABLED).start()) {
            assertThat(plain.operations())
                    .extracting(operation -> operation.path())
                    .contains("/health", "/metrics", "/api/tasks")
                    .doesNotContain("/", "/login", "/logout");
        }
    }

    @Test
    void closeFreesThePortAndIsIdempotent() throws IOException {
        ArchitectServer first = server().port(0).start();
        int port = first.port();

        first.close();
        first.close();

        try (ArchitectServer second = server().port(port).start()) {
            assertThat(second.url()).isEqualTo("http://127.0.0.1:" + port);
        }
    }

    @Test
    void stopsWhileAConnectionIsOpen() throws IOException {
        ArchitectServer held = server().port(0).start();
        try (Socket socket = new Socket("127.0.0.1", held.port())) {
            socket.getOutputStream()
                    .write(
                            "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
                                    .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();

            held.close();

            assertThatThrownBy(() -> new Socket("127.0.0.1", held.port())).isInstanceOf(ConnectException.class);
        }
        try (ArchitectServer next = server().port(held.port()).start()) {
            assertThat(next.port()).isEqualTo(held.port());
        }
    }

    @Test
    void rejectsInvalidPortsAndTokens() {
        assertThatThrownBy(() -> server().port(65_536)).hasMessage("port is 65536, expected 0..65535");
        assertThatThrownBy(() -> AccessToken.of("short")).hasMessage("token has 5 characters, expected 32..256");
        assertThatThrownBy(() -> AccessToken.of(" ".repeat(40))).hasMessageContaining("expected visible ASCII");
        assertThat(AccessToken.of(ServerFixture.SECRET)).hasToString("AccessToken");
    }

    @Test
    void printsNothingOnTheConsole() {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(heard, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
            server().port(0).start().close();
            assertThatThrownBy(() -> server().port(fixture.server.port()).start())
                    .isInstanceOf(ServerStartException.class);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        // The tests' configuration asks for the security log.
        assertThat(heard.toString(StandardCharsets.UTF_8).lines())
                .allMatch(line -> line.contains("dev.architect.security - server-"));
    }
}
