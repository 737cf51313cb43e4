package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AccessStore;
import dev.architect.access.SecondFactor;
import dev.architect.access.Totp;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.audit.AuditQuery;
import dev.architect.runtime.AccessToken;
import dev.architect.testkit.time.ManualTime;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Authenticator apps over HTTP, on manual time; and a second node on the same store. */
final class ServerSecondFactorTest {

    private final ManualTime time = new ManualTime();
    private final ServerFixture fixture = new ServerFixture(time);
    private final AccessStore store = fixture.architect.access().orElseThrow();
    private final ArchitectServer other = ArchitectServer.builder(
                    fixture.architect, AccessToken.of(ServerFixture.SECRET))
            .port(0)
            .time(time)
            .passwords(ServerFixture.HASHER)
            .start();

    @AfterEach
    void close() {
        other.close();
        fixture.close();
    }

    private HttpResponse<String> as(String cookie, String method, String path, String body) {
        return fixture.send(fixture.anonymous(path)
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private HttpResponse<String> send(String url, String body) {
        return fixture.send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private HttpResponse<String> password(String name) {
        return send(
                fixture.server.url() + "/api/login",
                "{'name':'" + name + "','password':'" + ServerFixture.PASSWORD + "'}");
    }

    private String ticket() {
        HttpResponse<String> answer = password("ada");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(code(answer)).isEqualTo("second-factor-needed");
        return fixture.json(answer).get("ticket").textValue();
    }

    private HttpResponse<String> second(String ticket, String code) {
        return send(fixture.server.url() + "/api/login/second", "{'ticket':'" + ticket + "','code':'" + code + "'}");
    }

    private String code(HttpResponse<String> answer) {
        return fixture.json(answer).path("code").asText();
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    private String shown() {
        byte[] secret = store.secondFactor("ada").orElseThrow().secretBytes();
        return Totp.code(secret, Totp.step(time.wallTime()));
    }

    private String wrong() {
        return shown().charAt(0) == '0' ? "1" + shown().substring(1) : "0" + shown().substring(1);
    }

    /** Sets the app up as a browser does; returns the recovery codes. */
    private List<String> setUp(String cookie) {
        HttpResponse<String> begun = as(cookie, "POST", "/api/me/totp", "");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
        HttpResponse<String> confirmed = as(cookie, "POST", "/api/me/totp/confirm", "{'code':'" + shown() + "'}");
        assertThat(confirmed.statusCode()).as(confirmed.body()).isEqualTo(200);
        List<String> codes = new ArrayList<>();
        fixture.json(confirmed).get("recoveryCodes").forEach(each -> codes.add(each.textValue()));
        time.advance(Duration.ofSeconds(Totp.STEP_SECONDS));
        return codes;
    }

    private String ada() {
        return fixture.login(ServerFixture.USER, ServerFixture.PASSWORD);
    }

    @Test
    void theAppIsSetUpByAPictureAndLoginsAskForItsCodeOnceConfirmed() {
        String cookie = ada();
        String elsewhere = ada();

        JsonNode begun = fixture.json(as(cookie, "POST", "/api/me/totp", ""));
        byte[] secret = store.secondFactor("ada").orElseThrow().secretBytes();
        assertThat(secret).hasSize(Totp.SECRET_BYTES);
        assertThat(begun.get("secret").textValue()).isEqualTo(Totp.base32(secret));
        assertThat(begun.get("uri").textValue())
                .isEqualTo("otpauth://totp/Architect:ada?secret=" + Totp.base32(secret) + "&issuer=Architect");
        assertThat(begun.get("svg").textValue())
                .startsWith("<svg xmlns=")
                .contains("viewBox=\"0 0 ")
                .doesNotContain("<script", "style=", "href");
        assertThat(password("ada").statusCode()).as("not confirmed yet").isEqualTo(204);
        assertThat(code(as(cookie, "POST", "/api/me/totp/confirm", "{'code':'" + wrong() + "'}")))
                .isEqualTo("wrong-second-factor");
        assertThat(fixture.json(as(cookie, "GET", "/api/me", ""))
                        .get("secondFactor")
                        .booleanValue())
                .isFalse();

        List<String> codes = setUp(cookie);

        assertThat(codes).hasSize(10).doesNotHaveDuplicates();
        assertThat(as(elsewhere, "GET", "/api/me", "").statusCode())
                .as("other logins end")
                .isEqualTo(401);
        JsonNode me = fixture.json(as(cookie, "GET", "/api/me", ""));
        assertThat(me.get("secondFactor").booleanValue()).isTrue();
        assertThat(me.get("recoveryCodes").intValue()).isEqualTo(10);
        assertThat(code(as(cookie, "POST", "/api/me/totp", ""))).isEqualTo("second-factor-set");
        assertThat(code(as(cookie, "POST", "/api/me/totp/confirm", "{'code':'" + shown() + "'}")))
                .isEqualTo("no-second-factor");
        SecondFactor kept = store.secondFactor("ada").orElseThrow();
        assertThat(kept.recovery()).doesNotContainAnyElementsOf(codes).allMatch(each -> each.matches("[0-9a-f]{64}"));

        HttpResponse<String> done = second(ticket(), " " + shown().substring(0, 3) + " " + shown().substring(3));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(204);
        assertThat(as(cookie(done), "GET", "/api/me", "").statusCode()).isEqualTo(200);
        assertThat(fixture.architect
                        .audit()
                        .orElseThrow()
                        .find(AuditQuery.newest(20).by("user:ada")))
                .extracting(entry -> entry.record().operation())
                .contains("totp.begin", "totp.confirm", "login.finish");
    }

    @Test
    void aCodeIsTakenOnceOnWhateverNode() {
        setUp(ada());
        String first = ticket();
        String again = ticket();
        String code = shown();

        assertThat(second(first, code).statusCode()).isEqualTo(204);
        assertThat(code(second(again, code))).isEqualTo("wrong-second-factor");
        HttpResponse<String> there =
                send(other.url() + "/api/login/second", "{'ticket':'" + again + "','code':'" + code + "'}");
        assertThat(code(there)).isEqualTo("wrong-second-factor");

        time.advance(Duration.ofSeconds(Totp.STEP_SECONDS));
        HttpResponse<String> next =
                send(other.url() + "/api/login/second", "{'ticket':'" + again + "','code':'" + shown() + "'}");
        assertThat(next.statusCode()).as("a ticket of another node").isEqualTo(204);
    }

    @Test
    void aRecoveryCodeTakesThePlaceOfTheAppOnce() {
        List<String> codes = setUp(ada());

        HttpResponse<String> lost = second(ticket(), codes.get(3).toUpperCase(java.util.Locale.ROOT));
        assertThat(lost.statusCode()).isEqualTo(204);
        assertThat(fixture.json(as(cookie(lost), "GET", "/api/me", ""))
                        .get("recoveryCodes")
                        .intValue())
                .isEqualTo(9);
        assertThat(code(second(ticket(), codes.get(3)))).isEqualTo("wrong-second-factor");
        assertThat(second(ticket(), codes.get(4)).statusCode()).isEqualTo(204);
    }

    @Test
    void aTicketIsOfOneUserForFiveMinutesAndEndsWithThePassword() {
        store.add(User.create(
                "bob", Set.of(UserRole.VIEWER), ServerFixture.HASHER.hash(ServerFixture.PASSWORD), time.wallTime()));
        setUp(ada());
        String ticket = ticket();
        String forged = "bob" + ticket.substring("ada".length());
        for (String wrong : List.of(forged, ticket.replace("|", "|9"), "ada", "x".repeat(200), ticket + "0")) {
            assertThat(code(second(wrong, shown()))).as(wrong).isEqualTo("login-ended");
        }

        User ada = store.user("ada").orElseThrow();
        store.change(ada.withPassword(ServerFixture.HASHER.hash("another password of ada"), time.wallTime()));
        assertThat(code(second(ticket, shown()))).as("another password").isEqualTo("login-ended");
        store.change(store.user("ada").orElseThrow().withPassword(ada.passwordHash(), time.wallTime()));
        time.advance(Duration.ofMinutes(5).plusSeconds(1));
        assertThat(code(second(ticket, shown()))).as("too old").isEqualTo("login-ended");

        String late = ticket();
        store.removeSecondFactor("ada");
        assertThat(code(second(late, "123456"))).as("no app any more").isEqualTo("login-ended");
    }

    @Test
    void guessesOfCodesAreFewHoweverManyComeAtOnce() {
        setUp(ada());
        String ticket = ticket();
        String wrong = wrong();
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(CompletableFuture.supplyAsync(() -> second(ticket, wrong)));
        }

        List<Integer> statuses = all.stream()
                .map(CompletableFuture::join)
                .map(HttpResponse::statusCode)
                .toList();

        assertThat(statuses).filteredOn(status -> status == 401).hasSize(5);
        assertThat(statuses).filteredOn(status -> status == 429).hasSize(35);
        HttpResponse<String> right = second(ticket, shown());
        assertThat(right.statusCode()).as("waits as well").isEqualTo(429);
        assertThat(right.headers().firstValue("Retry-After")).isPresent();
        time.advance(Duration.ofSeconds(2));
        assertThat(second(ticket, shown()).statusCode()).isEqualTo(204);
    }

    @Test
    void aFreshLoginNeedsTheCodeAsWellAndTheAppIsRemovedWithOne() {
        String cookie = ada();
        setUp(cookie);
        time.advance(Duration.ofMinutes(11));
        String given = "{'password':'" + ServerFixture.PASSWORD + "'";

        assertThat(code(as(cookie, "DELETE", "/api/me/totp", ""))).isEqualTo("fresh-login-needed");
        assertThat(code(as(cookie, "POST", "/api/reauthenticate", given + "}"))).isEqualTo("second-factor-needed");
        assertThat(code(as(cookie, "POST", "/api/reauthenticate", given + ",'code':'" + wrong() + "'}")))
                .isEqualTo("wrong-second-factor");
        assertThat(code(as(cookie, "DELETE", "/api/me/totp", ""))).isEqualTo("fresh-login-needed");
        assertThat(as(cookie, "POST", "/api/reauthenticate", given + ",'code':'" + shown() + "'}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(as(cookie, "DELETE", "/api/me/totp", "").statusCode()).isEqualTo(204);
        assertThat(as(cookie, "DELETE", "/api/me/totp", "").statusCode()).isEqualTo(404);
        assertThat(password("ada").statusCode()).isEqualTo(204);
    }

    @Test
    void anAdminRemovesTheAppOfWhoHasLostIt() {
        String admin = ada();
        store.add(User.create(
                "bob", Set.of(UserRole.VIEWER), ServerFixture.HASHER.hash(ServerFixture.PASSWORD), time.wallTime()));
        String bob = fixture.login("bob", ServerFixture.PASSWORD);
        assertThat(as(bob, "POST", "/api/me/totp", "").statusCode()).isEqualTo(200);
        SecondFactor begun = store.secondFactor("bob").orElseThrow();
        store.confirmSecondFactor(begun.confirmed(time.wallTime(), 0, Set.of()));
        assertThat(code(password("bob"))).isEqualTo("second-factor-needed");

        assertThat(as(bob, "DELETE", "/api/users/bob/totp", "").statusCode()).isEqualTo(403);
        assertThat(as(admin, "DELETE", "/api/users/bob/totp", "").statusCode()).isEqualTo(204);
        assertThat(as(admin, "DELETE", "/api/users/bob/totp", "").statusCode()).isEqualTo(404);

        assertThat(as(bob, "GET", "/api/me", "").statusCode()).isEqualTo(401);
        assertThat(password("bob").statusCode()).isEqualTo(204);
        assertThat(code(fixture.post("/api/me/totp", ""))).isEqualTo("no-login");
    }
}
