package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.route.BreakerCause;
import dev.architect.route.BreakerState;
import dev.architect.route.BreakerTransition;
import dev.architect.route.BreakerTrip;
import dev.architect.route.GoneModel;
import dev.architect.route.ModelHealth;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading tasks, spend, activity and status, and cancelling tasks. */
final class ServerReadTest {

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<String> ids(JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.get("tasks").forEach(task -> ids.add(task.get("id").textValue()));
        return ids;
    }

    @Test
    void healthNeedsNoTokenAndShowsTheVersion() {
        JsonNode health = fixture.json(fixture.send(fixture.anonymous("/health")));

        assertThat(health.get("status").textValue()).isEqualTo("up");
        assertThat(health.get("version").textValue()).isNotBlank();
        assertThat(health.get("uptimeSeconds").isIntegralNumber()).isTrue();
    }

    @Test
    void showsATaskWithItsAttemptsResultAndCalls() {
        TaskId id = fixture.submit("fail over");
        fixture.await(id);

        JsonNode answer = fixture.getJson("/api/tasks/" + id);

        assertThat(answer.at("/task/id").textValue()).isEqualTo(id.toString());
        assertThat(answer.at("/task/state").textValue()).isEqualTo("done");
        assertThat(answer.at("/task/prompt").textValue()).isEqualTo("fail over");
        assertThat(answer.at("/result/output").textValue()).isEqualTo("FAIL OVER");
        assertThat(answer.at("/attempts/0/outcome").textValue()).isEqualTo("succeeded");
        assertThat(answer.at("/calls")).hasSize(2);
        assertThat(answer.at("/calls/0/failure").textValue()).isEqualTo("overloaded");
        assertThat(answer.at("/calls/1/askedModel").textValue()).isEqualTo("claude/claude-sonnet");
        assertThat(answer.at("/calls/1/inputTokens").longValue()).isEqualTo(1_000);
        assertThat(answer.at("/calls/1/costUsd").decimalValue()).isEqualByComparingTo("0.006");
    }

    @ParameterizedTest
    @CsvSource({"be cut, done, length", "be refused, dead, refused", "hello, done, complete"})
    void showsWhyTheAnswerOfATaskEnded(String prompt, String state, String stopReason) {
        TaskId id = fixture.submit(prompt);
        fixture.await(id);

        JsonNode answer = fixture.getJson("/api/tasks/" + id);

        assertThat(answer.at("/task/state").textValue()).isEqualTo(state);
        assertThat(answer.at("/task/stopReason").textValue()).isEqualTo(stopReason);
        assertThat(answer.at("/result/stopReason").textValue()).isEqualTo(stopReason);
        assertThat(answer.at("/calls/0/stopReason").textValue()).isEqualTo(stopReason);
        assertThat(fixture.getJson("/api/tasks?limit=1")
                        .at("/tasks/0/stopReason")
                        .textValue())
                .isEqualTo(stopReason);
    }

    @Test
    void listsTasksNewestFirstInPages() {
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            TaskId id = fixture.submit("task");
            fixture.await(id);
            submitted.add(0, id.toString());
        }

        JsonNode first = fixture.getJson("/api/tasks?limit=3");
        JsonNode second =
                fixture.getJson("/api/tasks?limit=3&before=" + first.get("next").textValue());

        assertThat(ids(first)).isEqualTo(submitted.subList(0, 3));
        assertThat(ids(second)).isEqualTo(submitted.subList(3, 5));
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(ids(fixture.getJson("/api/tasks?state=done,dead"))).isEqualTo(submitted);
        assertThat(ids(fixture.getJson("/api/tasks?state=running"))).isEmpty();
        assertThat(fixture.get("/api/tasks").body()).doesNotContain("\"prompt\":");
    }

    @Test
    void listsTasksOfATypeAProjectAndATime() {
        TaskId id = fixture.submit("task");
        fixture.await(id);
        String created =
                fixture.getJson("/api/tasks/" + id).at("/task/createdAt").textValue();

        assertThat(ids(fixture.getJson("/api/tasks?type=prompt&project=default&createdFrom=" + created)))
                .containsExactly(id.toString());
        assertThat(ids(fixture.getJson("/api/tasks?type=none"))).isEmpty();
        assertThat(ids(fixture.getJson("/api/tasks?project=other"))).isEmpty();
        assertThat(ids(fixture.getJson("/api/tasks?createdBefore=" + created))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            project=No+Way | project is 'No Way', expected 1 to 63 lower-case letters
            createdFrom=yesterday | createdFrom is 'yesterday', expected a time in UTC such as
            createdBefore=2026-13-01T00:00:00Z | createdBefore is '2026-13-01T00:00:00Z', expected a time in UTC such as
            """)
    void rejectsAConditionThatIsNone(String query, String message) {
        assertThat(fixture.get("/api/tasks?" + query))
                .satisfies(response -> assertThat(response.statusCode()).isEqualTo(400))
                .satisfies(response -> assertThat(response.body()).contains(message));
    }

    @Test
    void cancelsARunningTask() {
        TaskId id = fixture.submit("wait");

        HttpResponse<String> answer = cancel(id.toString());

        assertThat(answer.statusCode()).isIn(200, 202);
        assertThat(fixture.await(id).state()).isEqualTo(TaskState.CANCELLED);
        assertThat(fixture.json(cancel(id.toString())).get("state").textValue()).isEqualTo("cancelled");
    }

    @Test
    void doesNotCancelWhatHasEnded() {
        TaskId id = fixture.submit("hello");
        fixture.await(id);

        HttpResponse<String> answer = cancel(id.toString());

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(fixture.json(answer).at("/detail").textValue())
                .isEqualTo("task " + id + " is done, expected one that has not ended");
    }

    private HttpResponse<String> cancel(String id) {
        return fixture.send(fixture.request("/api/tasks/" + id + "/cancel").POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void missingTasksAreNotFound() {
        for (String id : List.of("0000000000000", "nonsense", "zzzzzzzzzzzzz", "1")) {
            assertThat(fixture.get("/api/tasks/" + id).statusCode()).isEqualTo(404);
            assertThat(cancel(id).statusCode()).isEqualTo(404);
            assertThat(fixture.json(cancel(id)).at("/detail").textValue())
                    .isEqualTo("task " + id + " does not exist, expected the id of a task");
        }
    }

    @Test
    void listsActivityNewestFirstInPages() throws InterruptedException {
        TaskId first = fixture.submit("refuse");
        fixture.await(first);
        TaskId second = fixture.submit("refuse it");
        fixture.await(second);
        awaitActivity(second);

        JsonNode all = fixture.getJson("/api/activity?limit=500");

        List<Long> sequences = new ArrayList<>();
        all.get("activities")
                .forEach(entry -> sequences.add(entry.get("sequence").longValue()));
        assertThat(sequences).hasSizeGreaterThan(4).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        JsonNode newest = fixture.getJson("/api/activity?limit=2");
        JsonNode next = fixture.getJson(
                "/api/activity?limit=2&before=" + newest.get("next").textValue());
        assertThat(newest.at("/activities/1/sequence").longValue())
                .isGreaterThan(next.at("/activities/0/sequence").longValue());
        assertThat(newest.at("/activities/0/task").isTextual()).isTrue();
        assertThat(all.toString()).contains("task-dead", "call-failed", first.toString());
    }

    /** The activity log is written later, by another thread. */
    private void awaitActivity(TaskId task) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (fixture.architect.activity().before(Long.MAX_VALUE, 100).stream()
                .noneMatch(entry -> entry.kind().equals("task-dead")
                        && entry.task().filter(task::equals).isPresent())) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void sumsUpExactlyByProvider() {
        fixture.await(fixture.submit("hello"));
        fixture.await(fixture.submit("fail over"));
        fixture.router.breaker(BreakerState.OPEN);

        JsonNode summary = fixture.getJson("/api/llm-metrics/summary?period=all");

        assertThat(summary.get("costUsd").decimalValue()).isEqualByComparingTo("0.006123456789");
        assertThat(fixture.get("/api/llm-metrics/summary?period=all").body()).contains("\"costUsd\":0.006123456789,");
        assertThat(summary.get("baselineUsd").decimalValue()).isEqualByComparingTo("0.012");
        assertThat(summary.get("savingsPercent").decimalValue()).isEqualByComparingTo("48.9");
        assertThat(summary.get("exactUsd").decimalValue()).isEqualByComparingTo("0.006123456789");
        assertThat(summary.get("estimatedUsd").decimalValue()).isEqualByComparingTo("0");
        assertThat(summary.get("unpricedCalls").longValue()).isZero();
        assertThat(summary.get("calls").longValue()).isEqualTo(3);
        assertThat(summary.get("failedCalls").longValue()).isEqualTo(1);
        assertThat(summary.get("failovers").longValue()).isEqualTo(1);
        assertThat(summary.at("/byProvider/0/provider").textValue()).isEqualTo("claude");
        assertThat(summary.at("/byProvider/0/costUsd").decimalValue()).isEqualByComparingTo("0.006");
        assertThat(summary.at("/byProvider/0/p50Ms").decimalValue()).isPositive();
        assertThat(summary.at("/byProvider/1/provider").textValue()).isEqualTo("ollama");
        assertThat(summary.at("/byProvider/1/breaker").textValue()).isEqualTo("open");
        assertThat(summary.at("/byProvider/1/inputTokens").longValue()).isEqualTo(1_000);
        JsonNode savings = fixture.getJson("/api/costs/savings?period=all");
        assertThat(savings).hasSize(8);
        savings.properties().forEach(each -> assertThat(each.getValue()).isEqualTo(summary.get(each.getKey())));
    }

    @ParameterizedTest
    @CsvSource({"today", "1h", "24h", "7d", "30d", "all"})
    void acceptsEveryPeriodAndReportsNoSavingWithoutSpend(String period) {
        JsonNode summary = fixture.getJson("/api/llm-metrics/summary?period=" + period);

        assertThat(summary.get("period").textValue()).isEqualTo(period);
        assertThat(summary.get("costUsd").decimalValue()).isEqualByComparingTo("0");
        assertThat(summary.get("savingsPercent").isNull()).isTrue();
        assertThat(summary.get("byProvider")).hasSize(2);
    }

    @Test
    void showsTheStatusOfTheServer() {
        fixture.await(fixture.submit("hello"));

        JsonNode status = fixture.getJson("/api/status");

        assertThat(status.at("/tasks/done").longValue()).isEqualTo(1);
        assertThat(status.at("/tasks/dead").longValue()).isZero();
        assertThat(status.get("sessions")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(status.at("/providers/1/name").textValue()).isEqualTo("ollama");
        assertThat(status.at("/providers/1/breaker").textValue()).isEqualTo("closed");
    }

    @Test
    void showsModelsThatAreGoneInTheStatus() {
        assertThat(fixture.getJson("/api/status").at("/providers/1/goneModels")).isEmpty();

        fixture.router.gone(new GoneModel(
                "llama3.1", Instant.parse("2026-11-22T12:00:00Z"), Instant.parse("2026-11-22T12:01:00Z")));

        JsonNode provider = fixture.getJson("/api/status").at("/providers/1");
        assertThat(provider.at("/models/0").textValue()).isEqualTo("llama3.1");
        assertThat(provider.at("/goneModels/0/model").textValue()).isEqualTo("llama3.1");
        assertThat(provider.at("/goneModels/0/since").textValue()).isEqualTo("2026-11-22T12:00:00Z");
        assertThat(provider.at("/goneModels/0/nextCheck").textValue()).isEqualTo("2026-11-22T12:01:00Z");
    }

    @Test
    void showsTheCircuitBreakerOfEachModelInTheStatus() {
        Instant opened = Instant.parse("2026-11-22T12:00:00Z");
        fixture.router.health(new ModelHealth(
                "llama3.1",
                BreakerState.OPEN,
                false,
                opened,
                Optional.of(opened.plusSeconds(60)),
                Optional.of(new BreakerTrip("maintenance", opened.plusSeconds(60))),
                List.of(new BreakerTransition(
                        opened, BreakerState.CLOSED, BreakerState.OPEN, BreakerCause.MANUAL, "maintenance"))));

        JsonNode status = fixture.getJson("/api/status");

        assertThat(status.at("/providers/1/breakers/0")).hasToString("""
                {"model":"llama3.1","state":"open","reason":"manual","since":"2026-11-22T12:00:00Z",\
                "nextTrial":"2026-11-22T12:01:00Z","suspect":false,"trip":"maintenance",\
                "tripUntil":"2026-11-22T12:01:00Z"}""");
        assertThat(status.at("/breakerHistory")).hasToString("""
                [{"at":"2026-11-22T12:00:00Z","model":"ollama/llama3.1","from":"closed","to":"open",\
                "reason":"manual","note":"maintenance"}]""");
    }

    @Test
    void exposesMetricsForPrometheus() {
        fixture.await(fixture.submit("fail over"));

        HttpResponse<String> answer = fixture.get("/metrics");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(answer.body())
                .contains("architect_task_count{state=\"done\"} 1")
                .contains("architect_task_submitted_total{type=\"prompt\"} 1")
                .contains("architect_task_ended_total{state=\"done\"} 1")
                .contains(
                        "architect_call_seconds_count{failure=\"overloaded\",model=\"llama3.1\",outcome=\"failed\",provider=\"ollama\"} 1")
                .contains("architect_call_failover_total{failure=\"overloaded\",from=\"ollama\",to=\"claude\"} 1")
                .contains(
                        "architect_cost_usd_total{model=\"claude-sonnet\",provider=\"claude\",status=\"priced\"} 0.006")
                .contains("architect_provider_breaker{provider=\"ollama\",state=\"closed\"} 1")
                .contains("architect_task_assign_seconds_bucket{le=\"0.05\"}")
                .contains("gen_ai_client_operation_duration_seconds_bucket{")
                .doesNotContain("fail over");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/tasks?limit=0 | limit | limit is '0', expected 1..500
            /api/tasks?limit=501 | limit | limit is '501', expected 1..500
            /api/tasks?limit=ten | limit | limit is 'ten', expected 1..500
            /api/tasks?limit=1&limit=2 | limit | limit is given 2 times, expected once
            /api/tasks?state=finished | state | state is 'finished', expected one of ready, running, scheduled, blocked, limited, held, done, dead, cancelled, expired
            /api/tasks?before=x | before | before is 'x', expected the id of a task
            /api/tasks?stat=done | stat | parameter 'stat' is unknown, did you mean 'state'?
            /api/activity?before=-1 | before | before is '-1', expected the sequence of an activity
            /api/activity?limit= | limit | limit is '', expected 1..500
            /api/llm-metrics/summary?period=week | period | period is 'week', expected one of today, 1h, 24h, 7d, 30d, all
            /api/llm-metrics/summary?perod=all | perod | parameter 'perod' is unknown, did you mean 'period'?
            """)
    void namesInvalidParameters(String path, String field, String message) {
        HttpResponse<String> answer = fixture.get(path);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.place(fixture.json(answer))).isEqualTo(field);
        assertThat(fixture.json(answer).at("/detail").textValue()).startsWith(message);
    }
}
