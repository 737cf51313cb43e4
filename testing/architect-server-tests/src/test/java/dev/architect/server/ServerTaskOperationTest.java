package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.NeedsInputException;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.FaultyStore;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holding, resuming, redriving, forced cancellation, idempotency keys and health over HTTP. */
final class ServerTaskOperationTest {

    private static final String ASK = "{\"type\":\"ask\",\"payload\":\"p\",\"maxAttempts\":1}";

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicReference<FaultyStore> store = new AtomicReference<>();
    private final ServerFixture fixture = new ServerFixture(
            TimeSource.system(),
            memory -> {
                store.set(new FaultyStore(memory));
                return store.get();
            },
            new AskingWorker(release));

    /** Asks for an input, or does what its payload says. */
    private record AskingWorker(CountDownLatch release) implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("ask");
        }

        @Override
        public String perform(TaskContext context) throws InterruptedException {
            switch (context.request().payload()) {
                case "write" -> {
                    context.output("step 1");
                    context.output("step <2>");
                    return "written";
                }
                case "fail" -> throw new ArchitectException("no such branch");
                case "block" -> {
                    boolean isReleased = false;
                    while (!isReleased) {
                        try {
                            isReleased = release.await(60, TimeUnit.SECONDS);
                        } catch (InterruptedException ignored) {
                            continue;
                        }
                    }
                    return "late";
                }
                default -> {
                    return context.input().orElseThrow(() -> new NeedsInputException("which branch?"));
                }
            }
        }
    }

    @AfterEach
    void close() {
        release.countDown();
        store.get().heal();
        fixture.close();
    }

    private TaskId submit(String body) {
        HttpResponse<String> answer = fixture.post("/api/tasks", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return TaskId.parse(fixture.json(answer).get("id").textValue());
    }

    private void awaitState(TaskId id, TaskState state) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (fixture.architect.tasks().find(id).orElseThrow().state() != state) {
            assertThat(System.nanoTime()).as("deadline for " + state).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private JsonNode error(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = fixture.json(answer);
        assertThat(error.get("code").textValue()).isEqualTo(code);
        return error;
    }

    @Test
    void showsWhatAnAttemptHasWrittenAndGoesOnWhereItWasRead() {
        TaskId id = submit("{\"type\":\"ask\",\"payload\":\"write\"}");
        fixture.await(id);

        JsonNode written = fixture.getJson("/api/tasks/" + id + "/logs");
        String first = written.at("/logs/0/number").textValue();
        JsonNode rest = fixture.getJson("/api/tasks/" + id + "/logs?after=" + first);
        JsonNode none = fixture.getJson(
                "/api/tasks/" + id + "/logs?after=" + written.get("next").textValue());

        assertThat(written.get("logs"))
                .extracting(each -> each.get("text").textValue())
                .containsExactly("step 1", "step <2>");
        assertThat(written.at("/logs/0/epoch").longValue()).isEqualTo(1);
        assertThat(rest.get("logs"))
                .extracting(each -> each.get("text").textValue())
                .containsExactly("step <2>");
        assertThat(none.get("logs")).isEmpty();
        assertThat(none.get("next").isNull()).isTrue();
        error(fixture.get("/api/tasks/" + id + "/logs?after=first"), 400, "invalid-value");
        error(fixture.get("/api/tasks/0000000000000/logs"), 404, "not-found");
    }

    @Test
    void replaysAPromptOnAnotherModelAsANewTask() {
        TaskId first = submit("{\"prompt\":\"hello\",\"project\":\"web\",\"tags\":{\"team\":\"search\"},\"priority\":3,"
                + "\"delay\":\"1h\",\"uniqueKey\":\"once\"}");

        HttpResponse<String> answer = fixture.post(
                "/api/tasks/" + first + "/replay", "{\"model\":\"claude/claude-sonnet\",\"quality\":\"high\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        TaskId second = TaskId.parse(fixture.json(answer).get("id").textValue());
        fixture.await(second);
        JsonNode task = fixture.getJson("/api/tasks/" + second).get("task");
        assertThat(second).isNotEqualTo(first);
        assertThat(task.get("prompt").textValue()).isEqualTo("hello");
        assertThat(task.get("project").textValue()).isEqualTo("web");
        assertThat(task.at("/tags/team").textValue()).isEqualTo("search");
        assertThat(task.at("/request/model").textValue()).isEqualTo("claude/claude-sonnet");
        assertThat(task.at("/request/quality").textValue()).isEqualTo("high");
        assertThat(fixture.architect.tasks().find(first).orElseThrow().state()).isEqualTo(TaskState.SCHEDULED);

        String ask = "/api/tasks/" + submit(ASK) + "/replay";
        assertThat(fixture.post(ask, "").statusCode()).isEqualTo(201);
        assertThat(error(fixture.post(ask, "{\"model\":\"claude/claude-sonnet\"}"), 400, "invalid-value")
                        .get("detail")
                        .textValue())
                .isEqualTo("model is given for a task of type ask, expected one of a prompt only");
        error(fixture.post("/api/tasks/" + first + "/replay", "{\"model\":\"claude\"}"), 400, "invalid-value");
    }

    @Test
    void asksAProviderForAPerson() {
        JsonNode usable = fixture.json(fixture.post("/api/providers/claude/test", ""));
        JsonNode refused = fixture.json(fixture.post("/api/providers/ollama/test", ""));

        assertThat(usable.get("usable").booleanValue()).isTrue();
        assertThat(usable.get("latencyMs").decimalValue()).isEqualByComparingTo("12");
        assertThat(refused.get("provider").textValue()).isEqualTo("ollama");
        assertThat(refused.get("reachable").booleanValue()).isTrue();
        assertThat(refused.get("usable").booleanValue()).isFalse();
        assertThat(refused.get("detail").textValue()).isEqualTo("HTTP 401: no such key");
        error(fixture.post("/api/providers/olama/test", ""), 404, "not-found");
    }

    @Test
    void showsTheQuestionOfAHeldTaskAndTakesTheAnswer() {
        TaskId id = submit(ASK);
        awaitState(id, TaskState.HELD);

        JsonNode held = fixture.getJson("/api/tasks/" + id);
        HttpResponse<String> resumed = fixture.post("/api/tasks/" + id + "/resume", "{\"input\":\"main\"}");

        assertThat(held.at("/task/state").textValue()).isEqualTo("held");
        assertThat(held.get("question").textValue()).isEqualTo("which branch?");
        assertThat(held.at("/attempts/0/outcome").textValue()).isEqualTo("needs-input");
        assertThat(resumed.statusCode()).isEqualTo(200);
        assertThat(fixture.await(id).output()).contains("main");
        assertThat(fixture.getJson("/api/tasks/" + id).get("question").isNull()).isTrue();
        assertThat(fixture.getJson("/api/tasks?state=held").get("tasks")).isEmpty();
        assertThat(error(fixture.post("/api/tasks/" + id + "/resume", "{}"), 409, "wrong-state")
                        .get("detail")
                        .textValue())
                .isEqualTo("task " + id + " is done, expected held");
    }

    @Test
    void holdsAndResumesWithoutAnInput() {
        TaskId id = submit("{\"prompt\":\"hello\",\"delay\":\"1h\"}");

        HttpResponse<String> held =
                fixture.send(fixture.request("/api/tasks/" + id + "/hold").POST(HttpRequest.BodyPublishers.noBody()));
        HttpResponse<String> resumed =
                fixture.send(fixture.request("/api/tasks/" + id + "/resume").POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(fixture.json(held).get("state").textValue()).isEqualTo("held");
        assertThat(resumed.statusCode()).isEqualTo(200);
        // Its hour is not over.
        assertThat(fixture.json(resumed).get("state").textValue()).isEqualTo("scheduled");
        assertThat(fixture.post("/api/tasks/" + id + "/run-now", "{}").statusCode())
                .isEqualTo(200);
        assertThat(fixture.await(id).output()).contains("HELLO");
    }

    @Test
    void refusesWrongInputs() {
        TaskId id = submit(ASK);
        awaitState(id, TaskState.HELD);
        String path = "/api/tasks/" + id + "/resume";

        assertThat(error(fixture.post(path, "{\"input\":\"" + "x".repeat(1_000_001) + "\"}"), 400, "invalid-value")
                        .get("detail")
                        .textValue())
                .isEqualTo("input has 1000001 characters, expected at most 1000000");
        error(fixture.post(path, "{\"inputs\":\"x\"}"), 400, "unknown-field");
        error(fixture.post(path, "{\"input\":7}"), 400, "invalid-value");
        error(fixture.post("/api/tasks/0000000000001/resume", "{}"), 404, "not-found");
        error(fixture.post("/api/tasks/nothing/hold", "{}"), 404, "not-found");
        assertThat(fixture.architect.tasks().find(id).orElseThrow().state()).isEqualTo(TaskState.HELD);
    }

    @Test
    void redrivesOneTask() {
        TaskId id = submit(ASK.replace("\"p\"", "\"fail\""));
        fixture.await(id);

        HttpResponse<String> again = fixture.post("/api/tasks/" + id + "/redrive", "{}");

        assertThat(again.statusCode()).isEqualTo(200);
        awaitState(id, TaskState.DEAD);
        assertThat(fixture.architect.tasks().attempts(id).size()).isBetween(1, 2);
        TaskId done = submit("{\"prompt\":\"hello\"}");
        fixture.await(done);
        assertThat(error(fixture.post("/api/tasks/" + done + "/redrive", "{}"), 409, "wrong-state")
                        .get("detail")
                        .textValue())
                .endsWith("is done, expected dead, cancelled or expired: what is done is run again as a new task");
    }

    @Test
    void keepsUniqueKeysAndEditsWhatWaits() {
        String body = "{\"prompt\":\"hello\",\"delay\":\"1h\",\"uniqueKey\":\"k\",\"expiresAfter\":\"2h\"";
        TaskId id = submit(body + "}");

        assertThat(error(fixture.post("/api/tasks", body + "}"), 409, "unique-key-taken")
                        .get("detail")
                        .textValue())
                .contains(id.toString());
        assertThat(submit(body + ",\"onConflict\":\"existing\"}")).isEqualTo(id);
        error(fixture.post("/api/tasks", body + ",\"onConflict\":\"none\"}"), 400, "invalid-value");
        assertThat(ServerFixture.place(error(
                        fixture.post("/api/tasks", "{\"prompt\":\"p\",\"expiresAfter\":\"soon\"}"),
                        400,
                        "invalid-value")))
                .isEqualTo("expiresAfter");
        String edit = "/api/tasks/" + id + "/edit";
        assertThat(fixture.json(fixture.post(edit, "{\"priority\":\"urgent\",\"delay\":\"2h\"}"))
                        .get("state")
                        .textValue())
                .isEqualTo("scheduled");
        assertThat(error(fixture.post(edit, "{}"), 400, "invalid-value")
                        .get("detail")
                        .textValue())
                .isEqualTo("edit is empty, expected at least one change");
        error(fixture.post(edit, "{\"priority\":11}"), 400, "invalid-value");
        error(fixture.post(edit, "{\"payload\":\"no chat request\"}"), 400, "invalid-value");
        assertThat(fixture.post("/api/tasks/" + id + "/run-now", "{}").statusCode())
                .isEqualTo(200);
        fixture.await(id);
        error(fixture.post(edit, "{\"priority\":1}"), 409, "wrong-state");
    }

    @Test
    void changesManyInSteps() {
        for (int i = 0; i < 3; i++) {
            submit("{\"prompt\":\"hello\",\"delay\":\"1h\",\"project\":\"web\"}");
        }
        TaskId other = submit("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        String wanted = "{\"action\":\"cancel\",\"states\":[\"ready\",\"scheduled\"],\"project\":\"web\"";

        assertThat(fixture.json(fixture.post("/api/tasks/actions", wanted + ",\"dryRun\":true}"))
                        .get("tasks")
                        .intValue())
                .isEqualTo(3);
        JsonNode done = fixture.json(fixture.post("/api/tasks/actions", wanted + "}"));

        assertThat(done.get("tasks").intValue()).isEqualTo(3);
        assertThat(done.get("skipped").intValue()).isZero();
        assertThat(done.get("complete").booleanValue()).isTrue();
        assertThat(fixture.architect.tasks().find(other).orElseThrow().state()).isEqualTo(TaskState.SCHEDULED);
        String rest = wanted + ",\"after\":\"" + done.get("last").textValue() + "\"}";
        assertThat(fixture.json(fixture.post("/api/tasks/actions", rest))
                        .get("tasks")
                        .intValue())
                .isZero();
        error(fixture.post("/api/tasks/actions", "{\"action\":\"hold\",\"states\":[\"done\"]}"), 400, "invalid-value");
        error(fixture.post("/api/tasks/actions", "{\"action\":\"hold\"}"), 400, "invalid-value");
        error(fixture.post("/api/tasks/actions", "{\"action\":\"end\",\"states\":[\"ready\"]}"), 400, "invalid-value");
    }

    @Test
    void redrivesInBulkAndCountsFirst() {
        for (int i = 0; i < 3; i++) {
            TaskId id = submit("{\"prompt\":\"hello\",\"delay\":\"1h\",\"project\":\"web\"}");
            fixture.post("/api/tasks/" + id + "/cancel", "{}");
        }
        TaskId other = submit("{\"prompt\":\"hello\",\"delay\":\"1h\"}");
        fixture.post("/api/tasks/" + other + "/cancel", "{}");
        String filter = "\"states\":[\"dead\",\"cancelled\"],\"project\":\"web\",\"type\":\"prompt\"";

        JsonNode counted = fixture.json(fixture.post("/api/tasks/redrive", "{" + filter + ",\"dryRun\":true}"));
        JsonNode redriven = fixture.json(fixture.post("/api/tasks/redrive", "{" + filter + "}"));

        assertThat(counted.toString()).isEqualTo("{\"tasks\":3,\"dryRun\":true}");
        assertThat(redriven.toString()).isEqualTo("{\"tasks\":3,\"dryRun\":false}");
        assertThat(fixture.architect.tasks().find(other).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(ServerFixture.place(
                        error(fixture.post("/api/tasks/redrive", "{\"states\":[\"done\"]}"), 400, "invalid-value")))
                .isEqualTo("states");
        error(fixture.post("/api/tasks/redrive", "{}"), 400, "invalid-value");
        error(fixture.post("/api/tasks/redrive", "{\"states\":[\"dead\"],\"dryRun\":1}"), 400, "invalid-value");
        error(fixture.post("/api/tasks/redrive", "{\"states\":[\"dead\"],\"limit\":1}"), 400, "unknown-field");
    }

    @Test
    void tripsAndResetsCircuitBreakers() {
        HttpResponse<String> tripped = fixture.post(
                "/api/providers/ollama/trip", "{\"reason\":\"maintenance\",\"until\":\"2999-01-01T00:00:00Z\"}");

        assertThat(tripped.statusCode()).isEqualTo(200);
        assertThat(fixture.json(tripped).get("name").textValue()).isEqualTo("ollama");
        fixture.post("/api/providers/ollama/trip", "{\"model\":\"llama3.1\",\"reason\":\"bad answers\"}");
        fixture.post("/api/providers/ollama/reset", "{\"reason\":\"over\"}");
        assertThat(fixture.router.orders)
                .containsExactly(
                        "trip ollama maintenance 2999-01-01T00:00:00Z",
                        "trip ollama/llama3.1 bad answers " + Instant.MAX,
                        "reset ollama over");
        error(fixture.post("/api/providers/opnai/trip", "{\"reason\":\"x\"}"), 404, "not-found");
        for (String body : new String[] {
            "{}",
            "{\"reason\":\" \"}",
            "{\"reason\":\"" + "x".repeat(201) + "\"}",
            "{\"reason\":\"x\",\"until\":\"tomorrow\"}",
            "{\"reason\":\"x\",\"until\":\"2000-01-01T00:00:00Z\"}",
            "{\"reason\":\"x\",\"model\":\"llama\"}"
        }) {
            error(fixture.post("/api/providers/ollama/trip", body), 400, "invalid-value");
        }
        error(fixture.post("/api/providers/ollama/reset", "{\"until\":\"x\"}"), 400, "unknown-field");
        assertThat(fixture.router.orders).hasSize(3);
    }

    @Test
    void cancelsAStubbornTaskByForce() {
        TaskId id = submit(ASK.replace("\"p\"", "\"block\""));
        awaitState(id, TaskState.RUNNING);

        HttpResponse<String> soft = fixture.post("/api/tasks/" + id + "/cancel", "{}");
        HttpResponse<String> forced = fixture.post("/api/tasks/" + id + "/force-cancel", "{}");

        assertThat(soft.statusCode()).isEqualTo(202);
        assertThat(forced.statusCode()).isEqualTo(200);
        assertThat(fixture.json(forced).get("state").textValue()).isEqualTo("cancelled");
        TaskId done = submit("{\"prompt\":\"hello\"}");
        fixture.await(done);
        error(fixture.post("/api/tasks/" + done + "/force-cancel", "{}"), 409, "already-ended");
        error(fixture.post("/api/tasks/0000000000001/force-cancel", "{}"), 404, "not-found");
    }

    private HttpResponse<String> submitWithKey(String key, String body) {
        return fixture.send(fixture.request("/api/tasks")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void acceptsARepeatedSubmissionOnce() {
        String body = "{\"prompt\":\"hello\",\"delay\":\"1h\"}";
        HttpResponse<String> first = submitWithKey("order-7", body);
        HttpResponse<String> again = submitWithKey("order-7", "{ \"delay\": \"60m\", \"prompt\": \"hello\" }");
        HttpResponse<String> inBody = fixture.post("/api/tasks", body.replace("}", ",\"idempotencyKey\":\"order-7\"}"));
        HttpResponse<String> other = submitWithKey("order-7", body.replace("hello", "goodbye"));

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body()).isEqualTo(inBody.body());
        JsonNode reused = error(other, 422, "key-reused");
        assertThat(ServerFixture.place(reused)).isEqualTo("Idempotency-Key");
        assertThat(reused.get("detail").textValue())
                .contains("order-7")
                .contains(fixture.json(first).get("id").textValue())
                .doesNotContain("goodbye");
        assertThat(fixture.getJson("/api/tasks").get("tasks")).hasSize(1);
    }

    @Test
    void acceptsABatchWithKeys() {
        String batch = "{\"tasks\":[{\"prompt\":\"a\",\"delay\":\"1h\",\"idempotencyKey\":\"k1\"},"
                + "{\"prompt\":\"b\",\"delay\":\"1h\"},{\"prompt\":\"c\",\"delay\":\"1h\",\"idempotencyKey\":\"k2\"}]}";
        JsonNode first = fixture.json(fixture.post("/api/tasks", batch)).get("tasks");
        JsonNode again = fixture.json(fixture.post("/api/tasks", batch)).get("tasks");

        assertThat(again.get(0)).isEqualTo(first.get(0));
        assertThat(again.get(1)).isNotEqualTo(first.get(1));
        assertThat(again.get(2)).isEqualTo(first.get(2));
        JsonNode reused = error(fixture.post("/api/tasks", batch.replace("\"c\"", "\"d\"")), 422, "key-reused");
        assertThat(ServerFixture.place(reused)).isEqualTo("tasks[2].idempotencyKey");
        assertThat(fixture.getJson("/api/tasks").get("tasks")).hasSize(4);
        assertThat(ServerFixture.place(error(submitWithKey("k3", batch), 400, "invalid-value")))
                .isEqualTo("Idempotency-Key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"  \"", "\"a\\nb\"", "7", "\"LONG\""})
    void refusesKeysThatAreNone(String key) {
        String value = key.replace("LONG", "x".repeat(256));

        JsonNode error = error(
                fixture.post("/api/tasks", "{\"prompt\":\"a\",\"idempotencyKey\":" + value + "}"),
                400,
                "invalid-value");

        assertThat(ServerFixture.place(error)).isEqualTo("idempotencyKey");
        assertThat(error.get("detail").textValue())
                .startsWith("idempotencyKey ")
                .contains("expected");
        assertThat(error(submitWithKey("x".repeat(256), "{\"prompt\":\"a\"}"), 400, "invalid-value")
                        .get("detail")
                        .textValue())
                .isEqualTo("Idempotency-Key has 256 characters, expected at most 255");
        assertThat(fixture.getJson("/api/tasks").get("tasks")).isEmpty();
    }

    @Test
    void refusesBadTasksBeforeItAcceptsThem() {
        for (String wrong : new String[] {
            "{\"prompt\":\"a\",\"delay\":\"-PT1S\"}",
            "{\"prompt\":\"a\",\"delay\":\"367d\"}",
            "{\"prompt\":\"a\",\"delay\":\"PT2562047788015215H\"}",
            "{\"type\":\"paint\",\"payload\":\"a\"}",
            "{\"type\":\"ask\",\"payload\":\"" + "x".repeat(1_000_001) + "\"}"
        }) {
            JsonNode error = error(fixture.post("/api/tasks", wrong), 400, "invalid-value");
            assertThat(error.get("detail").textValue()).contains("expected");
            assertThat(ServerFixture.place(error)).isIn("delay", "type", "payload");
        }
        store.get().set((method, call) -> {
            if (method.startsWith("submit")) {
                throw new StoreException(StoreException.Kind.FULL, "database or disk is full", null);
            }
            return call.call();
        });
        error(fixture.post("/api/tasks", "{\"prompt\":\"a\"}"), 507, "store-full");
        error(submitWithKey("k", "{\"prompt\":\"a\"}"), 507, "store-full");
        store.get().heal();
        assertThat(fixture.getJson("/api/tasks").get("tasks")).isEmpty();
    }

    @Test
    void reportsAStoreThatTakesNoResults() {
        assertThat(fixture.getJson("/health").get("status").textValue()).isEqualTo("up");
        assertThat(fixture.getJson("/health").get("reasons")).isEmpty();
        store.get().set((method, call) -> {
            if (method.equals("finish")) {
                throw new StoreException(StoreException.Kind.FULL, "database or disk is full", null);
            }
            return call.call();
        });
        submit("{\"prompt\":\"hello\"}");

        JsonNode health = awaitHealth("degraded");

        assertThat(health.get("reasons").get(0).textValue())
                .isEqualTo("1 ends of attempts wait for the store, expected that it takes them");
        assertThat(fixture.getJson("/api/status").at("/engine/unrecordedEnds").intValue())
                .isEqualTo(1);
        store.get().heal();
        assertThat(awaitHealth("up").get("reasons")).isEmpty();
    }

    private JsonNode awaitHealth(String status) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        JsonNode health = fixture.getJson("/health");
        while (!health.get("status").textValue().equals(status)) {
            assertThat(System.nanoTime()).as("deadline for " + status).isLessThan(deadline);
            health = fixture.json(fixture.send(fixture.anonymous("/health")));
        }
        return health;
    }
}
