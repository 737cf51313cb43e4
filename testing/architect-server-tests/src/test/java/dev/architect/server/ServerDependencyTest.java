package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AgentToken;
import dev.architect.access.SecretDigest;
import dev.architect.project.ProjectId;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The parents of a task over HTTP. */
final class ServerDependencyTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private TaskId waiting(String project) {
        return fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\",\"project\":\"" + project + "\"}");
    }

    private static String path(TaskId id) {
        return "/api/tasks/" + id + "/dependencies";
    }

    private String tag(TaskId id) {
        return fixture.get(path(id)).headers().firstValue("ETag").orElseThrow();
    }

    private HttpResponse<String> put(String secret, TaskId id, String tag, String parents) {
        return fixture.send(fixture.anonymous(path(id))
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .header("If-Match", tag)
                .PUT(BodyPublishers.ofString("{\"parents\":[" + parents + "]}")));
    }

    private HttpResponse<String> put(TaskId id, String tag, String parents) {
        return put(ServerFixture.SECRET, id, tag, parents);
    }

    private static String parent(TaskId id) {
        return "{\"task\":\"" + id + "\"}";
    }

    private JsonNode refused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = fixture.json(answer);
        assertThat(problem.get("code").textValue()).isEqualTo(code);
        return problem;
    }

    private TaskState stateOf(TaskId id) {
        return fixture.architect.tasks().find(id).orElseThrow().state();
    }

    @Test
    void parentsAreReplacedOfTheVersionThatWasRead() {
        TaskId parent = waiting("default");
        TaskId child = waiting("default");
        String seen = tag(child);

        HttpResponse<String> changed = put(child, seen, parent(parent));

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains(tag(child));
        assertThat(fixture.json(changed)).isEqualTo(fixture.getJson(path(child)));
        JsonNode link = fixture.json(changed).at("/parents/0");
        assertThat(link.get("id").textValue()).isEqualTo(parent.toString());
        assertThat(link.get("onFailure").textValue()).isEqualTo("block");
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
        JsonNode stale = refused(put(child, seen, ""), 412, "stale-version");
        assertThat(stale.at("/current/state").textValue()).isEqualTo("blocked");
        assertThat(put(child, tag(child), "").statusCode()).isEqualTo(200);
        assertThat(stateOf(child)).isEqualTo(TaskState.SCHEDULED);
        // It is written by a thread of its own.
        while (!fixture.getJson("/api/activity?kind=task-edited").toString().contains("Task was changed: parents.")) {
            Thread.onSpinWait();
        }
        HttpResponse<String> without = fixture.send(fixture.request(path(child))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"parents\":[]}")));
        refused(without, 428, "precondition-needed");
    }

    @Test
    void whatCannotBeWaitedForIsRefused() {
        TaskId parent = waiting("default");
        TaskId child = waiting("default");
        assertThat(put(child, tag(child), parent(parent)).statusCode()).isEqualTo(200);

        JsonNode cycle = refused(put(parent, tag(parent), parent(child)), 422, "cycle");
        assertThat(cycle.get("detail").textValue()).contains(parent + " -> " + child + " -> " + parent);
        refused(put(child, tag(child), "{\"task\":\"0000000000001\"}"), 404, "not-found");
        refused(put(child, tag(child), "{\"task\":\"here\"}"), 404, "not-found");
        refused(put(child, tag(child), parent(parent) + "," + parent(parent)), 400, "invalid-value");
        refused(put(child, tag(child), "{\"task\":\"" + parent + "\",\"onFailure\":\"stop\"}"), 400, "invalid-value");
        refused(put(child, tag(child), "{\"id\":\"" + parent + "\"}"), 400, "unknown-field");
        TaskId ended = fixture.submit("hello");
        fixture.await(ended);
        refused(put(ended, tag(ended), parent(parent)), 409, "not-editable");
        assertThat(stateOf(child)).isEqualTo(TaskState.BLOCKED);
    }

    @Test
    void whatBelongsToAnotherProjectIsNotThere() {
        TaskId own = waiting("web");
        TaskId foreign = waiting("shop");
        TaskId child = waiting("web");
        Instant now = TimeSource.system().wallTime();
        String secret = AgentToken.PREFIX + SecretDigest.of("planner");
        fixture.architect
                .access()
                .orElseThrow()
                .addToken(new AgentToken(
                        "planner",
                        SecretDigest.of(secret),
                        "user:ada",
                        Set.of("tasks:r", "tasks:w"),
                        Set.of(new ProjectId("web")),
                        Optional.empty(),
                        new AgentToken.Life(now, now.plusSeconds(3600), Optional.empty())));

        refused(put(secret, child, tag(child), parent(foreign)), 404, "not-found");
        refused(put(secret, foreign, tag(foreign), parent(own)), 404, "not-found");
        assertThat(put(secret, child, tag(child), parent(own)).statusCode()).isEqualTo(200);
    }
}
