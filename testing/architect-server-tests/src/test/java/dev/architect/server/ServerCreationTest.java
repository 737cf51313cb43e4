package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.project.Actor;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creations that are repeated with their key. */
final class ServerCreationTest {

    private static final int THREADS = 64;
    private static final int REPEATS = 16;

    private static ServerFixture fixture;
    private static int made;

    private String project = "";
    private String items = "";

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void makeProject() {
        project = newProject();
        items = "/api/projects/" + project + "/items";
    }

    private static String newProject() {
        String name = "shop" + made;
        fixture.architect
                .projects()
                .create(
                        new ProjectId(name),
                        "SHOP" + (char) ('A' + made),
                        ProjectDraft.of("Shop"),
                        new Actor(Actor.Kind.PERSON, "ada"));
        made++;
        return name;
    }

    private HttpResponse<String> post(String path, String key, String body) {
        return fixture.send(fixture.request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key.isEmpty() ? key : key + project)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode listed() {
        return fixture.getJson(items).get("items");
    }

    @Test
    void ofAThousandRepetitionsAtOnceOneCreates() throws Exception {
        ConcurrentLinkedQueue<String> created = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    for (int repeat = 0; repeat < REPEATS; repeat++) {
                        HttpResponse<String> answer = post(items, "once", "{\"title\":\"Login\"}");
                        boolean isRunning = answer.statusCode() == 409
                                && answer.headers().firstValue("Retry-After").equals(Optional.of("1"))
                                && answer.body().contains("in-progress");
                        if (answer.statusCode() == 201) {
                            created.add(answer.body());
                        } else if (!isRunning) {
                            others.add(answer.statusCode() + " " + answer.body());
                        }
                    }
                } catch (Exception failure) {
                    others.add(failure.toString());
                }
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(others).isEmpty();
        assertThat(Set.copyOf(created)).hasSize(1);
        assertThat(listed()).hasSize(1);
    }

    @Test
    void theKeyIsOfItsCallerOperationAndPlace() {
        String body = "{\"title\":\"Login\"}";

        assertThat(post(items, "k", body).statusCode()).isEqualTo(201);
        assertThat(post(items.replace(project, newProject()), "k", body).statusCode())
                .isEqualTo(422);
        HttpResponse<String> milestone = post("/api/projects/" + project + "/milestones", "k", "{\"title\":\"Beta\"}");
        HttpResponse<String> byAda = fixture.send(fixture.anonymous(items)
                .header("Cookie", fixture.login(ServerFixture.USER, ServerFixture.PASSWORD))
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k" + project)
                .POST(HttpRequest.BodyPublishers.ofString(body)));

        assertThat(milestone.statusCode()).as(milestone.body()).isEqualTo(201);
        assertThat(byAda.statusCode()).as(byAda.body()).isEqualTo(201);
        assertThat(byAda.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(listed()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words"})
    void refusesKeysThatAreNone(String key) {
        HttpResponse<String> answer = post(items, key, "{\"title\":\"Login\"}");

        JsonNode problem = fixture.json(answer);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problem.get("code").textValue()).isEqualTo("invalid-idempotency-key");
        assertThat(ServerFixture.place(problem)).isEqualTo("Idempotency-Key");
        assertThat(problem.get("detail").textValue())
                .startsWith("Idempotency-Key ")
                .contains("expected");
        assertThat(listed()).isEmpty();
    }

    @Test
    void aRefusedCreationKeepsNoAnswer() {
        HttpResponse<String> refused = post(items, "k", "{\"title\":\"Login\",\"column\":\"nowhere\"}");
        HttpResponse<String> right = post(items, "k", "{\"title\":\"Login\"}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(right.statusCode()).isEqualTo(201);
        assertThat(right.headers().firstValue("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void aRepetitionIsAnsweredAsTheFirstAfterAChange() {
        HttpResponse<String> first = post(items, "k", "{\"title\":\"Login\"}");
        fixture.send(
                fixture.request("/api/items/" + fixture.json(first).get("id").textValue())
                        .header("Content-Type", "application/merge-patch+json")
                        .header("If-Match", "\"1\"")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"title\":\"Sign in\"}")));

        assertThat(post(items, "k", "{\"title\":\"Login\"}").body()).isEqualTo(first.body());
        assertThat(listed().findValuesAsText("title").stream().collect(Collectors.toSet()))
                .containsExactly("Sign in");
    }

    @Test
    void theSecretOfATokenIsInTheFirstAnswerAlone() {
        String body = "{\"name\":\"build\",\"scopes\":[\"tasks:r\"],\"expiresInSeconds\":3600}";

        JsonNode first = fixture.json(post("/api/tokens", "k", body));
        JsonNode again = fixture.json(post("/api/tokens", "k", body));

        assertThat(first.get("secret").textValue()).startsWith("arc_");
        assertThat(again.has("secret")).isFalse();
        assertThat(again.get("name").textValue()).isEqualTo("build");
    }
}
