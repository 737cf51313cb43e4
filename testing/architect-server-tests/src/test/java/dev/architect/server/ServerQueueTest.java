package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues and tenants over HTTP. */
final class ServerQueueTest {

    private static final String QUEUE = "/api/queues/reports";
    private static final String TENANT = QUEUE + "/tenants/acme";

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }

    private HttpResponse<String> send(String method, String path, String json) {
        return fixture.send(fixture.request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> submit(String tenant) throws Exception {
        return fixture.post("/api/tasks", "{\"prompt\":\"p\",\"queue\":\"reports\",\"tenant\":\"" + tenant + "\"}");
    }

    @Test
    void setsPausesBoundsAndRemoves() throws Exception {
        JsonNode unset = json(fixture.get(QUEUE));
        assertThat(unset.get("weight").asInt()).isEqualTo(1);
        assertThat(unset.get("tenant").isNull()).isTrue();
        assertThat(unset.get("maxRunning").isNull()).isTrue();

        HttpResponse<String> set = send(
                "PUT", QUEUE, "{\"weight\":2,\"maxRunning\":5,\"rate\":\"90/1m\",\"maxWaiting\":2,\"paused\":true}");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
        assertThat(json(set).get("rate").asText()).isEqualTo("90/m");
        assertThat(json(set).get("maxRunning").asInt()).isEqualTo(5);
        assertThat(json(fixture.get(QUEUE))).isEqualTo(json(set));
        assertThat(json(send("PUT", TENANT, "{\"weight\":3}")).get("tenant").asText())
                .isEqualTo("acme");

        assertThat(submit("acme").statusCode()).isEqualTo(201);
        assertThat(submit("other").statusCode()).isEqualTo(201);
        HttpResponse<String> full = submit("acme");
        assertThat(full.statusCode()).as(full.body()).isEqualTo(429);
        assertThat(json(full).get("code").asText()).isEqualTo("queue-full");
        assertThat(full.headers().firstValue("Retry-After")).contains("1");

        JsonNode all = json(fixture.get("/api/queues"));
        assertThat(all.get("settings")).hasSize(2);
        assertThat(all.get("lanes")).hasSize(2);
        assertThat(json(fixture.get("/api/lanes")).get("lanes")).isEqualTo(all.get("lanes"));
        JsonNode lane = all.get("lanes").get(0);
        assertThat(lane.get("tenant").asText()).isEqualTo("acme");
        assertThat(lane.get("weight").asInt()).isEqualTo(6);
        assertThat(lane.get("paused").asBoolean()).isTrue();
        assertThat(lane.get("waiting").asInt()).isEqualTo(1);
        assertThat(lane.get("tasks").get("ready").asInt()).isEqualTo(1);

        assertThat(json(fixture.post(TENANT + "/pause", "")).get("paused").asBoolean())
                .isTrue();
        assertThat(json(fixture.post(TENANT + "/resume", "")).get("weight").asInt())
                .isEqualTo(3);
        assertThat(send("DELETE", QUEUE, "").statusCode()).isEqualTo(200);
        assertThat(send("DELETE", QUEUE, "").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/queues/reports|{'weight':0}|weight",
                "/api/queues/reports|{'maxRunning':-1}|maxRunning",
                "/api/queues/reports|{'rate':'fast'}|rate",
                "/api/queues/reports|{'maxWaiting':0}|maxWaiting",
                "/api/queues/reports|{'paused':'yes'}|paused",
                "/api/queues/reports|{'often':1}|often",
                "/api/queues/No|{}|queue",
                "/api/queues/reports/tenants/No|{}|tenant",
            },
            quoteCharacter = '`')
    void refusesWhatCannotBeAndKeepsNothing(String path, String body, String field) throws Exception {
        HttpResponse<String> response = send("PUT", path, body.replace('\'', '"'));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(ServerFixture.place(json(response))).isEqualTo(field);
        assertThat(json(fixture.get("/api/queues")).get("settings")).isEmpty();
    }
}
