package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.audit.AuditEntry;
import dev.architect.audit.AuditQuery;
import dev.architect.audit.AuditVerifier;
import dev.architect.runtime.AccessToken;
import dev.architect.server.access.LoginLimits;
import dev.architect.server.access.LoginRateLimit;
import dev.architect.testkit.time.ManualTime;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** People, their logins and tokens of agents over HTTP, on manual time; and a second node on the same store. */
final class ServerPeopleTest {

    private static final String BETTER = "quiet lamps tickle seven owls";

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

    private HttpResponse<String> tryLogin(String name, String password) {
        return fixture.send(fixture.anonymous("/api/login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}")));
    }

    private String ada() {
        return fixture.login(ServerFixture.USER, ServerFixture.PASSWORD);
    }

    private HttpResponse<String> as(String cookie, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = fixture.anonymous(path)
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return fixture.send(request);
    }

    private int status(String cookie) {
        return as(cookie, "GET", "/api/status", "").statusCode();
    }

    /** The same on the second node. */
    private int statusThere(String header, String value) {
        // Cookies have the port in their name, so that nodes on one machine do not mix them up.
        String sent = value.replace("-" + fixture.server.port() + "=", "-" + other.port() + "=");
        return fixture.send(HttpRequest.newBuilder(URI.create(other.url() + "/api/status"))
                        .header(header, sent))
                .statusCode();
    }

    private void addUser(String name, UserRole... roles) {
        store.add(User.create(name, Set.of(roles), ServerFixture.HASHER.hash(ServerFixture.PASSWORD), time.wallTime()));
    }

    @Test
    void aWrongNameAndAWrongPasswordGetTheSameAnswer() {
        addUser("gone", UserRole.VIEWER);
        store.change(store.user("gone").orElseThrow().withActive(false));
        JsonNode wrongPassword = fixture.json(tryLogin("ada", "wrong"));
        for (String name : List.of("nobody", "gone", "Robert'); DROP TABLE access_user;--")) {
            HttpResponse<String> answer = tryLogin(name, ServerFixture.PASSWORD);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(fixture.json(answer).get("detail")).isEqualTo(wrongPassword.get("detail"));
        }
        assertThat(tryLogin(" ADA ", ServerFixture.PASSWORD).statusCode()).isEqualTo(204);
    }

    @Test
    void aLoginHoldsOnEveryNodeAndEndsThereWithinTwoSeconds() {
        String cookie = ada();
        assertThat(statusThere("Cookie", cookie)).isEqualTo(200);

        HttpResponse<String> listed = as(cookie, "GET", "/api/logins", "");
        JsonNode login = fixture.json(listed).at("/logins/0");
        assertThat(login.get("user").textValue()).isEqualTo("ada");
        assertThat(login.get("current").booleanValue()).isTrue();
        String second = ada();
        assertThat(as(second, "DELETE", "/api/logins/" + login.get("id").textValue(), "")
                        .statusCode())
                .isEqualTo(204);

        assertThat(status(cookie)).isEqualTo(401);
        time.advance(Duration.ofSeconds(2));
        assertThat(statusThere("Cookie", cookie)).isEqualTo(401);
        assertThat(statusThere("Cookie", second)).isEqualTo(200);
    }

    @Test
    void aLoginOfAPersonEndsWithoutActivityAndAfterTwelveHours() {
        String idle = ada();
        time.advance(Duration.ofMinutes(29));
        assertThat(status(idle)).isEqualTo(200);
        time.advance(Duration.ofMinutes(30));
        assertThat(status(idle)).isEqualTo(401);

        String busy = ada();
        for (int i = 0; i < 35; i++) {
            time.advance(Duration.ofMinutes(20));
            assertThat(status(busy)).isEqualTo(200);
        }
        time.advance(Duration.ofMinutes(20));
        assertThat(status(busy)).isEqualTo(401);
        assertThat(as(ada(), "GET", "/api/logins", "").body()).doesNotContain(busy.substring(busy.indexOf('=') + 1));
    }

    @Test
    void aLoginIsNewEachTimeAndNoneThatOthersChose() {
        String first = ada();
        String chosen = first.substring(0, first.indexOf('=') + 1) + "f".repeat(64);
        HttpResponse<String> fixed = fixture.send(fixture.anonymous("/api/login")
                .header("Cookie", chosen)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"ada\",\"password\":\"" + ServerFixture.PASSWORD + "\"}")));

        String cookie = fixed.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .doesNotContain("ffffffff")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict");
        assertThat(status(chosen)).isEqualTo(401);
        assertThat(as(first, "POST", "/api/logout", "").statusCode()).isEqualTo(204);
        assertThat(status(first)).as("used again after the logout").isEqualTo(401);
        assertThat(store.logins()).allSatisfy(login -> assertThat(first).doesNotContain(login.id()));
    }

    @Test
    void whatGivesRightsAwayNeedsAFreshLogin() {
        String cookie = ada();
        String eve = "{'name':'eve','password':'" + BETTER + "','roles':['viewer']}";
        time.advance(Duration.ofMinutes(10).plusSeconds(1));

        HttpResponse<String> stale = as(cookie, "POST", "/api/users", eve);
        assertThat(stale.statusCode()).isEqualTo(403);
        assertThat(stale.body()).contains("fresh-login-needed");
        assertThat(as(cookie, "GET", "/api/users", "").statusCode()).isEqualTo(200);
        assertThat(as(cookie, "POST", "/api/reauthenticate", "{'password':'wrong'}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(as(cookie, "POST", "/api/users", eve).statusCode()).isEqualTo(403);

        String right = "{'password':'" + ServerFixture.PASSWORD + "'}";
        assertThat(as(cookie, "POST", "/api/reauthenticate", right).statusCode())
                .isEqualTo(204);
        assertThat(as(cookie, "POST", "/api/users", eve).statusCode()).isEqualTo(201);
    }

    @Test
    void usersAreChangedFromTheVersionThatWasSeenAndTheLastAdminStays() {
        String cookie = ada();
        String eve = "{'name':'eve','password':'" + BETTER + "','roles':['viewer']}";
        HttpResponse<String> made = as(cookie, "POST", "/api/users", eve);
        assertThat(made.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(made.body()).doesNotContain("pbkdf2", BETTER);
        assertThat(fixture.json(as(cookie, "POST", "/api/users", eve))
                        .get("code")
                        .textValue())
                .isEqualTo("name-taken");
        String login = fixture.login("eve", BETTER);
        assertThat(as(login, "POST", "/api/tasks", "{'prompt':'x'}").statusCode())
                .isEqualTo(403);

        String change = "{'roles':['operator']}";
        assertThat(as(cookie, "PATCH", "/api/users/eve", change, "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> late = as(cookie, "PATCH", "/api/users/eve", change, "If-Match", "\"1\"");
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(fixture.json(late).at("/current/version").intValue()).isEqualTo(2);
        time.advance(Duration.ofSeconds(1));
        assertThat(as(login, "POST", "/api/tasks", "{'prompt':'x'}").statusCode())
                .as("more rights hold at once, without a new login")
                .isEqualTo(201);

        assertThat(fixture.json(as(cookie, "DELETE", "/api/users/ada", "", "If-Match", "\"1\""))
                        .get("code")
                        .textValue())
                .isEqualTo("last-admin");
        assertThat(as(cookie, "PATCH", "/api/users/ada", "{'active':false}", "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(409);
        assertThat(as(cookie, "DELETE", "/api/users/eve", "", "If-Match", "\"2\"")
                        .statusCode())
                .isEqualTo(204);
        assertThat(status(login)).isEqualTo(401);
        assertThat(tryLogin("eve", BETTER).statusCode()).isEqualTo(401);
    }

    @Test
    void whatAUserHasChosenIsMergedFromTheVersionThatWasSeen() {
        String cookie = ada();
        HttpResponse<String> before = as(cookie, "GET", "/api/me", "");
        String seen = before.headers().firstValue("ETag").orElseThrow();
        assertThat(fixture.json(before).get("preferences").isEmpty()).isTrue();

        HttpResponse<String> kept =
                as(cookie, "PATCH", "/api/me", "{'preferences':{'zone':'UTC','views':{'a':1}}}", "If-Match", seen);

        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(200);
        HttpResponse<String> late = as(cookie, "PATCH", "/api/me", "{'preferences':{'zone':null}}", "If-Match", seen);
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(fixture.json(late).at("/current/preferences/zone").textValue())
                .isEqualTo("UTC");
        String now = kept.headers().firstValue("ETag").orElseThrow();
        as(cookie, "PATCH", "/api/me", "{'preferences':{'zone':null,'density':2}}", "If-Match", now);
        assertThat(fixture.json(as(cookie, "GET", "/api/me", ""))
                        .get("preferences")
                        .toString())
                .isEqualTo("{\"views\":{\"a\":1},\"density\":2}");
        String tooLong = "x".repeat(4_000);
        assertThat(as(cookie, "PATCH", "/api/me", "{'preferences':{'x':'" + tooLong + "'}}", "If-Match", "\"3\"")
                        .body())
                .contains("expected at most 4000");
        assertThat(store.user("ada").orElseThrow().preferences()).hasSizeLessThan(100);
    }

    @Test
    void aSearchFindsWhatTheCallerMaySee() {
        addUser("vic", UserRole.VIEWER);
        String vic = fixture.login("vic", ServerFixture.PASSWORD);
        as(ada(), "POST", "/api/projects", "{'key':'shop','prefix':'SH','title':'Shop window'}");
        as(ada(), "POST", "/api/projects/shop/items", "{'kind':'bug','title':'The basket is empty: why?'}");
        String task = fixture.json(
                        as(ada(), "POST", "/api/tasks", "{'prompt':'paint it','delay':'1h','project':'shop'}"))
                .get("id")
                .textValue();

        JsonNode words =
                fixture.json(as(vic, "GET", "/api/search?q=basket", "")).get("hits");
        assertThat(words).hasSize(1);
        assertThat(words.get(0).get("kind").textValue()).isEqualTo("item");
        assertThat(words.get(0).get("path").textValue()).isEqualTo("/p/shop/i/SH-1");
        assertThat(as(vic, "GET", "/api/search?q=WINDOW", "").body()).contains("\"project\"", "/p/shop/board");
        assertThat(as(vic, "GET", "/api/search?q=" + task, "").body()).contains("\"task\"", "paint it");
        assertThat(as(vic, "GET", "/api/search?q=kind:bug", "").statusCode()).isEqualTo(200);
        assertThat(as(vic, "GET", "/api/search", "").statusCode()).isEqualTo(400);

        String made = "{'name':'ci','scopes':['tasks:r','projects:r'],'projects':['blog'],'expiresInSeconds':3600}";
        String secret = fixture.json(as(ada(), "POST", "/api/tokens", made))
                .get("secret")
                .textValue();
        for (String hidden : List.of("basket", "window", task)) {
            assertThat(fixture.send(fixture.anonymous("/api/search?q=" + hidden)
                                    .header("Authorization", "Bearer " + secret))
                            .body())
                    .as(hidden)
                    .isEqualTo("{\"hits\":[]}");
        }
    }

    @Test
    void anotherPasswordEndsAllOtherLogins() {
        String here = ada();
        String elsewhere = ada();
        String body = "{'current':'%s','password':'%s'}";

        assertThat(as(here, "PUT", "/api/me/password", body.formatted("wrong", BETTER))
                        .statusCode())
                .isEqualTo(401);
        assertThat(as(here, "PUT", "/api/me/password", body.formatted(ServerFixture.PASSWORD, "password12345678"))
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> set = as(here, "PUT", "/api/me/password", body.formatted(ServerFixture.PASSWORD, BETTER));

        assertThat(set.statusCode()).isEqualTo(204);
        String fresh = set.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        assertThat(List.of(status(here), status(elsewhere), status(fresh))).containsExactly(401, 401, 200);
        assertThat(tryLogin("ada", ServerFixture.PASSWORD).statusCode()).isEqualTo(401);
        assertThat(tryLogin("ada", BETTER).statusCode()).isEqualTo(204);
    }

    @Test
    void anOldHashIsReplacedAtTheNextLogin() {
        Pbkdf2PasswordHasher weaker = new Pbkdf2PasswordHasher(2_000, time::random);
        User known = store.user("ada").orElseThrow();
        store.change(known.withPassword(weaker.hash(ServerFixture.PASSWORD), known.passwordAt()));

        ada();

        String kept = store.user("ada").orElseThrow().passwordHash();
        assertThat(kept).startsWith("$pbkdf2-sha256$i=1000$");
        assertThat(tryLogin("ada", ServerFixture.PASSWORD).statusCode()).isEqualTo(204);
    }

    @Test
    void guessesAtAnAccountAreFewAndTheUserStillLogsInFromAKnownDevice() {
        ada();
        int checked = 0;
        Duration day = Duration.ofDays(1);
        // From another address each time, so that only the limit of the account is left.
        LoginLimits limits = new LoginLimits(time, new LoginRateLimit(time));
        limits.recordSuccess("ada", "home");
        for (int i = 0; i < 1_000; i++) {
            if (limits.retryAfter("ada", "2001:db8::" + i).isZero()) {
                limits.recordFailure("ada", "2001:db8::" + i);
                checked++;
            }
            assertThat(limits.retryAfter("ada", "home")).isZero();
            time.advance(day.dividedBy(1_000));
        }
        assertThat(checked).isBetween(5, 100);
        limits.recordFailure("ada", "2001:db8::ffff");
        assertThat(limits.retryAfter("ada", "elsewhere")).isGreaterThan(Duration.ofMinutes(19));
        assertThat(limits.retryAfter("eve", "elsewhere")).isZero();
    }

    @Test
    void anAgentActsUnderItsNameWithinItsScopesAndProjectsUntilItIsRevoked() {
        addUser("olga", UserRole.OPERATOR);
        String olga = fixture.login("olga", ServerFixture.PASSWORD);
        String wanted = "{'name':'ci','scopes':['tasks:w','gateway:x'],'projects':['shop'],'expiresInSeconds':3600,"
                + "'budgetUsd':2.5}";
        assertThat(as(olga, "POST", "/api/tokens", wanted.replace("gateway:x", "policy:w"))
                        .statusCode())
                .as("more than its maker has")
                .isEqualTo(400);
        HttpResponse<String> made = as(olga, "POST", "/api/tokens", wanted);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String secret = fixture.json(made).get("secret").textValue();
        assertThat(secret).startsWith(AgentToken.PREFIX).hasSize(68);
        assertThat(as(olga, "GET", "/api/tokens", "").body()).contains("\"ci\"").doesNotContain(secret);
        assertThat(as(ada(), "GET", "/api/tokens", "").body()).contains("user:olga");
        addUser("vic", UserRole.VIEWER);
        String vic = fixture.login("vic", ServerFixture.PASSWORD);
        assertThat(as(vic, "GET", "/api/tokens", "").body()).doesNotContain("ci");
        assertThat(as(vic, "DELETE", "/api/tokens/ci", "").statusCode()).isEqualTo(404);

        assertThat(submit(secret, "{'prompt':'x','project':'shop','user':'ada'}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(submit(secret, "{'prompt':'x','project':'blog'}").statusCode())
                .isEqualTo(403);
        assertThat(submit(secret, "{'prompt':'x'}").statusCode()).isEqualTo(403);
        assertThat(fixture.architect.budgets().find("agent-ci")).isPresent();
        List<AuditEntry> did = fixture.architect
                .audit()
                .orElseThrow()
                .find(AuditQuery.newest(10).by("agent:ci"));
        assertThat(did).extracting(entry -> entry.record().outcome().word()).contains("done", "failed");
        assertThat(store.tokens().get(0).life().lastUsed()).isPresent();

        assertThat(statusThere("Authorization", "Bearer " + secret)).isEqualTo(200);
        assertThat(as(olga, "DELETE", "/api/tokens/ci", "").statusCode()).isEqualTo(204);
        assertThat(submit(secret, "{'prompt':'x','project':'shop'}").statusCode())
                .isEqualTo(401);
        time.advance(Duration.ofSeconds(2));
        assertThat(statusThere("Authorization", "Bearer " + secret)).isEqualTo(401);
    }

    private HttpResponse<String> submit(String secret, String task) {
        return fixture.send(fixture.anonymous("/api/tasks")
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(task.replace('\'', '"'))));
    }

    @Test
    void whatIsDoneAndWhatIsRefusedStandsInTheAudit() {
        String cookie = ada();
        addUser("vic", UserRole.VIEWER);
        String vic = fixture.login("vic", ServerFixture.PASSWORD);
        as(cookie, "POST", "/api/types/prompt/pause", "");
        as(vic, "POST", "/api/types/prompt/resume", "");
        as(cookie, "POST", "/api/tasks/0000000000000/cancel", "");
        tryLogin("ada", "wrong");
        fixture.get("/api/users");

        JsonNode entries =
                fixture.json(as(cookie, "GET", "/api/audit?limit=4", "")).get("entries");

        assertThat(entries)
                .extracting(entry -> entry.get("actor").textValue() + " "
                        + entry.get("operation").textValue() + " "
                        + entry.get("outcome").textValue() + " "
                        + entry.get("status").intValue() + " "
                        + entry.get("thing").textValue())
                .containsExactly(
                        "operator users.list refused 403 ",
                        "user:ada tasks.cancel failed 404 0000000000000",
                        "user:vic queues.resume refused 403 prompt",
                        "user:ada queues.pause done 200 prompt");
        assertThat(entries.toString()).doesNotContain(ServerFixture.PASSWORD);
        HttpResponse<String> verified = as(cookie, "POST", "/api/audit/verify", "");
        assertThat(verified.body()).contains("\"intact\":true");
        assertThat(AuditVerifier.verify(fixture.architect.audit().orElseThrow(), List.of())
                        .isIntact())
                .isTrue();
        assertThat(as(vic, "GET", "/api/audit", "").statusCode()).isEqualTo(403);
    }
}
