package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.task.TaskState;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs over HTTP: accepted, carried out by the node of the server, and stopped. */
final class ServerJobTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> bulk(String body) {
        return fixture.post("/api/tasks/bulk", body.replace('\'', '"'));
    }

    private void submit(int count) {
        for (int i = 0; i < count; i++) {
            fixture.submitJson("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        }
    }

    private JsonNode refused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = fixture.json(answer);
        assertThat(problem.get("code").textValue()).as(answer.body()).isEqualTo(code);
        return problem;
    }

    private JsonNode awaitEnd(String path) throws InterruptedException {
        JsonNode job = fixture.json(fixture.get(path));
        while (job.get("endedAt").isNull()) {
            LockSupport.parkNanos(1_000_000);
            job = fixture.json(fixture.get(path));
        }
        return job;
    }

    @Test
    void carriesOutAJob() throws InterruptedException {
        submit(3);

        HttpResponse<String> accepted =
                bulk("{'filter':'type:prompt created:-1h','action':'cancel','expectedCount':3}");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        JsonNode job = fixture.json(accepted);
        String path = accepted.headers().firstValue("Location").orElseThrow();
        JsonNode done = awaitEnd(path);

        assertThat(path).isEqualTo("/api/jobs/" + job.get("id").textValue());
        assertThat(job.get("state").textValue()).isEqualTo("waiting");
        assertThat(done.get("state").textValue()).isEqualTo("done");
        assertThat(done.get("total").intValue()).isEqualTo(3);
        assertThat(done.get("done").intValue()).isEqualTo(3);
        assertThat(done.get("filter").textValue()).isEqualTo("type:prompt created:-1h");
        assertThat(fixture.architect.tasks().counts()).isEqualTo(Map.of(TaskState.CANCELLED, 3L));
        assertThat(fixture.json(fixture.get("/api/jobs")).get("jobs")).containsExactly(done);
    }

    @Test
    void isStoppedBeforeItStarts() {
        submit(2);
        JsonNode job = fixture.json(
                bulk("{'filter':'','action':'priority','arguments':{'priority':2},'startAfterSeconds':60}"));

        JsonNode stopped =
                fixture.json(fixture.post("/api/jobs/" + job.get("id").textValue() + "/stop", ""));

        assertThat(stopped.get("state").textValue()).isEqualTo("stopped");
        assertThat(stopped.get("done").intValue()).isZero();
        assertThat(stopped.get("priority").intValue()).isEqualTo(2);
    }

    @Test
    void countsAndRefuses() {
        submit(2);

        assertThat(fixture.json(bulk("{'filter':'-type:other','action':'hold','dryRun':true}"))
                        .toString())
                .isEqualTo("{\"total\":2,\"dryRun\":true}");
        assertThat(ServerFixture.place(refused(
                        bulk("{'filter':'','action':'cancel','expectedCount':1}"), 422, "expected-count-differs")))
                .isEqualTo("expectedCount");
        refused(bulk("{'filter':'label:a','action':'cancel'}"), 400, "unknown-filter");
        refused(bulk("{'filter':'state:','action':'cancel'}"), 400, "invalid-value");
        refused(bulk("{'filter':'state:done','action':'cancel'}"), 400, "invalid-value");
        refused(bulk("{'filter':'type:a','action':'redrive'}"), 400, "invalid-value");
        refused(bulk("{'filter':'','action':'priority'}"), 400, "invalid-value");
        refused(bulk("{'filter':'','action':'cancel','startAfterSeconds':61}"), 400, "invalid-value");
        refused(bulk("{'filter':'','action':'cancel','arguments':{'level':1}}"), 400, "unknown-field");
        refused(fixture.get("/api/jobs/none"), 404, "not-found");
        refused(fixture.post("/api/jobs/none/stop", ""), 404, "not-found");
        assertThat(fixture.json(fixture.get("/api/jobs")).get("jobs")).isEmpty();
        assertThat(fixture.architect.tasks().counts()).isEqualTo(Map.of(TaskState.SCHEDULED, 2L));
    }
}
