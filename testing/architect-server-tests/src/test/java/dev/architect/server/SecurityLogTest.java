package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.runtime.AccessToken;
import dev.architect.runtime.AddressRange;
import dev.architect.runtime.PublicOrigin;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log of logins, refusals and lock-outs. */
final class SecurityLogTest {

    private static final String WRONG = "wrong-wrong-wrong-wrong-wrong-wrong-wrong";

    private static void send(ArchitectServer server, String line, String body, String... headers) {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            String request = line + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String token(String value) {
        return "{\"token\":\"" + value + "\"}";
    }

    @Test
    void recordsWhoGotInAndWhoDidNot() {
        int port;
        try (CapturedLog log = new CapturedLog()) {
            try (ServerFixture fixture = new ServerFixture();
                    ArchitectServer server = ArchitectServer.builder(
                                    fixture.architect, AccessToken.of(ServerFixture.SECRET))
                            .port(0)
                            .origins(List.of(PublicOrigin.parse("https://gaia.example.com")))
                            .trustedProxies(List.of(AddressRange.parse("127.0.0.1")))
                            // A lock-out lasts, however long the next login takes.
                            .time(new ManualTime())
                            .start()) {
                String[] host = {"Host: 127.0.0.1", "X-Forwarded-For: 192.0.2.7"};
                send(server, "POST /login", token(ServerFixture.SECRET), host);
                send(server, "GET /api/status", "", host[0], "Authorization: Bearer " + ServerFixture.SECRET);
                send(server, "GET /api/status", "", host[0], "Authorization: Bearer " + WRONG);
                send(server, "GET /api/tasks/a%0d%0aserver-stopped%20now", "", host[0]);
                send(server, "GET /health", "", "Host: evil.example");
                send(server, "POST /login", token(WRONG), host[0], "Origin: https://evil.example\u00e9 forged=\"1\"");
                for (int i = 0; i < 7; i++) {
                    send(server, "POST /login", token(WRONG), host);
                }
                port = server.port();
            }

            assertThat(log.linesOf("security"))
                    .contains(
                            "server-started address=127.0.0.1 port=" + port
                                    + " origins=https://gaia.example.com trustedProxies=127.0.0.1 plainNames=none",
                            "login client=192.0.2.7",
                            "token-used client=127.0.0.1",
                            "token-refused client=127.0.0.1 path=/api/status",
                            "host-refused client=127.0.0.1 host=evil.example",
                            "login-refused client=192.0.2.7 reason=wrong-token",
                            "login-locked client=192.0.2.7 waitSeconds=1",
                            "login-while-locked client=192.0.2.7 waitSeconds=1",
                            "server-stopped address=127.0.0.1 port=" + port)
                    .anyMatch(
                            line -> line.matches(
                                    "origin-refused client=127\\.0\\.0\\.1 origin=\"https://evil\\.example\\S* forged=\\\\\"1\\\\\"\" path=/login"))
                    .noneMatch(line -> line.startsWith("server-stopped now"))
                    .filteredOn(line -> line.startsWith("login-refused"))
                    .hasSize(1);
            assertThat(log.text()).doesNotContain(ServerFixture.SECRET, WRONG);
        }
    }
}
