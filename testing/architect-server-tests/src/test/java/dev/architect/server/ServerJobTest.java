package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AgentToken;
import dev.architect.access.SecretDigest;
import dev.architect.error.StoreException;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportSubject;
import dev.architect.filter.Filter;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.FaultyStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs over HTTP: accepted, carried out by the node of the server, and stopped. */
final class ServerJobTest {

    private final AtomicReference<FaultyStore> store = new AtomicReference<>();
    private final ServerFixture fixture = new ServerFixture(TimeSource.system(), behind -> {
        store.set(new FaultyStore(behind));
        return store.get();
    });

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

    private ExportJob export() {
        ExportSubject tasks = new ExportSubject.Tasks(Filter.parse("type:prompt"), ZoneOffset.UTC);
        return fixture.architect
                .exports()
                .accept(fixture.architect.exports().prepare(tasks, ExportForm.JSON_LINES, "user:ada"));
    }

    @Test
    void anExportIsAJobThatStaysWhenItIsStoppedAfterItsEnd() throws InterruptedException {
        submit(3);
        JsonNode bulk = fixture.json(bulk("{'filter':'','action':'hold','startAfterSeconds':60}"));
        String path = "/api/jobs/" + export().id();

        JsonNode done = awaitEnd(path);

        assertThat(done.get("kind").textValue()).isEqualTo("export");
        assertThat(done.get("state").textValue()).isEqualTo("done");
        assertThat(done.get("of").textValue()).isEqualTo("tasks");
        assertThat(done.get("filter").textValue()).isEqualTo("type:prompt");
        assertThat(done.get("by").textValue()).isEqualTo("user:ada");
        assertThat(done.get("done").intValue()).isEqualTo(3);
        assertThat(done.get("startsAt")).isEqualTo(done.get("createdAt"));
        assertThat(bulk.get("kind").textValue()).isEqualTo("bulk");
        assertThat(fixture.getJson("/api/jobs").get("jobs")).containsExactly(done, bulk);
        assertThat(fixture.json(fixture.post(path + "/stop", ""))).isEqualTo(done);
        assertThat(fixture.get(done.get("content").textValue()).body()).hasLineCount(3);
    }

    @Test
    void anExportThatIsStoppedBeforeItsEndIsDeleted() {
        submit(3);
        store.get().set((method, call) -> {
            if (method.equals("write")) {
                throw new StoreException(StoreException.Kind.FAILED, "it takes a while", null);
            }
            return call.call();
        });
        String path = "/api/jobs/" + export().id();

        JsonNode stopped = fixture.json(fixture.post(path + "/stop", ""));

        assertThat(stopped.get("state").textValue()).isEqualTo("stopped");
        assertThat(stopped.get("endedAt").isNull()).isFalse();
        refused(fixture.get(path), 404, "not-found");
        refused(fixture.post(path + "/stop", ""), 404, "not-found");
        assertThat(fixture.getJson("/api/jobs").get("jobs")).isEmpty();
        assertThat(fixture.getJson("/api/exports").get("exports")).isEmpty();
    }

    @Test
    void anExportIsThereForWhomeverItsListIs() {
        String path = "/api/jobs/" + export().id();

        assertThat(asAgent("exports:x", "tasks:r", "GET", path)).isEqualTo(200);
        assertThat(asAgent("exports:x", "costs:r", "GET", path)).isEqualTo(404);
        assertThat(asAgent("activity:r", "tasks:r", "GET", path)).isEqualTo(404);
        assertThat(asAgent("exports:x", "costs:r", "POST", path + "/stop")).isEqualTo(404);
        assertThat(fixture.architect.exports().list()).hasSize(1);
    }

    /** The status for an agent that may see and stop jobs, and these. */
    private int asAgent(String one, String other, String method, String path) {
        Instant now = TimeSource.system().wallTime();
        String name = (one + "-" + other + "-" + method).replace(':', '-').toLowerCase(Locale.ROOT);
        String secret = AgentToken.PREFIX + SecretDigest.of(name);
        fixture.architect
                .access()
                .orElseThrow()
                .addToken(new AgentToken(
                        name,
                        SecretDigest.of(secret),
                        "user:ada",
                        Set.of("jobs:r", "jobs:x", one, other),
                        Set.of(),
                        Optional.empty(),
                        new AgentToken.Life(now, now.plusSeconds(3600), Optional.empty())));
        return fixture.send(fixture.anonymous(path)
                        .header("Authorization", "Bearer " + secret)
                        .method(method, HttpRequest.BodyPublishers.noBody()))
                .statusCode();
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
