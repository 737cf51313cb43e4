package dev.architect.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real HTTP, with a thing that is at version 7. */
final class EntityTagTest {

    private final AtomicLong version = new AtomicLong(7);
    private final Javalin server = Javalin.create(config -> {
                ErrorResponses.register(config.routes, request -> Optional.empty(), (answer, failure) -> false);
                config.routes.get("/thing", request -> {
                    EntityTag.put(request, version.get());
                    request.result("{}");
                });
                config.routes.patch("/thing", request -> {
                    long seen = EntityTag.required(request);
                    if (seen != version.get()) {
                        throw EntityTag.stale(
                                seen, version.get(), JsonResponseWriter.object().put("title", "now"), List.of("title"));
                    }
                    EntityTag.put(request, version.incrementAndGet());
                });
            })
            .start("127.0.0.1", 0);

    @AfterEach
    void stop() {
        server.stop();
    }

    private HttpResponse<String> patch(@Nullable String tag) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri()).method("PATCH", HttpRequest.BodyPublishers.noBody());
        if (tag != null) {
            request.header("If-Match", tag);
        }
        return send(request);
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.port() + "/thing");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static JsonNode problem(HttpResponse<String> answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aChangeOfTheVersionThatWasReadIsMade() {
        String read =
                send(HttpRequest.newBuilder(uri())).headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> changed = patch(read);

        assertThat(read).isEqualTo("\"7\"");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains("\"8\"");
    }

    @Test
    void aChangeOfAnOlderVersionIsRefusedWithTheThingAsItIsNow() {
        HttpResponse<String> refused = patch("\"6\"");

        JsonNode problem = problem(refused);
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(problem.get("code").asText()).isEqualTo("stale-version");
        assertThat(problem.at("/current/title").asText()).isEqualTo("now");
        assertThat(problem.get("changed")).hasSize(1);
        assertThat(problem.at("/errors/0/header").asText()).isEqualTo("If-Match");
        assertThat(problem.get("detail").asText()).contains("\"6\"", "expected \"7\"", "title");
        assertThat(version).hasValue(7);
    }

    @Test
    void aChangeOfAnUnknownVersionIsRefused() {
        HttpResponse<String> refused = patch(null);

        assertThat(refused.statusCode()).isEqualTo(428);
        assertThat(problem(refused).get("code").asText()).isEqualTo("precondition-needed");
        assertThat(version).hasValue(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "W/\"7\"", "7", "\"7\", \"8\"", "\"-7\"", "\"7777777777777777777\"", "\"\""})
    void aTagThatIsNotOneVersionIsRefused(String tag) {
        HttpResponse<String> refused = patch(tag);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(problem(refused).get("detail").asText()).contains("If-Match is '", "expected one ETag");
        assertThat(version).hasValue(7);
    }
}
