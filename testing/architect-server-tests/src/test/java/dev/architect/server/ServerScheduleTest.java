package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules over HTTP. */
final class ServerScheduleTest {

    private static final String NIGHTLY = "{\"name\":\"nightly\",\"cron\":\"30 2 * * *\",\"zone\":\"Europe/Berlin\","
            + "\"catchUp\":\"all\",\"catchUpLimit\":3,\"task\":{\"prompt\":\"Summarise\",\"project\":\"shop\"}}";

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void makesChangesPausesRunsAndDeletes() throws Exception {
        HttpResponse<String> made = fixture.post("/api/schedules", NIGHTLY);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/api/schedules/nightly");
        JsonNode schedule = json(made);
        assertThat(schedule.get("cron").asText()).isEqualTo("30 2 * * *");
        assertThat(schedule.get("zone").asText()).isEqualTo("Europe/Berlin");
        assertThat(schedule.get("catchUp").asText()).isEqualTo("all");
        assertThat(schedule.get("catchUpLimit").asInt()).isEqualTo(3);
        assertThat(schedule.get("type").asText()).isEqualTo("prompt");
        assertThat(schedule.get("project").asText()).isEqualTo("shop");
        assertThat(schedule.get("next").asText()).isNotEmpty();
        assertThat(made.body()).doesNotContain("Summarise");

        assertThat(fixture.post("/api/schedules", NIGHTLY).statusCode()).isEqualTo(200);
        assertThat(json(fixture.get("/api/schedules/nightly"))).isEqualTo(schedule);
        assertThat(json(fixture.get("/api/schedules")).get("schedules")).hasSize(1);
        assertThat(json(fixture.get("/api/schedules/nightly/next?count=4")).get("next"))
                .hasSize(4);
        JsonNode paused = json(fixture.post("/api/schedules/nightly/pause", ""));
        assertThat(paused.get("paused").asBoolean()).isTrue();
        assertThat(paused.get("next").isNull()).isTrue();
        HttpResponse<String> run = fixture.post("/api/schedules/nightly/run", "");
        assertThat(run.statusCode()).isEqualTo(201);
        String task = json(run).get("id").asText();
        assertThat(fixture.get("/api/tasks/" + task).statusCode()).isEqualTo(200);
        JsonNode runs = json(fixture.get("/api/schedules/nightly/runs")).get("runs");
        assertThat(runs).hasSize(1);
        assertThat(runs.get(0).get("task").asText()).isEqualTo(task);
        assertThat(json(fixture.post("/api/schedules/nightly/resume", "")).get("next"))
                .isEqualTo(schedule.get("next"));
        assertThat(fixture.post("/api/schedules/nightly/delete", "").statusCode())
                .isEqualTo(200);
        assertThat(fixture.get("/api/schedules/nightly").statusCode()).isEqualTo(404);
        assertThat(fixture.post("/api/schedules/nightly/run", "").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> change(String method, String path, String tag, String body) {
        HttpRequest.Builder request = fixture.request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return fixture.send(tag.isEmpty() ? request : request.header("If-Match", tag));
    }

    private String tag() {
        return fixture.get("/api/schedules/nightly")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    @Test
    void changesSomeFieldsOfTheVersionThatWasSeen() throws Exception {
        fixture.post("/api/schedules", NIGHTLY);
        String one = "/api/schedules/nightly";
        String first = tag();

        HttpResponse<String> changed = change("PATCH", one, first, "{\"cron\":\"0 4 * * *\",\"catchUp\":\"last\"}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains(tag());
        assertThat(json(changed).get("cron").asText()).isEqualTo("0 4 * * *");
        assertThat(json(changed).get("zone").asText()).isEqualTo("Europe/Berlin");
        assertThat(json(changed).get("catchUp").asText()).isEqualTo("last");
        assertThat(json(changed).get("project").asText()).isEqualTo("shop");

        HttpResponse<String> stale = change("PATCH", one, first, "{\"cron\":\"0 5 * * *\"}");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(json(stale).at("/current/cron").asText()).isEqualTo("0 4 * * *");
        assertThat(change("PATCH", one, "", "{\"cron\":\"0 5 * * *\"}").statusCode())
                .isEqualTo(428);

        JsonNode interval = json(change("PATCH", one, tag(), "{\"every\":\"2h\",\"task\":{\"prompt\":\"y\"}}"));
        assertThat(interval.get("every").asText()).isEqualTo("PT2H");
        assertThat(interval.get("cron").isNull()).isTrue();
        assertThat(interval.get("project").asText()).isEqualTo("default");

        assertThat(change("DELETE", one, first, "").statusCode()).isEqualTo(412);
        assertThat(json(fixture.get(one)).get("every").asText()).isEqualTo("PT2H");
        assertThat(change("DELETE", one, tag(), "").statusCode()).isEqualTo(200);
        assertThat(fixture.get(one).statusCode()).isEqualTo(404);
        assertThat(change("DELETE", one, first, "").statusCode()).isEqualTo(404);
    }

    @Test
    void ofManyChangesOfOneVersionOneIsMade() throws Exception {
        fixture.post("/api/schedules", NIGHTLY);
        String seen = tag();
        Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
        List<Thread> editors = IntStream.range(0, 50)
                .mapToObj(i -> new Thread(() -> statuses.add(change(
                                i == 25 ? "DELETE" : "PATCH",
                                "/api/schedules/nightly",
                                seen,
                                i == 25 ? "" : "{\"cron\":\"" + i + " 4 * * *\"}")
                        .statusCode())))
                .toList();
        editors.forEach(Thread::start);
        for (Thread editor : editors) {
            editor.join();
        }

        assertThat(statuses).hasSize(50).filteredOn(status -> status == 200).hasSize(1);
        assertThat(statuses).isSubsetOf(200, 412, 404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'cron':'0 25 * * *'}|cron",
                "{'cron':null}|cron",
                "{'cron':'* * * * *','every':'1h'}|cron",
                "{'zone':'Mars'}|zone",
                "{'task':null}|task",
                "{'task':{'type':'unknown'}}|task.type",
                "{'catchUp':'all'}|catchUpLimit",
                "{'name':'other'}|name",
            },
            quoteCharacter = '`')
    void refusesAChangeThatCannotBeAndKeepsWhatWas(String body, String field) throws Exception {
        fixture.post("/api/schedules", NIGHTLY);
        JsonNode before = json(fixture.get("/api/schedules/nightly"));

        HttpResponse<String> response = change("PATCH", "/api/schedules/nightly", tag(), body.replace('\'', '"'));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(ServerFixture.place(json(response))).isEqualTo(field);
        assertThat(json(fixture.get("/api/schedules/nightly"))).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'name':'n','cron':'0 25 * * *','task':{'prompt':'p'}}|cron",
                "{'name':'n','cron':'* * * * *','zone':'Mars','task':{'prompt':'p'}}|zone",
                "{'name':'n','every':'0s','task':{'prompt':'p'}}|every",
                "{'name':'n','task':{'prompt':'p'}}|cron",
                "{'name':'','every':'1h','task':{'prompt':'p'}}|name",
                "{'every':'1h','task':{'prompt':'p'}}|name",
                "{'name':'n','every':'1h'}|task",
                "{'name':'n','every':'1h','task':{'prompt':'p','idempotencyKey':'k'}}|task.idempotencyKey",
                "{'name':'n','every':'1h','task':{'type':'unknown'}}|task.type",
                "{'name':'n','every':'1h','task':{}}|task.prompt",
                "{'name':'n','every':'1h','catchUp':'all','task':{'prompt':'p'}}|catchUpLimit",
                "{'name':'n','every':'1h','often':true,'task':{'prompt':'p'}}|often",
            },
            quoteCharacter = '`')
    void refusesWhatCannotBeAndKeepsNothing(String body, String field) throws Exception {
        HttpResponse<String> response = fixture.post("/api/schedules", body.replace('\'', '"'));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(ServerFixture.place(json(response))).isEqualTo(field);
        assertThat(json(fixture.get("/api/schedules")).get("schedules")).isEmpty();
    }
}
