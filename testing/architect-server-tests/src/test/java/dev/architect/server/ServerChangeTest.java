package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.SessionInfo;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of some fields, each of the version that was read: tasks, budgets, session pools and settings. */
final class ServerChangeTest {

    /** The request of a prompt, as a text in JSON. */
    private static final String BYE =
            "\"{\\\"messages\\\":[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"bye\\\"}]}\"";

    private final ServerFixture fixture = new ServerFixture(TimeSource.system(), new Worker() {
        @Override
        public Set<String> types() {
            return Set.of("index");
        }

        @Override
        public String perform(TaskContext context) {
            return context.request().payload();
        }
    });

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> patch(String path, String json, String tag) {
        return fixture.send(fixture.request(path)
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", tag)
                .method("PATCH", BodyPublishers.ofString(json.replace('\'', '"'))));
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    private JsonNode changed(String path, String json, String tag) {
        HttpResponse<String> answer = patch(path, json, tag);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return fixture.json(answer);
    }

    private void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(fixture.json(answer).get("code").textValue()).isEqualTo(code);
    }

    private TaskId waiting() {
        return fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
    }

    private Task find(TaskId id) {
        return fixture.architect.tasks().find(id).orElseThrow();
    }

    @Test
    void aTaskThatWaitsIsChangedAndKeepsWhatAnotherHasChanged() {
        TaskId id = waiting();
        String path = "/api/tasks/" + id;
        String read = tag(fixture.get(path));

        Instant dueAt = TimeSource.system().wallTime().plus(Duration.ofDays(10));
        JsonNode first = changed(path, "{'priority':2,'dueAt':'" + dueAt + "'}", read);

        assertThat(first.get("priority").intValue()).isEqualTo(2);
        assertThat(find(id).dueAt().orElseThrow()).isBetween(dueAt, dueAt.plusSeconds(60));
        assertThat(first.get("prompt").textValue()).isEqualTo("hello");
        HttpResponse<String> stale = patch(path, "{'priority':1}", read);
        assertRefused(stale, 412, "stale-version");
        assertThat(fixture.json(stale).get("current")).isEqualTo(first);
        assertThat(fixture.getJson(path).get("task")).isEqualTo(first);

        HttpResponse<String> second = patch(path, "{'delay':'2h'}", tag(fixture.get(path)));
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        assertThat(tag(second)).isEqualTo(tag(fixture.get(path)));
        // Nothing is named, so nothing is changed.
        assertThat(changed(path, "{}", tag(second))).isEqualTo(fixture.json(second));
        changed(path, "{\"dueAt\":null,\"payload\":" + BYE + "}", tag(second));
        fixture.await(id);
        assertThat(fixture.getJson(path).at("/task/prompt").textValue()).isEqualTo("bye");
        assertRefused(patch(path, "{'priority':1}", tag(fixture.get(path))), 409, "not-editable");
    }

    @Test
    void attributesAreMergedByTheirNames() {
        TaskId id = fixture.submitJson(
                "{\"type\":\"index\",\"payload\":\"p\",\"attributes\":{\"a\":\"1\",\"b\":\"2\"},\"delay\":\"1h\"}");
        String path = "/api/tasks/" + id;

        JsonNode task = changed(path, "{'attributes':{'a':null,'c':'3'},'payload':'q'}", tag(fixture.get(path)));

        assertThat(task.get("attributes").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
        assertThat(task.get("payload").textValue()).isEqualTo("q");
        assertThat(find(id).request().attributes()).isEqualTo(Map.of("b", "2", "c", "3"));
        changed(path, "{'dueAt':null}", tag(fixture.get(path)));
        assertThat(fixture.await(id).output()).contains("q");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'priority':12}|priority",
                "{'dueAt':'tomorrow'}|dueAt",
                "{'dueAt':'2099-01-01T00:00:00Z'}|dueAt",
                "{'dueAt':null,'delay':'1h'}|delay",
                "{'delay':'soon'}|delay",
                "{'payload':null}|payload",
                "{'payload':'no request'}|payload",
                "{'attributes':{'a':1}}|attributes.a",
                "{'attributes':{'a':'1'}}|attributes",
                "{'state':'done'}|state",
            })
    void whatATaskCannotBecomeIsRefused(String json, String place) {
        TaskId id = waiting();
        Task before = find(id);

        HttpResponse<String> answer = patch("/api/tasks/" + id, json, "\"" + before.version() + "\"");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(ServerFixture.place(fixture.json(answer))).isEqualTo(place);
        assertThat(find(id)).isEqualTo(before);
    }

    @Test
    void aBudgetIsChangedAndKeepsWhatAnotherHasChanged() {
        String path = "/api/budgets/search";
        fixture.send(fixture.request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(
                        "{\"scope\":\"tag:team=search\",\"period\":\"month\",\"limitUsd\":25.5,\"mode\":\"soft\"}")));
        String read = tag(fixture.get(path));

        JsonNode first = changed(path, "{'limitUsd':30}", read);

        assertThat(first.get("limitUsd").decimalValue()).isEqualByComparingTo("30");
        assertThat(first.get("scope").textValue()).isEqualTo("tag:team=search");
        assertThat(first.get("mode").textValue()).isEqualTo("soft");
        assertRefused(patch(path, "{'mode':'hard'}", read), 412, "stale-version");
        JsonNode second = changed(path, "{'scope':null,'mode':null,'period':'day'}", tag(fixture.get(path)));
        assertThat(second.get("scope").textValue()).isEqualTo("all");
        assertThat(second.get("mode").textValue()).isEqualTo("hard");
        assertThat(second.get("period").textValue()).isEqualTo("day");
        String now = tag(fixture.get(path));
        for (String wrong : new String[] {"{'limitUsd':0}", "{'limitUsd':null}", "{'period':null}", "{'name':'x'}"}) {
            assertThat(patch(path, wrong, now).statusCode()).as(wrong).isEqualTo(400);
        }
        assertThat(tag(fixture.get(path))).isEqualTo(now);
        assertRefused(patch("/api/budgets/none", "{'limitUsd':1}", now), 404, "not-found");
    }

    @Test
    void limitsOfAPoolAreSetForAllNodesAndTakenBack() {
        String path = "/api/pools/llm";
        HttpResponse<String> read = fixture.get(path);
        assertThat(fixture.json(read).get("minSessions").intValue()).isEqualTo(2);
        assertThat(fixture.json(read).get("changed")).isEmpty();

        JsonNode first = changed(path, "{'minSessions':4,'slotsPerSession':16}", tag(read));

        assertThat(first.get("minSessions").intValue()).isEqualTo(4);
        assertThat(first.get("maxSessions").intValue()).isEqualTo(10);
        assertThat(first.get("changed").toString()).isEqualTo("[\"minSessions\",\"slotsPerSession\"]");
        awaitSessions(4, 16);
        awaitFirstMove();
        assertRefused(patch(path, "{'minSessions':5}", tag(read)), 412, "stale-version");
        for (String wrong : new String[] {
            "{'minSessions':11}", "{'maxSessions':3}", "{'slotsPerSession':129}", "{'minSessions':5,'maxSessions':4}"
        }) {
            assertThat(patch(path, wrong, tag(fixture.get(path))).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        JsonNode back =
                changed(path, "{'minSessions':null,'slotsPerSession':null,'maxSessions':2}", tag(fixture.get(path)));
        assertThat(back.get("changed").toString()).isEqualTo("[\"maxSessions\"]");
        awaitSessions(2, 128);
        assertThat(fixture.getJson("/api/pools").at("/pools/0/maxSessions").intValue())
                .isEqualTo(2);
    }

    /** The log is written a moment after what stands in it. */
    private void awaitFirstMove() {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        JsonNode moves = fixture.getJson("/api/pools/llm/moves").get("moves");
        while (moves.isEmpty() && System.nanoTime() < deadline) {
            moves = fixture.getJson("/api/pools/llm/moves").get("moves");
        }
        assertThat(moves.get(moves.size() - 1).get("text").textValue())
                .isEqualTo("Session llm-1 opened: the pool's minimum.");
    }

    private void awaitSessions(int count, int slots) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            if (fixture.architect.sessions().list().stream()
                            .filter(session -> session.slots() == slots)
                            .map(SessionInfo::name)
                            .count()
                    == count) {
                return;
            }
        }
        assertThat(fixture.architect.sessions().list()).hasSize(count);
    }

    @Test
    void settingsAreSetForAllNodesAndSayWhereTheyCameFrom() {
        HttpResponse<String> read = fixture.get("/api/settings");
        assertThat(fixture.json(read).get("retentionDone").isNull()).isTrue();

        JsonNode first = changed("/api/settings", "{'retentionDone':'72h','reviewWarnPerHour':50}", tag(read));

        assertThat(first.get("retentionDone").textValue()).isEqualTo("72h");
        assertThat(first.get("reviewWarnPerHour").textValue()).isEqualTo("50");
        assertThat(fixture.architect.settings().current().retention().done()).isEqualTo(Duration.ofDays(3));
        assertThat(fixture.architect.reviews().limits().perHour()).isEqualTo(50);
        assertThat(effective("retentionDone").toString())
                .contains("\"value\":\"3d\"", "\"source\":\"stored\"", "\"configured\":\"7d\"", "\"standard\":\"7d\"");
        assertThat(effective("retentionDead").get("source").textValue()).isEqualTo("standard");
        HttpResponse<String> stale = patch("/api/settings", "{'outageLimit':'1h'}", tag(read));
        assertRefused(stale, 412, "stale-version");
        assertThat(fixture.json(stale).get("current")).isEqualTo(first);
        HttpResponse<String> wrong =
                patch("/api/settings", "{'outageLimit':'1h','reviewUndo':'soon'}", tag(fixture.get("/api/settings")));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.place(fixture.json(wrong))).isEqualTo("reviewUndo");
        assertThat(fixture.getJson("/api/settings")).isEqualTo(first);
        assertThat(changed("/api/settings", "{'retentionDone':null}", tag(fixture.get("/api/settings")))
                        .get("retentionDone")
                        .isNull())
                .isTrue();
        assertThat(effective("retentionDone").get("value").textValue()).isEqualTo("7d");
        assertThat(fixture.getJson("/api/audit?operation=settings.update").get("entries"))
                .isNotEmpty();
    }

    private JsonNode effective(String name) {
        for (JsonNode each : fixture.getJson("/api/settings/effective").get("settings")) {
            if (each.get("name").textValue().equals(name)) {
                return each;
            }
        }
        throw new AssertionError(name + " is not there, expected every setting");
    }
}
