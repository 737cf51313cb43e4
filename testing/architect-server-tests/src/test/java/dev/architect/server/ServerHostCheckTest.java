package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw requests, which an HTTP client would not send. */
final class ServerHostCheckTest {

    private static ServerFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static String get(String target, String host) {
        return fixture.raw(
                "GET " + target + " HTTP/1.1",
                "Host: " + host,
                "Authorization: Bearer " + ServerFixture.SECRET,
                "Connection: close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:1", "localhost", "LocalHost:8080", "[::1]:8080", "[::1]"})
    void acceptsItsOwnHostNames(String host) {
        assertThat(get("/health", host)).startsWith("HTTP/1.1 200");
        assertThat(get("/api/status", host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.example:127.0.0.1",
                "0.0.0.0",
                "127.0.0.2",
                "169.254.169.254",
                "::1",
                "localhost@evil.example"
            })
    void rejectsOtherHostNamesEvenWithTheToken(String host) {
        for (String path : new String[] {"/health", "/login", "/", "/api/status", "/nothing"}) {
            assertThat(get(path, host)).as(path).containsPattern("^HTTP/1.1 (403|400) ");
        }
    }

    @Test
    void rejectsAnotherHostInTheRequestLine() {
        assertThat(get("http://evil.example/api/status", "127.0.0.1")).containsPattern("^HTTP/1.1 (403|400) ");
    }

    @Test
    void rejectsTheUpgradeUnderAnotherHostName() {
        String answer = fixture.raw(
                "GET /ws/live HTTP/1.1",
                "Host: evil.example",
                "Authorization: Bearer " + ServerFixture.SECRET,
                "Connection: Upgrade, close",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

        assertThat(answer).startsWith("HTTP/1.1 403");
    }

    @Test
    void respondsToInvalidHttpWithOneJsonError() {
        String answer = fixture.raw("GET /health HTTP/1.1", "Host: 127.0.0.1", "Broken header", "Connection: close");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json", "\"code\":\"bad-request\"")
                .doesNotContain("Exception", "jetty", "Jetty");
    }

    @Test
    void rejectsAMissingHost() {
        assertThat(fixture.raw("GET /health HTTP/1.1", "Connection: close")).startsWith("HTTP/1.1 400");
        assertThat(fixture.raw("GET /health HTTP/1.0")).contains(" 403 ");
    }
}
