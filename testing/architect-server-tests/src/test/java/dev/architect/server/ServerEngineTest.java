package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.task.TaskId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Explanations, graphs, key limits, paused types, pools and sessions over HTTP. */
final class ServerEngineTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private HttpResponse<String> send(String method, String path, String json) {
        return fixture.send(fixture.request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"'))));
    }

    private JsonNode ok(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return fixture.json(response);
    }

    @Test
    void explainsWhereAnAttemptRan() {
        TaskId id = fixture.submitJson("{\"prompt\":\"p\",\"affinity\":\"repo-1\"}");
        fixture.await(id);

        JsonNode explanation = fixture.getJson("/api/tasks/" + id + "/explanation");

        assertThat(explanation.get("id").textValue()).isEqualTo(id.toString());
        assertThat(explanation.get("state").textValue()).isEqualTo("done");
        assertThat(explanation.get("attempts")).hasSize(1);
        JsonNode attempt = explanation.get("attempts").get(0);
        assertThat(attempt.get("node").textValue()).isEqualTo("node");
        assertThat(attempt.get("nodeReason").textValue()).isEqualTo("only-node");
        assertThat(attempt.get("sessionReason").textValue()).isEqualTo("new");
        assertThat(attempt.get("session").textValue()).isEqualTo("llm-1");
        assertThat(attempt.get("outcome").textValue()).isEqualTo("succeeded");
        assertThat(attempt.get("requests").intValue()).isEqualTo(1);
        assertThat(attempt.get("routes")).hasSize(1);
        assertThat(attempt.get("text").get(0).textValue()).startsWith("Node node (incarnation ");
    }

    @Test
    void performsAPinnedTask() {
        TaskId id = fixture.submitJson("{\"prompt\":\"p\",\"affinity\":\"repo-1\",\"pinned\":true}");
        fixture.await(id);

        JsonNode attempt = fixture.getJson("/api/tasks/" + id + "/explanation")
                .get("attempts")
                .get(0);
        assertThat(attempt.get("nodeReason").textValue()).isEqualTo("pinned");
    }

    @Test
    void submitsAGraphAndShowsParentsAndChildren() {
        JsonNode accepted = ok(
                send(
                        "POST",
                        "/api/tasks/graphs",
                        "{'tasks':[{'name':'outline','task':{'prompt':'a'}},{'name':'one','task':{'prompt':'b'}},"
                                + "{'name':'two','task':{'prompt':'c'}}],'edges':[{'parent':'outline','child':'one'},"
                                + "{'parent':'outline','child':'two','onFailure':'proceed'}]}"),
                201);
        assertThat(accepted.get("tasks")).hasSize(3);
        assertThat(accepted.get("tasks").get(0).get("name").textValue()).isEqualTo("outline");
        String outline = accepted.get("tasks").get(0).get("id").textValue();
        String two = accepted.get("tasks").get(2).get("id").textValue();
        fixture.await(TaskId.parse(two));

        JsonNode parents = fixture.getJson("/api/tasks/" + two + "/parents").get("parents");
        assertThat(parents).hasSize(1);
        assertThat(parents.get(0).get("id").textValue()).isEqualTo(outline);
        assertThat(parents.get(0).get("onFailure").textValue()).isEqualTo("proceed");
        JsonNode both = fixture.getJson("/api/tasks/" + outline + "/dependencies?limit=1");
        assertThat(both.get("parents")).isEmpty();
        assertThat(both.get("children")).hasSize(1);
        assertThat(both.get("next")).isEqualTo(both.at("/children/0/id"));
        assertThat(fixture.getJson("/api/tasks/" + two + "/dependencies")
                        .at("/parents/0/id")
                        .textValue())
                .isEqualTo(outline);
        JsonNode first = fixture.getJson("/api/tasks/" + outline + "/children?limit=1");
        assertThat(first.get("children")).hasSize(1);
        JsonNode second = fixture.getJson("/api/tasks/" + outline + "/children?limit=5&after="
                + first.get("next").textValue());
        assertThat(second.get("children")).hasSize(1);
        assertThat(second.get("children").get(0).get("id").textValue()).isEqualTo(two);
        assertThat(second.get("next").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'tasks':[]}|tasks",
                "{'tasks':[{'task':{'prompt':'a'}}]}|tasks[0].name",
                "{'tasks':[{'name':'a'}]}|tasks[0].task",
                "{'tasks':[{'name':'a','task':{'prompt':'a'}},{'name':'a','task':{'prompt':'a'}}]}|tasks[1].name",
                "{'tasks':[{'name':'a','task':{'prompt':'a','timeout':'soon'}}]}|tasks[0].task.timeout",
                "{'tasks':[{'name':'a','task':{'prompt':'a','idempotencyKey':'k'}}]}|tasks[0].task.idempotencyKey",
                "{'tasks':[{'name':'a','task':{'prompt':'a'}}],'edges':[{'parent':'a','child':'b'}]}|edges",
                "{'tasks':[{'name':'a','task':{'prompt':'a'}}],'edges':[{'parent':'a','child':'a'}]}|edges",
                "{'tasks':[{'name':'a','task':{'prompt':'a'}}],'edges':[{'child':'a'}]}|edges[0].parent",
                "{'tasks':[{'name':'a','task':{'prompt':'a'}}],'edges':[{'parent':'a','child':'a','onFailure':'no'}]}|edges[0].onFailure",
                "{'tasks':[{'name':'a','task':{'type':'none','payload':''}}]}|tasks.a.type",
                "{'tasks':[{'name':'a','task':{'prompt':'a','affinity':' '}}]}|tasks[0].task.affinity",
                "{'tasks':[{'name':'a','task':{'prompt':'a','pinned':true}}]}|tasks[0].task.pinned",
                "{'tasks':[{'name':'a','task':{'prompt':'a','pinned':'yes'}}]}|tasks[0].task.pinned",
                "{'graph':1}|graph",
            },
            quoteCharacter = '`')
    void refusesAGraphThatCannotBeAndKeepsNothing(String body, String field) {
        JsonNode error = ok(send("POST", "/api/tasks/graphs", body), 400);

        assertThat(ServerFixture.place(error)).as(error.toString()).isEqualTo(field);
        assertThat(fixture.getJson("/api/tasks").get("tasks")).isEmpty();
    }

    @Test
    void namesTheCycleOfAGraph() {
        JsonNode error = ok(
                send(
                        "POST",
                        "/api/tasks/graphs",
                        "{'tasks':[{'name':'a','task':{'prompt':'a'}},{'name':'b','task':{'prompt':'b'}}],"
                                + "'edges':[{'parent':'a','child':'b'},{'parent':'b','child':'a'}]}"),
                400);

        assertThat(error.get("detail").textValue()).contains("a -> b -> a");
    }

    @Test
    void setsListsAndRemovesLimitsOfKeys() {
        assertThat(fixture.getJson("/api/limits").get("limits")).isEmpty();
        JsonNode set = ok(send("PUT", "/api/limits", "{'project':'web','key':'repo/1 ä','maxRunning':3}"), 200);
        assertThat(set.get("maxRunning").intValue()).isEqualTo(3);
        ok(send("PUT", "/api/limits", "{'key':'repo-2','maxRunning':2}"), 200);

        JsonNode first = fixture.getJson("/api/limits?limit=1").get("limits");
        assertThat(first).hasSize(1);
        assertThat(first.get(0).get("project").textValue()).isEqualTo("default");
        JsonNode rest = fixture.getJson("/api/limits?afterProject=default&afterKey=repo-2")
                .get("limits");
        assertThat(rest).hasSize(1);
        assertThat(rest.get(0).get("key").textValue()).isEqualTo("repo/1 ä");

        JsonNode removed = ok(send("DELETE", "/api/limits?project=web&key=repo%2F1%20%C3%A4", ""), 200);
        assertThat(removed.get("maxRunning").intValue()).isEqualTo(1);
        ok(send("DELETE", "/api/limits?project=web&key=repo%2F1%20%C3%A4", ""), 404);
        assertThat(fixture.getJson("/api/limits").get("limits")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT|/api/limits|{'maxRunning':3}|key",
                "PUT|/api/limits|{'key':'k'}|maxRunning",
                "PUT|/api/limits|{'key':'k','maxRunning':0}|maxRunning",
                "PUT|/api/limits|{'key':' ','maxRunning':1}|key",
                "PUT|/api/limits|{'key':'k','maxRunning':1,'project':'No Name'}|project",
                "PUT|/api/limits|{'key':'k','maxRunning':1,'often':1}|often",
                "DELETE|/api/limits||key",
                "GET|/api/limits?afterProject=web||afterProject",
                "GET|/api/limits?limit=0||limit",
            },
            quoteCharacter = '`')
    void refusesALimitThatCannotBe(String method, String path, String body, String field) {
        JsonNode error = ok(send(method, path, body == null ? "" : body), 400);

        assertThat(ServerFixture.place(error)).as(error.toString()).isEqualTo(field);
        assertThat(fixture.getJson("/api/limits").get("limits")).isEmpty();
    }

    @Test
    void pausesAndResumesAType() {
        JsonNode paused = ok(fixture.post("/api/types/prompt/pause", ""), 200);
        assertThat(paused.get("paused").booleanValue()).isTrue();
        assertThat(paused.get("changed").booleanValue()).isTrue();
        assertThat(ok(fixture.post("/api/types/prompt/pause", ""), 200)
                        .get("changed")
                        .booleanValue())
                .isFalse();
        assertThat(fixture.getJson("/api/types").get("paused").get(0).textValue())
                .isEqualTo("prompt");
        TaskId id = fixture.submit("p");
        assertThat(fixture.getJson("/api/tasks/" + id).get("task").get("state").textValue())
                .isEqualTo("ready");

        assertThat(ok(fixture.post("/api/types/prompt/resume", ""), 200)
                        .get("paused")
                        .booleanValue())
                .isFalse();
        fixture.await(id);
        assertThat(fixture.getJson("/api/types").get("paused")).isEmpty();
        assertThat(ServerFixture.place(ok(fixture.post("/api/types/%20/pause", ""), 400)))
                .isEqualTo("type");
    }

    @Test
    void showsPoolsAndSessions() {
        JsonNode pools = fixture.getJson("/api/pools").get("pools");
        assertThat(pools).hasSize(1);
        assertThat(pools.get(0).get("kind").textValue()).isEqualTo("llm");
        assertThat(pools.get(0).get("sessionCount").intValue()).isEqualTo(2);
        assertThat(pools.get(0).get("slots").intValue()).isEqualTo(256);
        assertThat(fixture.getJson("/api/pools/llm").get("sessions")).hasSize(2);
        JsonNode sessions = fixture.getJson("/api/sessions?kind=llm&node=node").get("sessions");
        assertThat(sessions).hasSize(2);
        JsonNode one = sessions.get(0);
        assertThat(fixture.getJson("/api/sessions/" + one.get("incarnation").textValue() + "/llm-1"))
                .isEqualTo(one);
        assertThat(fixture.getJson("/api/sessions?kind=browser").get("sessions"))
                .isEmpty();
    }

    @Test
    void drainsAndRestartsASession() {
        String path = "/api/sessions/"
                + fixture.getJson("/api/sessions").at("/sessions/0/incarnation").textValue();
        assertThat(fixture.getJson(path + "/llm-1").get("state").textValue()).isEqualTo("idle");

        JsonNode drained = ok(fixture.post(path + "/llm-1/drain", ""), 200);
        assertThat(drained.get("name").textValue()).isEqualTo("llm-1");
        assertThat(drained.get("state").textValue()).isEqualTo("draining");
        awaitSessions("llm-2", "llm-3");
        ok(fixture.post(path + "/llm-3/restart", ""), 200);
        awaitSessions("llm-2", "llm-4");

        assertThat(ok(fixture.post(path + "/llm-1/drain", ""), 404)
                        .get("detail")
                        .textValue())
                .contains("session llm-1", "expected one of a living node");
        ok(fixture.post("/api/sessions/none/llm-2/restart", ""), 404);
        TaskId id = fixture.submit("p");
        fixture.await(id);
    }

    private void awaitSessions(String... expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!names().equals(List.of(expected)) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(names()).containsExactly(expected);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        fixture.getJson("/api/sessions")
                .get("sessions")
                .forEach(session -> names.add(session.get("name").textValue()));
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "/api/pools/browser,404",
        "/api/sessions/1/llm-99,404",
        "/api/sessions/none/llm-1,404",
        "/api/sessions?state=idle,400",
        "/api/tasks/0000000000001/explanation,404",
        "/api/tasks/none/explanation,404",
        "/api/tasks/none/parents,404",
        "/api/tasks/0000000000001/children,404",
        "/api/tasks/0000000000001/children?limit=0,400",
    })
    void answersWhatIsNotThereWithItsStatus(String path, int status) {
        assertThat(ok(fixture.get(path), status).get("detail").textValue()).contains("expected");
    }
}
