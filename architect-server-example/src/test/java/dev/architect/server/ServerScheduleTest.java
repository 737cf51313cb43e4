package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
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
