package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.RolePermissions;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission.Access;
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

/** Authentication of every operation; a new operation is covered without a change here. */
final class ServerAccessTest {

    private static final List<String> HEADERS = List.of(
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
            "Cache-Control",
            "Cross-Origin-Resource-Policy");

    private static ServerFixture fixture;
    private static String cookie;

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
        cookie = fixture.login();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    static Stream<Operation> operations() {
        return fixture.server.operations().stream();
    }

    static Stream<Operation> guarded() {
        return operations().filter(operation -> operation.permission().access() != Access.PUBLIC);
    }

    static Stream<Operation> changing() {
        return guarded().filter(operation -> !operation.method().name().equals("GET"));
    }

    private static HttpRequest.Builder to(Operation operation) {
        String path = operation.path().replace("{id}", "0000000000000").replaceAll("\\{[^}]+}", "claude");
        return fixture.anonymous(path)
                .header("Content-Type", "application/json")
                .method(
                        operation.method().name(),
                        List.of("POST", "PUT", "PATCH")
                                        .contains(operation.method().name())
                                ? HttpRequest.BodyPublishers.ofString("{}")
                                : HttpRequest.BodyPublishers.noBody());
    }

    /** The code of a refusal; where clients of vendors get an error of theirs, the code that stands for it here. */
    private static String code(Operation operation, HttpResponse<String> answer) {
        JsonNode body = fixture.json(answer);
        if (operation.ownErrors().isEmpty()) {
            return body.at("/code").textValue();
        }
        String type =
                body.at("/error/code").asText() + " " + body.at("/error/type").asText();
        return type.contains("invalid_api_key") || type.contains("authentication_error")
                ? "unauthorized"
                : type.contains("permission") || answer.statusCode() == 403 ? "forbidden" : type;
    }

    @Test
    void onlyHealthAndTheLoginPageArePublic() {
        assertThat(operations().filter(operation -> operation.permission().access() == Access.PUBLIC))
                .extracting(operation -> operation.method() + " " + operation.path())
                .containsExactlyInAnyOrder(
                        "GET /health",
                        "GET /health/live",
                        "GET /health/ready",
                        "GET /problems/{code}",
                        "GET /login",
                        "POST /login",
                        "POST /api/login",
                        "POST /api/login/second",
                        "POST /api/login/passkey/options",
                        "POST /api/login/passkey",
                        "GET /setup",
                        "POST /setup",
                        "GET /api/setup",
                        "GET /page/setup.js",
                        "GET /page/base.css",
                        "GET /page/login.js",
                        "GET /page/passkey.js",
                        "GET /page/icon.svg",
                        "GET /page/inter.woff2");
        assertThat(guarded()).hasSizeGreaterThan(12);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void rejectsRequestsWithoutToken(Operation operation) {
        HttpResponse<String> answer = fixture.send(to(operation));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(code(operation, answer)).isEqualTo("unauthorized");
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void rejectsWrongTokens(Operation operation) {
        String wrong = ServerFixture.SECRET.replace('f', 'e');
        for (String header : List.of(
                "Bearer " + wrong,
                "Bearer",
                "Bearer ",
                ServerFixture.SECRET,
                "Basic " + ServerFixture.SECRET,
                "Bearer " + ServerFixture.SECRET + "0",
                "Bearer " + ServerFixture.SECRET.substring(1))) {
            HttpResponse<String> answer = fixture.send(to(operation).header("Authorization", header));

            assertThat(answer.statusCode()).as(header).isEqualTo(401);
            assertThat(answer.body()).doesNotContain(wrong);
        }
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void rejectsAWrongTokenEvenBesideALogin(Operation operation) {
        HttpResponse<String> answer = fixture.send(
                to(operation).header("Authorization", "Bearer nonsense").header("Cookie", cookie));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    /** What the holder of the token may do: everything but what only a known person may. */
    static Stream<Operation> ofTheOperator() {
        return guarded()
                .filter(operation -> RolePermissions.allowsLocalOperator(
                        operation.permission().name()));
    }

    @ParameterizedTest
    @MethodSource("ofTheOperator")
    void acceptsTheToken(Operation operation) {
        HttpResponse<String> answer =
                fixture.send(to(operation).header("Authorization", "Bearer " + ServerFixture.SECRET));

        assertThat(answer.statusCode()).isNotIn(401, 403).isLessThan(500);
    }

    @ParameterizedTest
    @MethodSource("ofTheOperator")
    void acceptsALoginFromItsOwnPages(Operation operation) {
        if (operation.path().endsWith("/logout")) {
            return;
        }
        HttpResponse<String> answer =
                fixture.send(to(operation).header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin"));

        assertThat(answer.statusCode()).isNotIn(401, 403).isLessThan(500);
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void rejectsUnknownLogins(Operation operation) {
        String name = cookie.substring(0, cookie.indexOf('=') + 1);

        HttpResponse<String> answer = fixture.send(
                to(operation).header("Cookie", name + ServerFixture.SECRET).header("Sec-Fetch-Site", "same-origin"));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @MethodSource("changing")
    void aLoginChangesNothingFromAnotherSite(Operation operation) {
        List<String[]> elsewhere = List.of(
                new String[] {"Sec-Fetch-Site", "cross-site"},
                new String[] {"Sec-Fetch-Site", "same-site"},
                new String[] {"Sec-Fetch-Site", "none"},
                new String[] {"Origin", "null"},
                new String[] {"Origin", "http://evil.example"},
                new String[] {"Origin", "https://127.0.0.1:" + fixture.server.port()},
                new String[] {"Origin", "http://127.0.0.1:1"},
                new String[] {"X-Nothing", "set"});
        for (String[] header : elsewhere) {
            HttpResponse<String> answer =
                    fixture.send(to(operation).header("Cookie", cookie).header(header[0], header[1]));

            assertThat(answer.statusCode()).as(header[0] + ": " + header[1]).isEqualTo(403);
            assertThat(code(operation, answer)).isEqualTo("forbidden");
        }
        assertThat(fixture.architect.tasks().counts()).isEmpty();
    }

    @Test
    void anOriginHeaderOfItsOwnSuffices() {
        HttpResponse<String> answer = fixture.send(fixture.anonymous("/api/tasks/0000000000000/cancel")
                .header("Cookie", cookie)
                .header("Origin", fixture.server.url())
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyResponseHasTheSecurityHeaders(Operation operation) {
        for (HttpRequest.Builder request :
                List.of(to(operation), to(operation).header("Authorization", "Bearer " + ServerFixture.SECRET))) {
            HttpResponse<String> answer = fixture.send(request);

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
    void unknownPathsAreUnauthorizedWithoutTokenAndNotFoundWithOne(String path) {
        HttpResponse<String> anonymous = fixture.send(fixture.anonymous(path));
        HttpResponse<String> owner = fixture.get(path);

        assertThat(anonymous.statusCode()).isIn(401, 400, 200);
        assertThat(owner.statusCode()).isIn(404, 400, 200);
        if (anonymous.statusCode() == 200) {
            assertThat(anonymous.body()).contains("\"status\":\"up\"");
        }
        if (owner.statusCode() == 404) {
            assertThat(fixture.json(owner).at("/code").textValue()).isEqualTo("not-found");
        }
    }

    @Test
    void aBrowserWithoutLoginIsRedirectedToTheLogin() {
        assertThat(fixture.send(fixture.anonymous("/tasks/00ab").header("Accept", "text/html"))
                        .headers()
                        .firstValue("Location"))
                .contains("/login?to=/tasks/00ab");
        assertThat(fixture.send(fixture.anonymous("/tasks/00ab%0d%0aX").header("Accept", "text/html"))
                        .headers()
                        .firstValue("Location"))
                .isEmpty();
        for (String page : List.of("/", "/llm-metrics")) {
            HttpResponse<String> answer = fixture.send(fixture.anonymous(page).header("Accept", "text/html,*/*"));

            assertThat(answer.statusCode()).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).contains("/login");
            assertThat(answer.body()).doesNotContain("html");
        }
    }

    @Test
    void otherMethodsAreRejected() {
        HttpResponse<String> answer =
                fixture.send(fixture.request("/api/activity").DELETE());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(fixture.json(answer).at("/code").textValue()).isEqualTo("method-not-allowed");
    }
}
