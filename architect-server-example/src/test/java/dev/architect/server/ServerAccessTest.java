package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.server.rest.Access;
import dev.architect.server.rest.Endpoint;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, over every endpoint that the server has: a new one is covered by being there. */
final class ServerAccessTest {

    private static final List<String> HEADERS = List.of(
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
            "Cache-Control",
            "Cross-Origin-Resource-Policy");

    private static ServerFixture house;
    private static String cookie;

    @BeforeAll
    static void open() {
        house = new ServerFixture();
        cookie = house.login();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    static Stream<Endpoint> endpoints() {
        return house.server.endpoints().stream();
    }

    static Stream<Endpoint> guarded() {
        return endpoints().filter(endpoint -> endpoint.access() != Access.PUBLIC);
    }

    static Stream<Endpoint> changing() {
        return guarded().filter(endpoint -> endpoint.method().name().equals("POST"));
    }

    private static HttpRequest.Builder to(Endpoint endpoint) {
        String path = endpoint.path().replace("{id}", "0000000000000");
        return house.anonymous(path)
                .header("Content-Type", "application/json")
                .method(
                        endpoint.method().name(),
                        endpoint.method().name().equals("POST")
                                ? HttpRequest.BodyPublishers.ofString("{}")
                                : HttpRequest.BodyPublishers.noBody());
    }

    @Test
    void onlyHealthAndWhatTheLoginNeedsIsPublic() {
        assertThat(endpoints().filter(endpoint -> endpoint.access() == Access.PUBLIC))
                .extracting(endpoint -> endpoint.method() + " " + endpoint.path())
                .containsExactlyInAnyOrder(
                        "GET /health",
                        "GET /login",
                        "POST /login",
                        "GET /page/base.css",
                        "GET /page/login.js",
                        "GET /page/icon.svg");
        assertThat(guarded()).hasSizeGreaterThan(12);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refusesWithoutToken(Endpoint endpoint) {
        HttpResponse<String> answer = house.send(to(endpoint));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(house.json(answer).at("/error/code").textValue()).isEqualTo("unauthorized");
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refusesWrongTokens(Endpoint endpoint) {
        String wrong = ServerFixture.SECRET.replace('f', 'e');
        for (String header : List.of(
                "Bearer " + wrong,
                "Bearer",
                "Bearer ",
                ServerFixture.SECRET,
                "Basic " + ServerFixture.SECRET,
                "Bearer " + ServerFixture.SECRET + "0",
                "Bearer " + ServerFixture.SECRET.substring(1))) {
            HttpResponse<String> answer = house.send(to(endpoint).header("Authorization", header));

            assertThat(answer.statusCode()).as(header).isEqualTo(401);
            assertThat(answer.body()).doesNotContain(wrong);
        }
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refusesAWrongTokenEvenBesideALogin(Endpoint endpoint) {
        HttpResponse<String> answer = house.send(
                to(endpoint).header("Authorization", "Bearer nonsense").header("Cookie", cookie));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void letsTheTokenIn(Endpoint endpoint) {
        HttpResponse<String> answer =
                house.send(to(endpoint).header("Authorization", "Bearer " + ServerFixture.SECRET));

        assertThat(answer.statusCode()).isNotIn(401, 403).isLessThan(500);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void letsALoginInFromOurOwnPages(Endpoint endpoint) {
        if (endpoint.path().equals("/logout")) {
            return;
        }
        HttpResponse<String> answer =
                house.send(to(endpoint).header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin"));

        assertThat(answer.statusCode()).isNotIn(401, 403).isLessThan(500);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void refusesUnknownLogins(Endpoint endpoint) {
        String name = cookie.substring(0, cookie.indexOf('=') + 1);

        HttpResponse<String> answer = house.send(
                to(endpoint).header("Cookie", name + ServerFixture.SECRET).header("Sec-Fetch-Site", "same-origin"));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @MethodSource("changing")
    void aLoginChangesNothingFromElsewhere(Endpoint endpoint) {
        List<String[]> elsewhere = List.of(
                new String[] {"Sec-Fetch-Site", "cross-site"},
                new String[] {"Sec-Fetch-Site", "same-site"},
                new String[] {"Sec-Fetch-Site", "none"},
                new String[] {"Origin", "null"},
                new String[] {"Origin", "http://evil.example"},
                new String[] {"Origin", "https://127.0.0.1:" + house.server.port()},
                new String[] {"Origin", "http://127.0.0.1:1"},
                new String[] {"X-Nothing", "said"});
        for (String[] header : elsewhere) {
            HttpResponse<String> answer =
                    house.send(to(endpoint).header("Cookie", cookie).header(header[0], header[1]));

            assertThat(answer.statusCode()).as(header[0] + ": " + header[1]).isEqualTo(403);
            assertThat(house.json(answer).at("/error/code").textValue()).isEqualTo("forbidden");
        }
        assertThat(house.architect.tasks().counts()).isEmpty();
    }

    @Test
    void anOriginAloneIsEnoughWhenItIsOurs() {
        HttpResponse<String> answer = house.send(house.anonymous("/api/tasks/0000000000000/cancel")
                .header("Cookie", cookie)
                .header("Origin", house.server.url())
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void everyAnswerHasTheSecurityHeaders(Endpoint endpoint) {
        for (HttpRequest.Builder request :
                List.of(to(endpoint), to(endpoint).header("Authorization", "Bearer " + ServerFixture.SECRET))) {
            HttpResponse<String> answer = house.send(request);

            assertThat(answer.headers().map().keySet())
                    .containsAll(HEADERS.stream()
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .toList());
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "frame-ancestors 'none'", "object-src 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/nothing", "/api/nothing", "/health/", "/HEALTH", "/%68ealth", "//health", "/page/", "/page/../"
            })
    void unknownPathsAreClosedToStrangersAndMissingForOthers(String path) {
        HttpResponse<String> stranger = house.send(house.anonymous(path));
        HttpResponse<String> owner = house.get(path);

        assertThat(stranger.statusCode()).isIn(401, 400, 200);
        assertThat(owner.statusCode()).isIn(404, 400, 200);
        if (stranger.statusCode() == 200) {
            assertThat(stranger.body()).contains("\"status\":\"up\"");
        }
        if (owner.statusCode() == 404) {
            assertThat(house.json(owner).at("/error/code").textValue()).isEqualTo("not-found");
        }
    }

    @Test
    void aBrowserWithoutLoginIsSentToTheLogin() {
        for (String page : List.of("/", "/llm-metrics")) {
            HttpResponse<String> answer = house.send(house.anonymous(page).header("Accept", "text/html,*/*"));

            assertThat(answer.statusCode()).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).contains("/login");
            assertThat(answer.body()).doesNotContain("html");
        }
    }

    @Test
    void otherMethodsAreRefused() {
        HttpResponse<String> answer = house.send(house.request("/api/activity").DELETE());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(house.json(answer).at("/error/code").textValue()).isEqualTo("method-not-allowed");
    }
}
