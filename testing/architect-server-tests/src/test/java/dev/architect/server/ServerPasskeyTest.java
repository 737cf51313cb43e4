package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessStore;
import dev.architect.access.Passkey;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.audit.AuditEntry;
import dev.architect.audit.AuditQuery;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.PublicOrigin;
import dev.architect.server.access.SecurityLog;
import dev.architect.testkit.time.ManualTime;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passkeys over HTTP, with real signatures and on manual time; and a second node on the same store. */
final class ServerPasskeyTest {

    private static final String ADA = ServerFixture.USER;
    private static final String BOB = "bob";

    private final ManualTime time = new ManualTime();
    private final ServerFixture fixture = new ServerFixture(time);
    private final AccessStore store = fixture.architect.access().orElseThrow();
    private final ArchitectServer other = ArchitectServer.builder(
                    fixture.architect, AccessToken.of(ServerFixture.SECRET))
            .port(0)
            .time(time)
            .origins(List.of(PublicOrigin.parse(ServerFixture.ORIGIN)))
            .passwords(ServerFixture.HASHER)
            .start();
    private final PasskeyDevice device = new PasskeyDevice();

    @AfterEach
    void close() {
        other.close();
        fixture.close();
    }

    private HttpResponse<String> as(String cookie, String method, String path, String body) {
        return fixture.send(fixture.anonymous(path)
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", "same-origin")
                .header("Origin", ServerFixture.ORIGIN)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(ArchitectServer server, String path, String body) {
        return fixture.send(HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Origin", ServerFixture.ORIGIN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private String code(HttpResponse<String> answer) {
        return fixture.json(answer).path("code").asText();
    }

    private static String cookie(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    private String ada() {
        return fixture.login(ADA, ServerFixture.PASSWORD);
    }

    private String bob() {
        store.add(User.create(
                BOB, Set.of(UserRole.VIEWER), ServerFixture.HASHER.hash(ServerFixture.PASSWORD), time.wallTime()));
        return fixture.login(BOB, ServerFixture.PASSWORD);
    }

    private JsonNode toAdd(String cookie) {
        HttpResponse<String> answer = as(cookie, "POST", "/api/me/passkeys/options", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return fixture.json(answer);
    }

    private HttpResponse<String> add(String cookie, ObjectNode made) {
        return as(cookie, "POST", "/api/me/passkeys", made.toString());
    }

    private void added(String cookie, PasskeyDevice device, String name) {
        HttpResponse<String> answer = add(cookie, device.make(toAdd(cookie), name));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private JsonNode toLogIn(String body) {
        HttpResponse<String> answer = send(fixture.server, "/api/login/passkey/options", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return fixture.json(answer);
    }

    private HttpResponse<String> logIn(ObjectNode signed) {
        return send(fixture.server, "/api/login/passkey", signed.toString());
    }

    private HttpResponse<String> logIn(PasskeyDevice device) {
        return logIn(device.sign(toLogIn("{}")));
    }

    private Passkey kept(PasskeyDevice device) {
        return store.passkey(device.passkey()).orElseThrow();
    }

    /** The password is right; the ticket is for the second step. */
    private String ticket() {
        HttpResponse<String> answer = send(
                fixture.server, "/api/login", "{\"name\":\"ada\",\"password\":\"" + ServerFixture.PASSWORD + "\"}");
        assertThat(code(answer)).isEqualTo("second-factor-needed");
        return fixture.json(answer).get("ticket").textValue();
    }

    private void setUpApp() {
        SecondFactor begun = SecondFactor.begin(ADA, new byte[20], time.wallTime());
        store.beginSecondFactor(begun);
        store.confirmSecondFactor(begun.confirmed(time.wallTime(), 0, Set.of()));
    }

    private static String withTicket(String ticket) {
        return "{\"ticket\":\"" + ticket + "\"}";
    }

    /** What is refused is told alike to whoever asks; the log has the reason. */
    private void assertRefused(ObjectNode signed, String reason) {
        time.advance(Duration.ofMinutes(2));
        try (CapturedLog log = new CapturedLog()) {
            HttpResponse<String> answer = logIn(signed);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
            assertThat(code(answer)).isEqualTo("wrong-passkey");
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(log.linesOf(SecurityLog.LOGGER))
                    .anyMatch(line -> line.matches("login-refused .*reason=passkey-" + reason + "( repeated=[0-9]+)?"));
        }
    }

    @Test
    void aPasskeyIsAddedListedAndLogsInWithoutNameAndPassword() {
        String cookie = ada();
        assertThat(fixture.json(as(cookie, "GET", "/api/me/passkeys", "")).get("passkeys"))
                .isEmpty();
        JsonNode options = toAdd(cookie);
        JsonNode publicKey = options.get("publicKey");
        assertThat(publicKey.at("/rp/id").textValue()).isEqualTo("localhost");
        assertThat(publicKey.at("/user/name").textValue()).isEqualTo("ada");
        assertThat(publicKey.at("/user/id").textValue()).hasSize(43);
        assertThat(publicKey.get("challenge").textValue()).hasSize(43);
        assertThat(publicKey.get("excludeCredentials")).isEmpty();
        device.isBackupEligible = true;
        device.isBackedUp = true;

        HttpResponse<String> made = add(cookie, device.make(options, "Laptop ä"));

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/api/me/passkeys/" + device.passkey());
        JsonNode listed =
                fixture.json(as(cookie, "GET", "/api/me/passkeys", "")).at("/passkeys/0");
        assertThat(listed).isEqualTo(fixture.json(made));
        assertThat(listed.get("name").textValue()).isEqualTo("Laptop ä");
        assertThat(listed.get("transports").toString()).isEqualTo("[\"hybrid\",\"internal\"]");
        assertThat(listed.get("backupEligible").booleanValue()).isTrue();
        assertThat(listed.get("backedUp").booleanValue()).isTrue();
        assertThat(listed.has("lastUsedAt")).isFalse();
        assertThat(toAdd(cookie).at("/publicKey/excludeCredentials/0/id").textValue())
                .isEqualTo(device.passkey());
        assertThat(fixture.json(as(cookie, "GET", "/api/me", ""))
                        .get("passkeys")
                        .intValue())
                .isEqualTo(1);

        time.advance(Duration.ofSeconds(70));
        device.isBackedUp = false;
        JsonNode asked = toLogIn("{}");
        assertThat(asked.at("/publicKey/userVerification").textValue()).isEqualTo("required");
        assertThat(asked.at("/publicKey/allowCredentials"))
                .as("tells nobody who has one")
                .isEmpty();
        String own = cookie(logIn(device.sign(asked)));

        assertThat(fixture.json(as(own, "GET", "/api/me", "")).get("actor").textValue())
                .isEqualTo("user:ada");
        assertThat(kept(device).use())
                .isEqualTo(new Passkey.Use(device.signCount, false, Optional.of(time.wallTime())));
        assertThat(as(own, "POST", "/api/me/passkeys/options", "").statusCode())
                .as("a fresh login")
                .isEqualTo(200);
        assertThat(audited()).contains("passkey.begin", "passkey.create", "passkeylogin.finish");
        assertThat(audited()).doesNotContain("passkeylogin.begin");
    }

    private List<String> audited() {
        return fixture.architect.audit().orElseThrow().find(AuditQuery.newest(100)).stream()
                .map(entry -> entry.record().operation())
                .toList();
    }

    private JsonNode toRefresh(String cookie) {
        HttpResponse<String> answer = as(cookie, "POST", "/api/reauthenticate/passkey/options", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return fixture.json(answer);
    }

    private String refused(String cookie, ObjectNode signed) {
        time.advance(Duration.ofMinutes(2));
        HttpResponse<String> answer = as(cookie, "POST", "/api/reauthenticate/passkey", signed.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(code(as(cookie, "POST", "/api/me/passkeys/options", ""))).isEqualTo("fresh-login-needed");
        return code(answer);
    }

    @Test
    void aPasskeyMakesALoginFreshInPlaceOfPasswordAndCode() {
        String cookie = ada();
        added(cookie, device, "laptop");
        setUpApp();
        time.advance(Duration.ofMinutes(11));
        assertThat(code(as(cookie, "POST", "/api/me/passkeys/options", ""))).isEqualTo("fresh-login-needed");

        JsonNode options = toRefresh(cookie);
        assertThat(options.at("/publicKey/userVerification").textValue()).isEqualTo("required");
        assertThat(options.at("/publicKey/allowCredentials")).hasSize(1);
        assertThat(options.at("/publicKey/allowCredentials/0/id").textValue()).isEqualTo(device.passkey());
        ObjectNode signed = device.sign(options);
        HttpResponse<String> answer = as(cookie, "POST", "/api/reauthenticate/passkey", signed.toString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(as(cookie, "POST", "/api/me/passkeys/options", "").statusCode())
                .isEqualTo(200);
        assertThat(kept(device).use().lastUsed()).contains(time.wallTime());
        assertThat(audited()).contains("passkeyrefresh.finish");
        time.advance(Duration.ofMinutes(11));
        assertThat(refused(cookie, signed)).as("taken once").isEqualTo("wrong-passkey");
    }

    @Test
    void aPasskeyRefreshesTheLoginItWasAskedForAndNoOther() {
        String cookie = ada();
        String elsewhere = ada();
        added(cookie, device, "laptop");
        String bob = bob();
        PasskeyDevice ofBob = new PasskeyDevice();
        added(bob, ofBob, "phone");
        time.advance(Duration.ofMinutes(11));

        assertThat(refused(elsewhere, device.sign(toRefresh(cookie))))
                .as("of another login of the user")
                .isEqualTo("wrong-passkey");
        ObjectNode forLogin = device.sign(toLogIn("{}"));
        forLogin.remove("ticket");
        assertThat(refused(cookie, forLogin)).as("signed to log in").isEqualTo("wrong-passkey");
        ObjectNode toLogInWith = device.sign(toRefresh(cookie)).put("ticket", "0".repeat(64));
        assertRefused(toLogInWith, "unknown-challenge");
        assertThat(refused(cookie, ofBob.sign(toRefresh(cookie))))
                .as("of another user")
                .isEqualTo("wrong-passkey");
        device.origin = "http://evil.example";
        assertThat(refused(cookie, device.sign(toRefresh(cookie))))
                .as("on another page")
                .isEqualTo("wrong-passkey");
        device.origin = ServerFixture.ORIGIN;
        device.verifiesUser = false;
        assertThat(refused(cookie, device.sign(toRefresh(cookie))))
                .as("whoever holds it")
                .isEqualTo("password-needed");
        device.verifiesUser = true;
        JsonNode late = toRefresh(cookie);
        time.advance(Duration.ofMinutes(4));
        assertThat(refused(cookie, device.sign(late))).as("too late").isEqualTo("wrong-passkey");
        device.signCount = 0;
        assertThat(refused(cookie, device.sign(toRefresh(cookie)))).as("a copy").isEqualTo("wrong-passkey");
        assertThat(audited()).contains("passkey.copied");
    }

    @Test
    void aPasskeyRefreshIsForUsersWithOneAndLimitedAsLoginsAre() {
        String cookie = ada();
        HttpResponse<String> without = as(cookie, "POST", "/api/reauthenticate/passkey/options", "");
        assertThat(without.statusCode()).isEqualTo(404);
        assertThat(code(as(fixture.login(), "POST", "/api/reauthenticate/passkey/options", "")))
                .isEqualTo("no-login");
        added(cookie, device, "laptop");
        for (int i = 0; i < 20; i++) {
            toRefresh(cookie);
        }

        HttpResponse<String> more = as(cookie, "POST", "/api/reauthenticate/passkey/options", "");

        assertThat(more.statusCode()).as(more.body()).isEqualTo(429);
        assertThat(code(more)).isEqualTo("too-many-logins");
        assertThat(more.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aPasskeyCountsAsBothFactorsWhereItHasVerifiedItsUser() {
        String cookie = ada();
        added(cookie, device, "laptop");
        setUpApp();

        assertThat(logIn(device).statusCode()).as("no code is asked for").isEqualTo(204);

        device.verifiesUser = false;
        HttpResponse<String> alone = logIn(device);
        assertThat(alone.statusCode()).isEqualTo(401);
        assertThat(code(alone)).isEqualTo("password-needed");
        assertThat(alone.headers().firstValue("Set-Cookie")).isEmpty();

        JsonNode second = toLogIn(withTicket(ticket()));
        assertThat(second.at("/publicKey/allowCredentials/0/id").textValue()).isEqualTo(device.passkey());
        assertThat(second.at("/publicKey/userVerification").textValue()).isEqualTo("discouraged");
        device.tellsUser = false;
        String own = cookie(logIn(device.sign(second)));
        assertThat(fixture.json(as(own, "GET", "/api/me", "")).get("name").textValue())
                .isEqualTo("ada");
    }

    @Test
    void aLoginTellsWhetherAPasskeyTakesThePlaceOfTheCode() {
        String cookie = ada();
        setUpApp();
        String password = "{\"name\":\"ada\",\"password\":\"" + ServerFixture.PASSWORD + "\"}";
        assertThat(fixture.json(send(fixture.server, "/api/login", password))
                        .get("passkeys")
                        .booleanValue())
                .isFalse();

        added(cookie, device, "laptop");

        assertThat(fixture.json(send(fixture.server, "/api/login", password))
                        .get("passkeys")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void anAnswerIsTakenOnceOnWhateverNode() {
        added(ada(), device, "laptop");
        ObjectNode signed = device.sign(toLogIn("{}"));
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (ArchitectServer node : List.of(fixture.server, other, fixture.server, other)) {
            all.add(CompletableFuture.supplyAsync(() -> send(node, "/api/login/passkey", signed.toString())));
        }

        assertThat(all.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                .containsExactlyInAnyOrder(204, 401, 401, 401);

        ObjectNode there = device.sign(toLogIn("{}"));
        assertThat(send(other, "/api/login/passkey", there.toString()).statusCode())
                .as("begun on another node")
                .isEqualTo(204);
        assertRefused(there, "unknown-challenge");
        assertThat(add(ada(), device.make(toAdd(ada()), "by another login")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void anAnswerIsTakenForFiveMinutes() {
        String cookie = ada();
        JsonNode early = toAdd(cookie);
        time.advance(Duration.ofMinutes(5));
        assertThat(code(add(cookie, device.make(early, "late")))).isEqualTo("wrong-passkey");

        added(cookie, device, "laptop");
        ObjectNode signed = device.sign(toLogIn("{}"));
        time.advance(Duration.ofMinutes(3));
        assertRefused(signed, "unknown-challenge");
    }

    @Test
    void anAnswerIsForTheLoginThatItWasBegunFor() {
        String cookie = ada();
        added(cookie, device, "laptop");
        setUpApp();
        JsonNode one = toLogIn("{}");
        JsonNode another = toLogIn("{}");

        assertRefused(device.sign(one).put("ticket", another.get("ticket").textValue()), "unknown-challenge");
        JsonNode bySession =
                ((ObjectNode) toAdd(cookie)).put("ticket", another.get("ticket").textValue());
        ((ObjectNode) bySession.get("publicKey")).put("rpId", "localhost");
        assertRefused(device.sign(bySession), "unknown-challenge");
        String ticket = ticket();
        assertRefused(device.sign(toLogIn("{}")).put("ticket", ticket), "unknown-challenge");
        JsonNode second = toLogIn(withTicket(ticket));
        toLogIn(withTicket(ticket));
        assertRefused(device.sign(second), "unknown-challenge");
        assertThat(code(send(fixture.server, "/api/login/passkey/options", withTicket("ada|1|" + "0".repeat(64)))))
                .isEqualTo("login-ended");
    }

    @Test
    void whatIsSignedForAnotherSiteOrWronglyIsRefused() {
        String cookie = ada();
        for (String foreign : List.of(
                "http://localhost:8081",
                "https://localhost:8080",
                "http://localhost.evil.example:8080",
                "http://127.0.0.1:8080",
                "null")) {
            PasskeyDevice elsewhere = new PasskeyDevice();
            elsewhere.origin = foreign;
            assertThat(code(add(cookie, elsewhere.make(toAdd(cookie), "x"))))
                    .as(foreign)
                    .isEqualTo("wrong-passkey");
        }
        device.relyingParty = "evil.example";
        assertThat(code(add(cookie, device.make(toAdd(cookie), "x")))).isEqualTo("wrong-passkey");
        assertThat(store.passkeys(ADA)).isEmpty();
        device.relyingParty = null;
        added(cookie, device, "laptop");

        device.origin = "http://evil.example";
        assertRefused(device.sign(toLogIn("{}")), "bad-origin");
        device.origin = ServerFixture.ORIGIN;
        device.relyingParty = "evil.example";
        assertRefused(device.sign(toLogIn("{}")), "bad-rp-id");
        device.relyingParty = null;
        PasskeyDevice forger = new PasskeyDevice();
        forger.id = device.id;
        forger.forUser(Base64.getUrlDecoder()
                .decode(toAdd(cookie).at("/publicKey/user/id").textValue()));
        assertRefused(forger.sign(toLogIn("{}")), "bad-signature");
        ObjectNode changed = device.sign(toLogIn("{}"));
        assertRefused(
                changed.put(
                        "signature", forger.sign(toLogIn("{}")).get("signature").textValue()),
                "bad-signature");
        ObjectNode made = device.make(toAdd(cookie), "x");
        assertRefused(
                device.sign(toLogIn("{}"))
                        .put("clientDataJSON", made.get("clientDataJSON").textValue()),
                "unknown-challenge");
        assertRefused(device.sign(toLogIn("{}")).put("clientDataJSON", "e30"), "unreadable");
        assertRefused(device.sign(toLogIn("{}")).put("authenticatorData", "AAAA"), "unreadable");
        assertRefused(device.sign(toLogIn("{}")).put("id", "AAAA"), "unknown");

        assertThat(kept(device).use().lastUsed()).as("nothing was kept").isEmpty();
        time.advance(Duration.ofMinutes(1));
        assertThat(logIn(device).statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e30", "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA", "////", "AAA="})
    void whatIsNoPasskeyIsNotAdded(String attestation) {
        String cookie = ada();
        ObjectNode made = device.make(toAdd(cookie), "laptop").put("attestationObject", attestation);

        HttpResponse<String> answer = add(cookie, made);

        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 401);
        assertThat(store.passkeys(ADA)).isEmpty();
        assertThat(add(cookie, device.make(toAdd(cookie), "laptop")).statusCode())
                .isEqualTo(201);
    }

    @Test
    void aCountThatGoesBackwardsIsRefusedAndTold() {
        added(ada(), device, "Laptop");
        device.signCount = 10;
        assertThat(logIn(device).statusCode()).isEqualTo(204);
        device.signCount = 9;

        try (CapturedLog log = new CapturedLog()) {
            HttpResponse<String> answer = logIn(device);
            assertThat(code(answer)).isEqualTo("wrong-passkey");
            assertThat(log.linesOf(SecurityLog.LOGGER))
                    .anyMatch(line -> line.startsWith("passkey-copied") && line.endsWith("user=ada"));
        }

        assertThat(kept(device).use().signCount()).isEqualTo(11);
        List<AuditEntry> told = fixture.architect.audit().orElseThrow().find(AuditQuery.newest(5)).stream()
                .filter(entry -> entry.record().operation().equals("passkey.copied"))
                .toList();
        assertThat(told).hasSize(1);
        assertThat(told.get(0).record().thing()).isEqualTo("ada Laptop");
        assertThat(told.get(0).record().status()).isEqualTo(401);
        device.signCount = 11;
        assertThat(logIn(device).statusCode()).as("counts on").isEqualTo(204);
    }

    @Test
    void oneThatDoesNotCountIsNotHeldToIt() {
        device.signCount = 0;
        added(ada(), device, "phone");

        assertThat(logIn(device).statusCode()).isEqualTo(204);
        assertThat(logIn(device).statusCode()).isEqualTo(204);
    }

    @Test
    void aPasskeyIsOfOneUser() {
        String ada = ada();
        added(ada, device, "laptop");
        byte[] handleOfAda = Base64.getUrlDecoder()
                .decode(toAdd(ada).at("/publicKey/user/id").textValue());
        String bob = bob();
        PasskeyDevice ofBob = new PasskeyDevice();
        added(bob, ofBob, "laptop");

        ofBob.forUser(handleOfAda);
        assertRefused(ofBob.sign(toLogIn("{}")), "of-another");
        ofBob.tellsUser = false;
        assertRefused(ofBob.sign(toLogIn("{}")), "of-another");
        setUpApp();
        assertRefused(ofBob.sign(toLogIn(withTicket(ticket()))), "of-another");

        PasskeyDevice same = new PasskeyDevice();
        same.id = device.id;
        assertThat(code(add(bob, same.make(toAdd(bob), "mine")))).isEqualTo("passkey-known");
        assertThat(as(bob, "DELETE", "/api/me/passkeys/" + device.passkey(), "").statusCode())
                .isEqualTo(404);
        assertThat(kept(device).user()).isEqualTo("ada");
    }

    @Test
    void aUserHasTwentyAtMost() {
        String cookie = ada();
        for (int i = 0; i < AccessStore.MOST_PASSKEYS - 1; i++) {
            Passkey.Use use = new Passkey.Use(0, false, Optional.empty());
            store.addPasskey(new Passkey("k" + i, ADA, "key " + i, "pQEC", Set.of(), false, time.wallTime(), use));
        }
        String elsewhere = ada();
        JsonNode begun = toAdd(elsewhere);
        added(cookie, device, "the twentieth");

        HttpResponse<String> late = add(elsewhere, new PasskeyDevice().make(begun, "begun before"));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(code(late)).isEqualTo("too-many");
        assertThat(code(as(cookie, "POST", "/api/me/passkeys/options", ""))).isEqualTo("too-many");
        assertThat(store.passkeys(ADA)).hasSize(20);
        assertThat(logIn(device).statusCode()).isEqualTo(204);
    }

    @Test
    void whatChangesAccessNeedsAFreshLogin() {
        String cookie = ada();
        added(cookie, device, "laptop");
        JsonNode options = toAdd(cookie);
        time.advance(Duration.ofMinutes(11));

        assertThat(code(as(cookie, "POST", "/api/me/passkeys/options", ""))).isEqualTo("fresh-login-needed");
        assertThat(code(add(cookie, new PasskeyDevice().make(options, "x")))).isEqualTo("fresh-login-needed");
        assertThat(code(as(cookie, "DELETE", "/api/me/passkeys/" + device.passkey(), "")))
                .isEqualTo("fresh-login-needed");
        assertThat(as(cookie, "GET", "/api/me/passkeys", "").statusCode()).isEqualTo(200);
        assertThat(code(fixture.get("/api/me/passkeys")))
                .as("the operator's token")
                .isEqualTo("no-login");

        String fresh = cookie(logIn(device));
        assertThat(as(fresh, "DELETE", "/api/me/passkeys/" + device.passkey(), "")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void whoRemovesAPasskeyEndsTheOtherLogins() {
        String cookie = ada();
        added(cookie, device, "laptop");
        String byPasskey = cookie(logIn(device));

        assertThat(as(cookie, "DELETE", "/api/me/passkeys/" + device.passkey(), "")
                        .statusCode())
                .isEqualTo(204);

        assertThat(as(cookie, "GET", "/api/me", "").statusCode()).isEqualTo(200);
        assertThat(as(byPasskey, "GET", "/api/me", "").statusCode()).isEqualTo(401);
        assertRefused(device.sign(toLogIn("{}")), "unknown");
        assertThat(as(cookie, "DELETE", "/api/me/passkeys/" + device.passkey(), "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void passkeysGoWithTheUserAndWithTheUsersAccess() {
        String admin = ada();
        String bob = bob();
        added(bob, device, "laptop");
        assertThat(as(bob, "DELETE", "/api/users/bob/passkeys", "").statusCode())
                .isEqualTo(403);
        assertThat(as(admin, "DELETE", "/api/users/bob/passkeys", "").statusCode())
                .isEqualTo(204);
        assertThat(as(admin, "DELETE", "/api/users/bob/passkeys", "").statusCode())
                .isEqualTo(404);
        assertThat(as(bob, "GET", "/api/me", "").statusCode())
                .as("logins have ended")
                .isEqualTo(401);

        added(fixture.login(BOB, ServerFixture.PASSWORD), device, "laptop");
        store.change(store.user(BOB).orElseThrow().withActive(false));
        assertRefused(device.sign(toLogIn("{}")), "unknown");

        store.change(store.user(BOB).orElseThrow().withActive(true));
        added(fixture.login(BOB, ServerFixture.PASSWORD), device, "laptop");
        ObjectNode signed = device.sign(toLogIn("{}"));
        store.remove(BOB, 0);
        assertRefused(signed, "unknown");
        bob();
        assertThat(store.passkeys(BOB)).isEmpty();
    }

    @Test
    void underAnAddressThereAreNone() {
        HttpResponse<String> options = fixture.send(fixture.anonymous("/api/login/passkey/options")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(options.statusCode()).isEqualTo(409);
        assertThat(code(options)).isEqualTo("passkeys-unavailable");
        assertThat(fixture.json(options).get("detail").textValue())
                .contains("reached as " + fixture.server.url() + ", expected");

        HttpResponse<String> elsewhere = fixture.send(fixture.anonymous("/api/login/passkey/options")
                .header("Origin", "http://evil.example")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(elsewhere.statusCode()).isEqualTo(403);
    }

    @Test
    void loginsThatAreBegunAndNotEndedSlowTheAddressDown() {
        added(ada(), device, "laptop");
        for (int i = 0; i < 20; i++) {
            toLogIn("{}");
        }

        HttpResponse<String> more = send(fixture.server, "/api/login/passkey/options", "{}");
        assertThat(more.statusCode()).isEqualTo(429);
        assertThat(code(more)).isEqualTo("too-many-logins");
        assertThat(more.headers().firstValue("Retry-After")).isPresent();
        time.advance(Duration.ofSeconds(2));
        assertThat(logIn(device).statusCode()).isEqualTo(204);
        assertThat(logIn(device).statusCode()).as("one that ends clears them").isEqualTo(204);
    }

    @Test
    void wrongAnswersSlowTheAddressDown() {
        added(ada(), device, "laptop");
        List<ObjectNode> right = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            right.add(device.sign(toLogIn("{}")));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(logIn(right.get(i).put("id", "AAAA")).statusCode()).isEqualTo(401);
        }

        assertThat(logIn(right.get(5)).statusCode()).isEqualTo(429);
        time.advance(Duration.ofSeconds(2));
        assertThat(logIn(right.get(6)).statusCode()).isEqualTo(204);
    }
}
