package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.runtime.AccessToken;
import dev.architect.runtime.AddressRange;
import dev.architect.runtime.PublicOrigin;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server behind a proxy with TLS. */
final class ServerProxyTest {

    private final ServerFixture fixture = new ServerFixture();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        fixture.close();
    }

    private ArchitectServer.Builder builder(List<String> origins, List<String> proxies) {
        return ArchitectServer.builder(fixture.architect, AccessToken.of(ServerFixture.SECRET))
                .port(0)
                .time(new ManualTime())
                .origins(origins.stream().map(PublicOrigin::parse).toList())
                .trustedProxies(proxies.stream().map(AddressRange::parse).toList());
    }

    private ArchitectServer start(ArchitectServer.Builder builder) {
        ArchitectServer server = builder.start();
        opened.add(server);
        return server;
    }

    private static String send(ArchitectServer server, String from, String line, String... headers) {
        try (Socket socket = new Socket("127.0.0.1", server.port(), InetAddress.getByName(from), 0)) {
            socket.setSoTimeout(60_000);
            List<String> lines = new ArrayList<>(List.of(line + " HTTP/1.1"));
            lines.addAll(Arrays.asList(headers));
            String body = line.startsWith("POST /login") ? "{\"token\":\"wrong-wrong-wrong-wrong-wrong-wrong\"}" : "";
            if (headers.length > 0 && Arrays.asList(headers).contains("X-Test-Token: right")) {
                body = "{\"token\":\"" + ServerFixture.SECRET + "\"}";
            }
            if (!body.isEmpty()) {
                lines.add("Content-Type: application/json");
                lines.add("Content-Length: " + body.length());
            }
            lines.add("Connection: close");
            socket.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aBrowserLogsInThroughTlsAndSeesLiveUpdates() throws Exception {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        TlsProxy proxy = new TlsProxy(folder);
        opened.add(proxy);
        ArchitectServer server = start(ArchitectServer.builder(fixture.architect, AccessToken.of(ServerFixture.SECRET))
                .port(0)
                .origins(List.of(PublicOrigin.parse(proxy.origin())))
                .trustedProxies(List.of(AddressRange.parse("127.0.0.1"))));
        proxy.target(server.port());
        try (HeadlessBrowser browser = HeadlessBrowser.start()) {
            browser.acceptEveryCertificate();
            browser.open(proxy.origin() + "/");
            browser.until("location.pathname == '/login' && !document.querySelector('#login button').disabled");
            browser.type("#token", ServerFixture.SECRET);
            browser.click("#login button");
            browser.until(
                    "location.pathname == '/' && document.getElementById('connection-words').innerText == 'Live'");
            assertThat(browser.evaluate("location.origin").asText()).isEqualTo(proxy.origin());

            fixture.await(fixture.submit("hello"));

            browser.until("document.getElementById('success-note').innerText.startsWith('1 done')");
            assertThat(browser.cookies())
                    .singleElement()
                    .satisfies(
                            cookie -> assertThat(cookie.get("name").textValue()).startsWith("__Host-architect-login"))
                    .satisfies(cookie ->
                            assertThat(cookie.get("secure").booleanValue()).isTrue())
                    .satisfies(cookie ->
                            assertThat(cookie.get("httpOnly").booleanValue()).isTrue())
                    .satisfies(cookie ->
                            assertThat(cookie.get("sameSite").textValue()).isEqualTo("Strict"));
            assertThat(browser.problems()).isEmpty();
        }
    }

    @Test
    void programsUseTlsWithTheTokenAlone() throws Exception {
        TlsProxy proxy = new TlsProxy(folder);
        opened.add(proxy);
        ArchitectServer server = start(builder(List.of(proxy.origin()), List.of()));
        proxy.target(server.port());
        HttpClient client = HttpClient.newBuilder().sslContext(proxy.client()).build();

        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(proxy.origin() + "/api/status"))
                        .header("Authorization", "Bearer " + ServerFixture.SECRET)
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + ServerFixture.SECRET)
                .header("Origin", proxy.origin())
                .buildAsync(URI.create(proxy.origin().replace("https", "wss") + "/ws/live"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        first.complete(data.toString());
                        from.request(1);
                        return null;
                    }
                })
                .join();
        assertThat(first.get(60, TimeUnit.SECONDS)).contains("\"hello\"");
        socket.abort();
        assertThatThrownBy(() -> client.newWebSocketBuilder()
                        .header("Authorization", "Bearer " + ServerFixture.SECRET)
                        .header("Origin", "https://evil.example")
                        .buildAsync(
                                URI.create(proxy.origin().replace("https", "wss") + "/ws/live"),
                                new WebSocket.Listener() {})
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    private static final String HOST = "Host: gaia.example.com";

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            Host: gaia.example.com | Origin: https://gaia.example.com | - | secure
            Host: gaia.example.com | Origin: https://gaia.example.com | X-Forwarded-Proto: https | secure
            Host: GAIA.example.com:443 | Origin: https://gaia.example.com | Forwarded: for=1.2.3.4;proto=https | secure
            Host: 127.0.0.1:8080 | Origin: https://gaia.example.com | - | secure
            Host: 127.0.0.1:8080 | Origin: https://gaia.example.com | X-Forwarded-Host: gaia.example.com | secure
            Host: 127.0.0.1:8080 | Origin: https://gaia.example.com | Forwarded: host="gaia.example.com" | secure
            Host: 127.0.0.1:8080 | Origin: http://127.0.0.1:8080 | - | plain
            Host: localhost:8080 | Origin: http://localhost:8080 | - | plain
            Host: gaia.example.com | Origin: http://gaia.example.com | - | refused
            Host: gaia.example.com | Origin: https://gaia.example.com:8443 | - | refused
            Host: gaia.example.com | Origin: https://evil.example | - | refused
            Host: gaia.example.com | Origin: null | - | refused
            Host: evil.example | Origin: https://gaia.example.com | - | refused
            Host: evil.example | Origin: https://evil.example | X-Forwarded-Host: gaia.example.com | refused
            Host: gaia.example.com | Origin: https://gaia.example.com | X-Forwarded-Host: evil.example | refused
            Host: gaia.example.com.evil.example | Origin: https://gaia.example.com | - | refused
            """)
    void aLoginComesFromAPublicOriginOrFromLoopback(String host, String origin, String forwarded, String expected) {
        ArchitectServer server = start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1")));

        String answer = send(
                server,
                "127.0.0.1",
                "POST /login",
                host,
                origin,
                "X-Test-Token: right",
                forwarded == null ? "X-Nothing: 1" : forwarded);

        switch (expected) {
            case "secure" ->
                assertThat(answer)
                        .startsWith("HTTP/1.1 204")
                        .contains(
                                "Set-Cookie: __Host-architect-login",
                                "; Secure",
                                "; HttpOnly",
                                "Path=/",
                                "SameSite=Strict")
                        .contains("Strict-Transport-Security: max-age=31536000")
                        .doesNotContain("Domain=");
            case "plain" ->
                assertThat(answer)
                        .startsWith("HTTP/1.1 204")
                        .contains("Set-Cookie: architect-login")
                        .doesNotContain("; Secure", "Strict-Transport-Security");
            default -> assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("Set-Cookie");
        }
    }

    @Test
    void aCookieWithoutSecureIsNoLoginOverTls() {
        ArchitectServer server = start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1")));
        String plain = cookie(send(
                server,
                "127.0.0.1",
                "POST /login",
                "Host: 127.0.0.1",
                "Origin: http://127.0.0.1",
                "X-Test-Token: right"));
        String secure = cookie(send(
                server, "127.0.0.1", "POST /login", HOST, "Origin: https://gaia.example.com", "X-Test-Token: right"));

        assertThat(send(server, "127.0.0.1", "GET /api/status", HOST, "Cookie: " + secure))
                .startsWith("HTTP/1.1 200");
        assertThat(send(server, "127.0.0.1", "GET /api/status", HOST, "Cookie: " + plain))
                .startsWith("HTTP/1.1 401");
        assertThat(send(server, "127.0.0.1", "GET /api/status", "Host: 127.0.0.1", "Cookie: " + plain))
                .startsWith("HTTP/1.1 200");
    }

    private static String cookie(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("Set-Cookie: "))
                .map(line -> line.substring("Set-Cookie: ".length()).split(";")[0])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theLoginPageIsReachedWithoutLeavingTls() {
        ArchitectServer server = start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1")));

        assertThat(send(server, "127.0.0.1", "GET /", HOST, "Accept: text/html"))
                .startsWith("HTTP/1.1 303")
                .containsPattern("Location: (/login|https://gaia.example.com/login)\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: %s",
                "X-Forwarded-For: 9.9.9.9, %s",
                "X-Forwarded-For: 9.9.9.9, %s, 10.1.2.3",
                "Forwarded: for=%s",
                "Forwarded: for=9.9.9.9;proto=http, for=\"%s\";proto=https, for=10.9.9.9",
                "Forwarded: For=\"%s:4711\""
            })
    void failedLoginsCountForTheClientThatATrustedProxyNames(String header) {
        ArchitectServer server =
                start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1", "10.0.0.0/8")));
        for (int i = 0; i < 5; i++) {
            assertThat(send(server, "127.0.0.1", "POST /login", HOST, header.formatted("192.0.2.1")))
                    .startsWith("HTTP/1.1 401");
        }

        assertThat(send(server, "127.0.0.1", "POST /login", HOST, header.formatted("192.0.2.1")))
                .startsWith("HTTP/1.1 429");
        assertThat(send(server, "127.0.0.1", "POST /login", HOST, header.formatted("192.0.2.2"), "X-Test-Token: right"))
                .startsWith("HTTP/1.1 204");
    }

    @Test
    void addressesOfOneIpv6NetworkCountTogether() {
        ArchitectServer server = start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1")));
        for (int i = 0; i < 5; i++) {
            send(server, "127.0.0.1", "POST /login", HOST, "Forwarded: for=\"[2001:db8:1:2::" + i + "]:99\"");
        }

        assertThat(send(server, "127.0.0.1", "POST /login", HOST, "X-Forwarded-For: 2001:db8:1:2:ffff::1"))
                .startsWith("HTTP/1.1 429");
        assertThat(send(server, "127.0.0.1", "POST /login", HOST, "X-Forwarded-For: 2001:db8:1:3::1"))
                .startsWith("HTTP/1.1 401");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.2 | X-Forwarded-For: 192.0.2.%d
            127.0.0.2 | Forwarded: for=192.0.2.%d
            127.0.0.1 | X-Forwarded-For: 192.0.2.%d, 192.0.2.200
            127.0.0.1 | Forwarded: for=192.0.2.%d, for=192.0.2.200
            127.0.0.1 | Forwarded: for=_hidden%d
            127.0.0.1 | X-Forwarded-For: nonsense%d
            """)
    void noClientChoosesTheAddressThatItsFailedLoginsCountFor(String peer, String header) {
        ArchitectServer server = start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1")));
        for (int i = 0; i < 5; i++) {
            send(server, peer, "POST /login", HOST, header.formatted(i));
        }

        assertThat(send(server, peer, "POST /login", HOST, header.formatted(99)))
                .startsWith("HTTP/1.1 429");
    }

    /** A proxy that sets one of the two headers passes the other on as the client sent it. */
    @Test
    void theHeaderThatAClientAddsDoesNotCount() {
        ArchitectServer server = start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1")));
        for (int i = 0; i < 5; i++) {
            send(
                    server,
                    "127.0.0.1",
                    "POST /login",
                    HOST,
                    "Forwarded: for=198.51.100." + i,
                    "X-Forwarded-For: 192.0.2.1");
        }

        assertThat(send(
                        server,
                        "127.0.0.1",
                        "POST /login",
                        HOST,
                        "Forwarded: for=198.51.100.99",
                        "X-Forwarded-For: 192.0.2.1"))
                .startsWith("HTTP/1.1 429");
        assertThat(send(server, "127.0.0.1", "POST /login", HOST, "X-Forwarded-For: 192.0.2.77"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void connectionsOfATrustedProxyAreNotBoundedAsThoseOfOneClient() throws IOException {
        ArchitectServer server = start(builder(List.of("https://gaia.example.com"), List.of("127.0.0.1")));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 400; i++) {
                Socket socket = new Socket("127.0.0.1", server.port());
                sockets.add(socket);
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write("GET /health HTTP/1.1\r\nHo".getBytes(StandardCharsets.UTF_8));
            }
            for (int i : new int[] {0, 399}) {
                Socket socket = sockets.get(i);
                socket.getOutputStream()
                        .write("st: 127.0.0.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200");
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void listensForOtherMachinesOnlyBehindTlsOrOnPurpose() {
        assertThatThrownBy(() -> builder(List.of(), List.of()).host("0.0.0.0").start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host is 0.0.0.0, expected a loopback address, a public origin with https");
        assertThatThrownBy(() -> builder(List.of("http://gaia.example.com"), List.of("10.0.0.1"))
                        .host("0.0.0.0")
                        .start())
                .isInstanceOf(IllegalArgumentException.class);
        ArchitectServer server =
                start(builder(List.of("https://gaia.example.com"), List.of()).host("0.0.0.0"));
        assertThat(send(server, "127.0.0.1", "GET /health", HOST)).startsWith("HTTP/1.1 200");
        assertThat(send(server, "127.0.0.1", "GET /health", "Host: evil.example"))
                .startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gaia.example.com",
                "ftp://gaia.example.com",
                "https://",
                "https://gaia.example.com/path",
                "https://gaia.example.com?x",
                "https://user@gaia.example.com",
                "https://gaia.example.com:99999",
                "https://gaia.example.com#x",
                "https://*.example.com",
                "*"
            })
    void whatIsNoOriginIsRefused(String text) {
        assertThatThrownBy(() -> PublicOrigin.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0.0/33",
                "10.0.0",
                "::1/129",
                "10.0.0.0/-1",
                "1.2.3.4.5",
                "010.1.1.1",
                "a/8"
            })
    void whatIsNoAddressRangeIsRefused(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected an IP address or a range");
    }

    @Test
    void rangesContainTheirAddresses() {
        assertThat(AddressRange.parse("10.0.0.0/8").contains("10.255.0.1")).isTrue();
        assertThat(AddressRange.parse("10.0.0.0/8").contains("11.0.0.1")).isFalse();
        assertThat(AddressRange.parse("0.0.0.0/0").contains("203.0.113.9")).isTrue();
        assertThat(AddressRange.parse("fd00::/8").contains("fdff::1")).isTrue();
        assertThat(AddressRange.parse("127.0.0.1").contains("::ffff:127.0.0.1")).isTrue();
        assertThat(AddressRange.parse("127.0.0.1").contains("localhost")).isFalse();
        assertThat(AddressRange.parse("::1").contains("127.0.0.1")).isFalse();
    }
}
