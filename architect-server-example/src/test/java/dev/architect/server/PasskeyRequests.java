package dev.architect.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.Passkey;
import dev.architect.server.ContractRequests.Sent;
import dev.architect.spi.TimeSource;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Right requests about passkeys, and what has to be there for them. */
final class PasskeyRequests {

    private static final String OPTIONS = "/api/login/passkey/options";
    private static final String LOGIN = "/api/login/passkey";
    private static final String REFRESH = "/api/reauthenticate/passkey";

    private final ServerFixture fixture;
    private final Supplier<String> newUser;
    private final AtomicInteger number = new AtomicInteger();

    /** {@code newUser} adds one with the usual password, and returns the name. */
    PasskeyRequests(ServerFixture fixture, Supplier<String> newUser) {
        this.fixture = fixture;
        this.newUser = newUser;
    }

    /** Names each request by its operation. */
    void addTo(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept(
                "listPasskeys",
                () -> Sent.to("/api/me/passkeys").as(fixture.login(ServerFixture.USER, ServerFixture.PASSWORD)));
        requests.accept(
                "beginPasskey",
                () -> fromPage(Sent.to("/api/me/passkeys/options")).as(login()));
        requests.accept("createPasskey", () -> {
            String cookie = login();
            String made = new PasskeyDevice().make(toAdd(cookie), "laptop").toString();
            return fromPage(Sent.json("/api/me/passkeys", made)).as(cookie);
        });
        requests.accept("deletePasskey", () -> {
            String name = newUser.get();
            return Sent.to("/api/me/passkeys/" + passkeyOf(name)).as(fixture.login(name, ServerFixture.PASSWORD));
        });
        requests.accept("deleteUserPasskeys", () -> {
            String name = newUser.get();
            passkeyOf(name);
            return Sent.to("/api/users/" + name + "/passkeys")
                    .as(fixture.login(ServerFixture.USER, ServerFixture.PASSWORD));
        });
        requests.accept("beginPasskeyLogin", () -> fromPage(Sent.json(OPTIONS, "{}")));
        requests.accept("beginPasskeyRefresh", () -> {
            String name = newUser.get();
            passkeyOf(name);
            return fromPage(Sent.to(REFRESH + "/options")).as(fixture.login(name, ServerFixture.PASSWORD));
        });
        requests.accept("finishPasskeyRefresh", () -> {
            PasskeyDevice device = new PasskeyDevice();
            String cookie = login();
            add(cookie, device);
            JsonNode options =
                    fixture.json(post(fromPage(Sent.to(REFRESH + "/options")).as(cookie)));
            return fromPage(Sent.json(REFRESH, device.sign(options).toString())).as(cookie);
        });
        requests.accept("finishPasskeyLogin", () -> {
            PasskeyDevice device = new PasskeyDevice();
            String cookie = login();
            add(cookie, device);
            // One that succeeds, so that many in a row are not too many.
            post(signed(device));
            return signed(device);
        });
    }

    private static Sent fromPage(Sent sent) {
        return sent.withHeader("Origin", ServerFixture.ORIGIN);
    }

    private String login() {
        return fixture.login(newUser.get(), ServerFixture.PASSWORD);
    }

    private JsonNode toAdd(String cookie) {
        return fixture.json(post(fromPage(Sent.to("/api/me/passkeys/options")).as(cookie)));
    }

    private void add(String cookie, PasskeyDevice device) {
        post(fromPage(Sent.json(
                        "/api/me/passkeys", device.make(toAdd(cookie), "laptop").toString()))
                .as(cookie));
    }

    private Sent signed(PasskeyDevice device) {
        JsonNode options = fixture.json(post(fromPage(Sent.json(OPTIONS, "{}"))));
        return fromPage(Sent.json(LOGIN, device.sign(options).toString()));
    }

    private HttpResponse<String> post(Sent sent) {
        HttpRequest.Builder request = fixture.anonymous(sent.path());
        sent.headers().forEach(request::header);
        String body = sent.body();
        HttpResponse<String> answer =
                fixture.send(request.POST(body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(sent.path() + " was answered with " + answer.body());
        }
        return answer;
    }

    private String passkeyOf(String user) {
        String id = "passkey" + number.incrementAndGet();
        Passkey.Use use = new Passkey.Use(0, false, Optional.empty());
        fixture.architect
                .access()
                .orElseThrow()
                .addPasskey(new Passkey(
                        id,
                        user,
                        "laptop",
                        "pQEC",
                        Set.of("usb"),
                        false,
                        TimeSource.system().wallTime(),
                        use));
        return id;
    }
}
