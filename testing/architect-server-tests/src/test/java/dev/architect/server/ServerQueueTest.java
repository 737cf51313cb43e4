package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.task.TaskId;
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

    private HttpResponse<String> patch(String path, String json, String tag) {
        return fixture.send(fixture.request(path)
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", tag)
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    @Test
    void changesSomeAndKeepsWhatAnotherHasChanged() throws Exception {
        HttpResponse<String> unset = fixture.get(QUEUE);

        HttpResponse<String> first = patch(QUEUE, "{\"weight\":3,\"maxRunning\":5,\"rate\":\"9/s\"}", tag(unset));
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(tag(first)).isEqualTo(tag(fixture.get(QUEUE))).isNotEqualTo(tag(unset));
        HttpResponse<String> stale = patch(QUEUE, "{\"maxWaiting\":1}", tag(unset));
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(json(stale).get("code").asText()).isEqualTo("stale-version");
        assertThat(json(stale).get("current")).isEqualTo(json(first));

        JsonNode second = json(patch(QUEUE, "{\"maxRunning\":null,\"weight\":null,\"maxWaiting\":7}", tag(first)));
        assertThat(second.get("weight").asInt()).isEqualTo(1);
        assertThat(second.get("maxRunning").isNull()).isTrue();
        assertThat(second.get("rate").asText()).isEqualTo("9/s");
        assertThat(second.get("maxWaiting").asInt()).isEqualTo(7);
        assertThat(json(fixture.get(QUEUE))).isEqualTo(second);
    }

    @Test
    void aLaneIsChangedByItsKey() throws Exception {
        submit("acme");
        HttpResponse<String> before = fixture.get("/api/lanes/reports:acme");

        HttpResponse<String> changed = patch("/api/lanes/reports:acme", "{\"weight\":4,\"paused\":true}", tag(before));

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(json(fixture.get(TENANT))).isEqualTo(json(changed));
        assertThat(tag(fixture.get(TENANT))).isEqualTo(tag(changed));
        JsonNode wrong = json(fixture.get("/api/lanes/reports"));
        assertThat(wrong.get("code").asText()).isEqualTo("invalid-value");
        assertThat(ServerFixture.place(wrong)).isEqualTo("key");
        assertThat(json(fixture.get("/api/lanes/reports:No")).get("detail").asText())
                .startsWith("tenant is 'No'");
    }

    @Test
    void aDrainedQueueIsWorkedOffAndRefuses() throws Exception {
        assertThat(json(fixture.post(QUEUE + "/pause", "")).get("paused").asBoolean())
                .isTrue();
        TaskId waiting = TaskId.parse(json(submit("acme")).get("id").asText());

        JsonNode drained = json(fixture.post(QUEUE + "/drain", ""));

        assertThat(drained.get("draining").asBoolean()).isTrue();
        HttpResponse<String> refused = submit("acme");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).get("code").asText()).isEqualTo("queue-draining");
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        JsonNode lane = json(fixture.get("/api/lanes")).get("lanes").get(0);
        assertThat(lane.get("draining").asBoolean()).isTrue();
        assertThat(lane.get("key").asText()).isEqualTo("reports:acme");
        assertThat(patch(QUEUE, "{\"paused\":false}", tag(fixture.get(QUEUE))).statusCode())
                .isEqualTo(200);
        fixture.await(waiting);
        assertThat(json(fixture.post(QUEUE + "/resume", "")).get("draining").asBoolean())
                .isFalse();
        assertThat(submit("acme").statusCode()).isEqualTo(201);
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
