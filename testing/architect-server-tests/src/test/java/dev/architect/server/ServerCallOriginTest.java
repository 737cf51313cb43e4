package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AgentToken;
import dev.architect.access.SecretDigest;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Costs by the type of the task and by the API key that made the request, over HTTP. */
final class ServerCallOriginTest {

    private static final String CHAT = "{'model':'auto','messages':[{'role':'user','content':'hello'}]}";

    private final ServerFixture fixture = new ServerFixture();
    private final String ci = token("ci");
    private final String build = token("build");

    @AfterEach
    void close() {
        fixture.close();
    }

    private String token(String name) {
        String secret = AgentToken.PREFIX + SecretDigest.of(name);
        Instant now = TimeSource.system().wallTime();
        fixture.architect
                .access()
                .orElseThrow()
                .addToken(new AgentToken(
                        name,
                        SecretDigest.of(secret),
                        "user:ada",
                        Set.of("tasks:r", "tasks:w", "gateway:x"),
                        Set.of(),
                        Optional.empty(),
                        new AgentToken.Life(now, now.plusSeconds(3600), Optional.empty())));
        return secret;
    }

    private HttpResponse<String> post(String secret, String path, String json) {
        return fixture.send(fixture.anonymous(path)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.replace('\'', '"'))));
    }

    /** Submits a task and returns its id when its attempt has ended. */
    private TaskId done(String secret, String task) {
        HttpResponse<String> answer = post(secret, "/api/tasks", task);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        TaskId id = TaskId.parse(fixture.json(answer).get("id").textValue());
        fixture.await(id);
        return id;
    }

    /** A direct request and a task of one agent, a direct request of another one, and a task and a direct request of others. */
    private TaskId call() {
        assertThat(post(ci, "/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
        assertThat(post(build, "/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
        assertThat(post(ServerFixture.SECRET, "/v1/chat/completions", CHAT).statusCode())
                .isEqualTo(200);
        done(ServerFixture.SECRET, "{'prompt':'a','user':'eve'}");
        return done(ci, "{'prompt':'b','user':'eve'}");
    }

    private List<String> cells(String query) {
        JsonNode answer = fixture.getJson("/api/costs/breakdown?period=all&" + query);
        List<String> cells = new ArrayList<>();
        answer.get("items").forEach(item -> cells.add(item.get("values") + " " + item.get("calls")));
        return cells;
    }

    @Test
    void costsAreByTaskTypeAndKey() {
        call();

        assertThat(cells("by=task-type,key"))
                .containsExactlyInAnyOrder(
                        "{\"task-type\":\"\",\"key\":\"ci\"} 1",
                        "{\"task-type\":\"\",\"key\":\"build\"} 1",
                        "{\"task-type\":\"\",\"key\":\"\"} 1",
                        "{\"task-type\":\"prompt\",\"key\":\"ci\"} 1",
                        "{\"task-type\":\"prompt\",\"key\":\"\"} 1");
        assertThat(cells("by=key"))
                .containsExactlyInAnyOrder("{\"key\":\"\"} 2", "{\"key\":\"ci\"} 2", "{\"key\":\"build\"} 1");
        assertThat(cells("by=key,user&q=task-type:prompt"))
                .containsExactlyInAnyOrder(
                        "{\"key\":\"ci\",\"user\":\"agent:ci\"} 1", "{\"key\":\"\",\"user\":\"eve\"} 1");
        assertThat(cells("by=task-type&q=key:ci"))
                .containsExactlyInAnyOrder("{\"task-type\":\"\"} 1", "{\"task-type\":\"prompt\"} 1");
        assertThat(cells("by=task-type&key=build")).containsExactly("{\"task-type\":\"\"} 1");
    }

    @Test
    void seriesGroupsAndListsHaveThem() {
        TaskId task = call();

        JsonNode series = fixture.getJson("/api/costs/series?step=hour&period=24h&q=key:ci+taskType:prompt");
        assertThat(series.get("buckets").findValues("calls").stream()
                        .mapToInt(JsonNode::intValue)
                        .sum())
                .isOne();
        assertThat(fixture.getJson("/api/ledger/groups?by=task-type&period=all")
                        .get("groups")
                        .findValuesAsText("group"))
                .containsExactlyInAnyOrder("", "prompt");
        JsonNode calls = fixture.getJson("/api/calls?period=all&q=task-type:prompt+key:ci")
                .get("calls");
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).get("taskType").textValue()).isEqualTo("prompt");
        assertThat(calls.get(0).get("key").textValue()).isEqualTo("ci");
        assertThat(fixture.getJson("/api/calls?period=all&q=taskType:%22%22").get("calls"))
                .hasSize(3);
        JsonNode whole =
                fixture.getJson("/api/calls/" + calls.get(0).get("callId").textValue());
        assertThat(whole.get("task").textValue()).isEqualTo(task.toString());
        assertThat(whole.get("call").get("key").textValue()).isEqualTo("ci");
        assertThat(fixture.get("/api/calls?period=all").body()).doesNotContain(ci, ci.substring(4, 20));
    }

    @Test
    void onlyATokenFilesUnderTheNameOfItsAgent() {
        HttpResponse<String> task = post(ServerFixture.SECRET, "/api/tasks", "{'prompt':'a','user':'agent:ci'}");
        HttpResponse<String> chat = post(
                ServerFixture.SECRET, "/v1/chat/completions", CHAT.replace("'model'", "'user':'agent:ci','model'"));

        assertThat(task.statusCode()).isEqualTo(400);
        assertThat(task.body()).contains("user begins with 'agent:'");
        assertThat(chat.statusCode()).isEqualTo(400);
        assertThat(chat.body()).contains("user begins with 'agent:'");
        assertThat(cells("by=key")).isEmpty();
    }

    @Test
    void whatAPersonReplaysStaysTheAgents() {
        TaskId before = done(ci, "{'prompt':'b'}");

        HttpResponse<String> again = post(ServerFixture.SECRET, "/api/tasks/" + before + "/replay", "{}");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
        fixture.await(TaskId.parse(fixture.json(again).get("id").textValue()));

        assertThat(cells("by=key")).containsExactly("{\"key\":\"ci\"} 2");
    }
}
