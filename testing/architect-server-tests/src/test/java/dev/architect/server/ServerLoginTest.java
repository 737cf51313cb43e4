package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.testkit.time.ManualTime;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The login of browsers, on manual time. */
final class ServerLoginTest {

    private final ManualTime time = new ManualTime();
    private final ServerFixture fixture = new ServerFixture(time);

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> login(String body) {
        return fixture.send(fixture.anonymous("/login")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> guess(String token) {
        return login("{\"token\":\"" + token + "\"}");
    }

    private int statusWith(String cookie) {
        return fixture.send(fixture.anonymous("/api/status").header("Cookie", cookie))
                .statusCode();
    }

    @Test
    void setsACookieThatScriptsAndOtherSitesCannotUse() {
        HttpResponse<String> answer = guess(ServerFixture.SECRET);

        assertThat(answer.statusCode()).isEqualTo(204);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .startsWith("architect-login-" + fixture.server.port() + "=")
                .containsIgnoringCase("HttpOnly")
                .containsIgnoringCase("SameSite=Strict")
                .contains("Path=/")
                .doesNotContain(ServerFixture.SECRET);
        assertThat(statusWith(cookie.split(";")[0])).isEqualTo(200);
    }

    @Test
    void everyLoginHasANewIdAndInvalidatesTheOneBefore() {
        String first = fixture.login();

        HttpResponse<String> again = fixture.send(fixture.anonymous("/login")
                .header("Cookie", first)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + ServerFixture.SECRET + "\"}")));
        String second = again.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];

        assertThat(second).isNotEqualTo(first);
        assertThat(statusWith(first)).isEqualTo(401);
        assertThat(statusWith(second)).isEqualTo(200);
    }

    @Test
    void expiresAfterHalfAnHourWithoutActivity() {
        String cookie = fixture.login();

        time.advance(Duration.ofMinutes(29));
        assertThat(statusWith(cookie)).isEqualTo(200);
        time.advance(Duration.ofMinutes(29));
        assertThat(statusWith(cookie)).isEqualTo(200);
        time.advance(Duration.ofMinutes(30));

        assertThat(statusWith(cookie)).isEqualTo(401);
    }

    @Test
    void expiresAfterTwelveHoursInAnyCase() {
        String cookie = fixture.login();
        for (int i = 0; i < 35; i++) {
            time.advance(Duration.ofMinutes(20));
            assertThat(statusWith(cookie)).isEqualTo(200);
        }

        time.advance(Duration.ofMinutes(20));

        assertThat(statusWith(cookie)).isEqualTo(401);
    }

    @Test
    void logoutInvalidatesItAtOnce() {
        String cookie = fixture.login();

        HttpResponse<String> answer = fixture.send(fixture.anonymous("/logout")
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("Expires=Thu, 01 Jan 1970");
        assertThat(statusWith(cookie)).isEqualTo(401);
    }

    @Test
    void limitsTheRateOfGuessesWithoutLockingTheOwnerOut() {
        String known = fixture.login();
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> answer = guess("guess-" + i);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).doesNotContain("guess-");
        }

        HttpResponse<String> tooEarly = guess(ServerFixture.SECRET);

        assertThat(tooEarly.statusCode()).isEqualTo(429);
        assertThat(tooEarly.headers().firstValue("Retry-After")).contains("1");
        assertThat(statusWith(known)).isEqualTo(200);
        assertThat(fixture.get("/api/status").statusCode()).isEqualTo(200);
        time.advance(Duration.ofSeconds(1));
        assertThat(guess(ServerFixture.SECRET).statusCode()).isEqualTo(204);
        assertThat(guess("guess").statusCode()).isEqualTo(401);
    }

    private String newCode() {
        String link = fixture.server.newLoginLink();
        assertThat(link).startsWith(fixture.server.url() + "/login#code=").doesNotContain(ServerFixture.SECRET);
        return link.substring(link.indexOf('=') + 1);
    }

    private HttpResponse<String> follow(String code) {
        return login("{\"code\":\"" + code + "\"}");
    }

    @Test
    void aLinkLogsInOnce() {
        String code = newCode();

        HttpResponse<String> first = follow(code);

        assertThat(first.statusCode()).isEqualTo(204);
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        assertThat(statusWith(cookie)).isEqualTo(200);
        HttpResponse<String> second = follow(code);
        assertThat(second.statusCode()).isEqualTo(401);
        assertThat(second.body()).contains("wrong-code").doesNotContain(code);
        assertThat(fixture.send(fixture.anonymous("/api/status").header("Authorization", "Bearer " + newCode()))
                        .statusCode())
                .as("a code is no token")
                .isEqualTo(401);
    }

    @Test
    void aLinkIsTooOldAfterTenMinutes() {
        String code = newCode();
        String later = newCode();
        time.advance(Duration.ofMinutes(10));
        assertThat(follow(later).statusCode()).isEqualTo(204);

        time.advance(Duration.ofNanos(1));

        assertThat(follow(code).statusCode()).isEqualTo(401);
    }

    @Test
    void guessesOfCodesAreLimitedAndOldCodesMakeRoom() {
        String oldest = newCode();
        String second = newCode();
        for (int i = 0; i < 15; i++) {
            newCode();
        }
        assertThat(follow(second).statusCode()).isEqualTo(204);
        assertThat(follow(oldest).statusCode()).isEqualTo(401);
        for (int i = 0; i < 4; i++) {
            assertThat(follow("guess-" + i).statusCode()).isEqualTo(401);
        }

        assertThat(follow("guess").statusCode()).isEqualTo(429);
    }

    @Test
    void rejectsALoginThatAnotherSiteSends() {
        HttpResponse<String> answer = fixture.send(fixture.anonymous("/login")
                .header("Content-Type", "application/json")
                .header("Origin", "http://evil.example")
                .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + ServerFixture.SECRET + "\"}")));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void rejectsABodyThatIsNoLogin() {
        assertThat(login("{}").statusCode()).isEqualTo(400);
        assertThat(login("{\"token\":7}").statusCode()).isEqualTo(400);
        assertThat(login("{\"tokn\":\"" + ServerFixture.SECRET + "\"}").body())
                .contains("tokn", "'token'")
                .doesNotContain(ServerFixture.SECRET);
        assertThat(login("nonsense " + ServerFixture.SECRET).body()).doesNotContain(ServerFixture.SECRET);
    }
}
