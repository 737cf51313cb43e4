package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.access.User;
import dev.architect.runtime.AccessToken;
import dev.architect.server.operation.Permission.Access;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose store has no user. */
final class ServerSetUpTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Architect architect = Architect.builder()
            .store(new InMemoryStore(TimeSource.system()))
            .router((providers, clock) -> new FakeRouter(TimeSource.system()))
            .build();
    private final ArchitectServer server = builder().start();

    private ArchitectServer.Builder builder() {
        return ArchitectServer.builder(architect, AccessToken.of(ServerFixture.SECRET))
                .port(0)
                .passwords(ServerFixture.HASHER);
    }

    @AfterEach
    void close() {
        server.close();
        architect.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder claim(String token, String name, String password) {
        String body = "{\"token\":\"%s\",\"name\":\"%s\",\"password\":\"%s\"}".formatted(token, name, password);
        return to("/setup").header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private List<String> users() {
        return architect.access().orElseThrow().users().stream().map(User::name).toList();
    }

    @Test
    void everyRouteAnswersThatItIsNotSetUp() throws Exception {
        int asked = 0;
        for (var operation : server.operations()) {
            if (operation.permission().access() == Access.PUBLIC) {
                continue;
            }
            String path = operation.path().replaceAll("\\{[^}]+}", "x");
            for (String authorization : List.of("", "Bearer " + "0".repeat(64), "Bearer arc_" + "0".repeat(64))) {
                HttpRequest.Builder request = to(path).method(operation.method().name(), BodyPublishers.noBody());
                if (!authorization.isEmpty()) {
                    request.header("Authorization", authorization);
                }
                HttpResponse<String> answer = send(request);
                assertThat(answer.statusCode())
                        .as("%s %s", operation, authorization)
                        .isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After"))
                        .as("%s", operation)
                        .isPresent();
                if (operation.ownErrors().isEmpty()) {
                    assertThat(answer.body()).contains("setup-needed");
                }
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(300);
        assertThat(send(to("/nothing")).statusCode()).isEqualTo(503);
        assertThat(send(to("/health")).statusCode()).isEqualTo(200);
        assertThat(send(to("/api/setup")).body()).contains("true");
    }

    @Test
    void aBrowserIsLedToTheSetUpAndTheHolderOfTheTokenIsServed() throws Exception {
        HttpResponse<String> browser = send(to("/tasks/00ab").header("Accept", "text/html"));

        assertThat(browser.statusCode()).isEqualTo(303);
        assertThat(browser.headers().firstValue("Location")).contains("/setup");
        String bearer = "Bearer " + ServerFixture.SECRET;
        assertThat(send(to("/api/status").header("Authorization", bearer)).statusCode())
                .isEqualTo(200);
        assertThat(send(to("/api/users").header("Authorization", bearer)).statusCode())
                .as("users are for people")
                .isEqualTo(403);
    }

    @Test
    void theHolderOfTheTokenBecomesTheFirstAdminAndIsLoggedIn() throws Exception {
        HttpResponse<String> answer = send(claim(ServerFixture.SECRET, "ada", ServerFixture.PASSWORD));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        assertThat(send(to("/api/me").header("Cookie", cookie)).body())
                .contains("\"actor\":\"user:ada\"", "\"admin\"", "users:w");
        assertThat(send(to("/api/status")).statusCode()).isEqualTo(401);
        assertThat(send(to("/api/setup")).body()).contains("false");
        HttpResponse<String> again = send(claim(ServerFixture.SECRET, "eve", ServerFixture.PASSWORD));
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("set-up-done");
        assertThat(users()).containsExactly("ada");
        assertThat(send(to("/api/status").header("Authorization", "Bearer " + ServerFixture.SECRET))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void ofManyClaimantsExactlyOneWins() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(client.sendAsync(
                    claim(ServerFixture.SECRET, "claimant" + i, ServerFixture.PASSWORD)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }

        List<Integer> statuses = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> each : all) {
            statuses.add(each.get().statusCode());
        }

        assertThat(statuses).filteredOn(status -> status == 204).hasSize(1);
        assertThat(statuses).allMatch(status -> status == 204 || status == 409);
        assertThat(users()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"peace5", "architect", "password12345678", "qwertyuiopasdfgh", "claimantclaimant"})
    void passwordsThatAreGuessedFirstAreRefused(String password) throws Exception {
        HttpResponse<String> answer = send(claim(ServerFixture.SECRET, "claimant", password));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"/password\"").doesNotContain(password + "\"");
        assertThat(users()).isEmpty();
    }

    @Test
    void aWrongTokenIsRefusedAndGuessesAreLimited() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(send(claim("guess" + i, "eve", ServerFixture.PASSWORD)).statusCode())
                    .isEqualTo(401);
        }
        HttpResponse<String> sixth = send(claim(ServerFixture.SECRET, "eve", ServerFixture.PASSWORD));
        assertThat(sixth.statusCode()).isEqualTo(429);
        assertThat(users()).isEmpty();
        HttpResponse<String> foreign = send(
                claim(ServerFixture.SECRET, "eve", ServerFixture.PASSWORD).header("Origin", "http://evil.example"));
        assertThat(foreign.statusCode()).isEqualTo(403);
    }

    @Test
    void aPasswordOfTheOperatorSetsTheServerUpWithoutABrowser() throws Exception {
        assertThatThrownBy(() -> builder().adminPassword("peace5").start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the admin's password has 6 characters, expected at least 15");
        assertThat(users()).isEmpty();

        builder().adminPassword(ServerFixture.PASSWORD).start().close();
        assertThat(users()).containsExactly("admin");
        builder().adminPassword("another good one of mine").start().close();
        String kept =
                architect.access().orElseThrow().user("admin").orElseThrow().passwordHash();
        assertThat(ServerFixture.HASHER.matches(ServerFixture.PASSWORD, kept)).isTrue();
    }
}
