package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.SpendDimension;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
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

/** Costs by two dimensions and in time, ratings as jobs, estimates, and invoices that are kept, over HTTP. */
final class ServerCostTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final String MARCH = "from=2026-03-01T00:00:00Z&until=2026-03-03T00:00:00Z";
    private static final String PRICES = "base: none\\nversion: other\\nprices: [{provider: claude, model: large,"
            + " source: a test, checked: 2026-11-22, usdPerMillionTokens: {input: 1, output: 2}}]";

    private Store store;
    private final ServerFixture fixture = new ServerFixture(TimeSource.system(), opened -> {
        store = opened;
        return opened;
    });

    @AfterEach
    void close() {
        fixture.close();
    }

    private static LedgerEntry call(String id, Instant at, String model, String team, Cost cost) {
        Attribution attribution = Attribution.of(new ProjectId("apollo"));
        return new LedgerEntry(
                id,
                new CallOrigin(
                        "request-" + id,
                        Optional.empty(),
                        0,
                        team.isEmpty() ? attribution : attribution.withTag("team", team)),
                new CallRoute(Complexity.SIMPLE, 0, new ModelId("claude", model), new ModelId("claude", model)),
                new CallTiming(at, Duration.ofMillis(250)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), Cost.priced(new Money(3_000)), "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private void record() {
        store.ledger()
                .record(List.of(
                        call("a", START.plusSeconds(1), "small", "search", Cost.priced(new Money(10))),
                        call("b", START.plusSeconds(7_200), "large", "search", Cost.priced(new Money(20))),
                        call(
                                "c",
                                START.plusSeconds(7_201),
                                "large",
                                "search",
                                Cost.priced(new Money(5)).estimated()),
                        call("d", START.plusSeconds(7_202), "large", "", Cost.UNPRICED),
                        call("e", START.plusSeconds(90_000), "large", "ads", Cost.priced(new Money(7)))));
    }

    private JsonNode post(String path, String json, int status) {
        HttpResponse<String> answer = fixture.post(path, json.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return fixture.json(answer);
    }

    private static String usd(JsonNode item, String name) {
        return item.get(name).decimalValue().toPlainString();
    }

    @Test
    void breaksCostsDownByTwoDimensions() {
        record();

        JsonNode answer = fixture.getJson("/api/costs/breakdown?by=model,team&" + MARCH);

        assertThat(answer.get("by").toString()).isEqualTo("[\"model\",\"team\"]");
        List<String> values = new ArrayList<>();
        answer.get("items")
                .forEach(item -> values.add(
                        item.get("values").toString() + " " + item.get("calls") + " " + item.get("unpricedCalls")));
        assertThat(values)
                .containsExactly(
                        "{\"model\":\"claude/large\",\"team\":\"search\"} 2 0",
                        "{\"model\":\"claude/small\",\"team\":\"search\"} 1 0",
                        "{\"model\":\"claude/large\",\"team\":\"ads\"} 1 0",
                        "{\"model\":\"claude/large\",\"team\":\"\"} 1 1");
        JsonNode dearest = answer.get("items").get(0);
        assertThat(dearest.get("exactUsd").decimalValue()).isEqualByComparingTo("0.000000000020");
        assertThat(dearest.get("estimatedUsd").decimalValue()).isEqualByComparingTo("0.000000000005");
        assertThat(dearest.get("costUsd").decimalValue()).isEqualByComparingTo("0.000000000025");
        assertThat(answer.get("total").get("calls").intValue()).isEqualTo(5);
        assertThat(answer.get("total").get("unpricedCalls").intValue()).isOne();
        assertThat(answer.get("omitted").intValue()).isZero();
    }

    @Test
    void namesEachDimensionWithItsFilter() {
        JsonNode dimensions = fixture.getJson("/api/costs/dimensions").get("dimensions");

        assertThat(dimensions.findValuesAsText("name"))
                .hasSameSizeAs(SpendDimension.values())
                .startsWith("provider", "model")
                .contains("cost-status");
        for (JsonNode dimension : dimensions) {
            String name = dimension.get("name").textValue();
            assertThat(fixture.getJson("/api/costs/breakdown?by=" + name).get("by"))
                    .hasSize(1);
        }
        assertThat(dimensions.findValuesAsText("filter")).contains("costStatus", "serviceTier");
    }

    @Test
    void breaksCostsDownByOneDimensionUnderAFilter() {
        record();

        JsonNode teams = fixture.getJson("/api/costs/breakdown?by=tag:team&limit=1&model=claude/large&" + MARCH);
        JsonNode outcomes = fixture.getJson("/api/costs/breakdown?by=outcome&q=model:claude/large+created:2026-03-02");

        assertThat(teams.get("items").get(0).get("values").toString()).isEqualTo("{\"tag:team\":\"search\"}");
        assertThat(teams.get("items")).hasSize(1);
        assertThat(teams.get("omitted").intValue()).isEqualTo(2);
        assertThat(teams.get("total").get("calls").intValue()).isEqualTo(4);
        assertThat(outcomes.get("items").get(0).get("values").toString()).isEqualTo("{\"outcome\":\"answered\"}");
        assertThat(outcomes.get("total").get("calls").intValue()).isOne();
        assertThat(fixture.getJson("/api/costs/breakdown").get("by").toString()).isEqualTo("[\"provider\"]");
    }

    @Test
    void aSeriesHasEveryStep() {
        record();

        JsonNode days = fixture.getJson("/api/costs/series?" + MARCH);
        JsonNode hours = fixture.getJson("/api/costs/series?step=hour&q=model:claude/small&" + MARCH);

        assertThat(days.get("step").textValue()).isEqualTo("day");
        assertThat(days.get("buckets").findValuesAsText("calls")).containsExactly("4", "1");
        assertThat(days.get("buckets").findValuesAsText("unpricedCalls")).containsExactly("1", "0");
        assertThat(hours.get("buckets")).hasSize(48);
        assertThat(hours.get("buckets").get(0).get("calls").intValue()).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "breakdown?by=week | by is 'week', expected one of provider, model",
                "breakdown?by=keys | by is 'keys', expected one of provider, model",
                "breakdown?q=taskType:a+task-type:a | q has 'taskType:' and 'task-type:', expected one of them",
                "series?q=task-type:a&taskType=a | taskType is given beside 'taskType:' in q, expected one of them",
                "breakdown?by=model,user,project | expected one or two, with a comma between them",
                "breakdown?by=model,model | axes are the same one twice",
                "breakdown?by=tag:A | expected 1 to 64 lower-case letters",
                "breakdown?limit=0 | limit is '0', expected 1..10000",
                "breakdown?q=modle:a | did you mean 'model'",
                "series?step=week | step is 'week', expected one of minute, hour, day",
                "series?step=minute&period=all | expected at most 10000 times one MINUTE"
            })
    void refusesWhatItDoesNotKnow(String path, String message) {
        HttpResponse<String> answer = fixture.get("/api/costs/" + path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
    }

    private JsonNode awaitEnd(String path) {
        JsonNode job = fixture.getJson(path);
        while (job.get("endedAt").isNull()) {
            LockSupport.parkNanos(1_000_000);
            job = fixture.getJson(path);
        }
        return job;
    }

    @Test
    void callsAreRatedInTheBackground() {
        record();

        HttpResponse<String> accepted = fixture.post(
                "/api/prices/rerate?by=model&" + MARCH,
                "{\"reason\":\"a new contract\",\"prices\":\"" + PRICES
                        + "\",\"replace\":{\"claude/small\":\"claude/large\"}}");
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        String path = accepted.headers().firstValue("Location").orElseThrow();
        JsonNode job = awaitEnd(path);
        JsonNode rating = fixture.getJson(job.get("result").textValue());

        assertThat(path).isEqualTo("/api/jobs/" + job.get("id").textValue());
        assertThat(job.get("kind").textValue()).isEqualTo("rerate");
        assertThat(job.get("purpose")).isEqualTo(rating.get("reason"));
        assertThat(job.get("state").textValue()).isEqualTo("done");
        assertThat(job.get("total").intValue()).isEqualTo(5);
        assertThat(job.get("done").intValue()).isEqualTo(5);
        assertThat(job.get("filter").textValue()).isEqualTo("created:2026-03-01T00:00:00Z..2026-03-03T00:00:00Z");
        assertThat(rating.get("reason").textValue()).isEqualTo("a new contract");
        assertThat(rating.get("by").textValue()).isEqualTo("operator");
        assertThat(rating.get("job").textValue()).isEqualTo(path);
        assertThat(rating.get("report"))
                .isEqualTo(post(
                        "/api/ledger/rerate?by=model&" + MARCH,
                        "{'prices':'" + PRICES + "','replace':{'claude/small':'claude/large'}}",
                        200));
        assertThat(rating.get("report").get("catalogueVersion").textValue()).isEqualTo("other");
        assertThat(fixture.getJson("/api/jobs").get("jobs")).containsExactly(job);
        assertThat(fixture.json(fixture.post(path + "/stop", ""))).isEqualTo(job);
        // History is as it was.
        assertThat(usd(fixture.getJson("/api/ledger/groups?" + MARCH).get("total"), "costUsd"))
                .isEqualTo("0.000000000042");
    }

    @Test
    void wrongRatingsAreRefused() {
        assertThat(post("/api/prices/rerate", "{}", 400).toString()).contains("\"pointer\":\"/reason\"");
        assertThat(post("/api/prices/rerate", "{'reason':'x','prices':'prices: 7'}", 400)
                        .toString())
                .contains("\"pointer\":\"/prices\"");
        assertThat(post("/api/prices/rerate?by=week", "{'reason':'x'}", 400).toString())
                .contains("by is 'week'");
        assertThat(post("/api/prices/rerate", "{'reason':'x','price':'y'}", 400).toString())
                .contains("unknown-field");
        assertThat(fixture.get("/api/prices/rerate/none").statusCode()).isEqualTo(404);
        assertThat(fixture.getJson("/api/jobs").get("jobs")).isEmpty();
    }

    @Test
    void estimatesARequest() {
        JsonNode estimate = post("/api/costs/estimate?taskType=index&project=apollo", "{'prompt':'hello'}", 200);

        assertThat(estimate.get("model").textValue()).isEqualTo(FakeRouter.CHEAP.toString());
        assertThat(estimate.get("method").textValue()).isEqualTo("prior");
        assertThat(estimate.get("n").intValue()).isZero();
        assertThat(estimate.get("promptTokens").intValue()).isEqualTo(10);
        assertThat(estimate.get("p90").get("answerTokens").intValue()).isEqualTo(120);
        assertThat(estimate.get("p90").get("costUsd").decimalValue()).isEqualByComparingTo("0.001");
        assertThat(estimate.get("low").get("costStatus").textValue()).isEqualTo("priced");
        assertThat(post("/api/costs/estimate", "{'prompts':'hello'}", 400).toString())
                .contains("unknown-field");
        assertThat(post("/api/costs/estimate?project=A%20B", "{'prompt':'hello'}", 400)
                        .toString())
                .contains("\"parameter\":\"project\"");
        assertThat(post("/api/costs/estimate", "{'prompt':'hello','model':'ollama/llama3.0'}", 400)
                        .toString())
                .contains("\"pointer\":\"/model\"");
    }

    private JsonNode compare(String note, String csv) {
        return post(
                "/api/reconciliations?provider=claude&" + MARCH,
                "{'csv':'date,model,amount_usd\\n" + csv + "','note':'" + note + "'}",
                201);
    }

    @Test
    void anInvoiceIsKeptWithItsOutcome() {
        record();

        JsonNode different = compare("no. 7", "2026-03-01,small,0.00000000001\\n2026-03-02,large,1");
        JsonNode again =
                fixture.getJson("/api/reconciliations/" + different.get("id").textValue());
        JsonNode matched = compare(
                "no. 8",
                "2026-03-01,small,0.00000000001\\n2026-03-01,large,0.000000000025\\n2026-03-02,large,0.000000000007");

        assertThat(again).isEqualTo(different);
        assertThat(different.get("outcome").textValue()).isEqualTo("different");
        assertThat(different.get("note").textValue()).isEqualTo("no. 7");
        assertThat(different.get("filter").textValue()).isEqualTo("provider:claude");
        assertThat(different.get("matched").get("items").intValue()).isOne();
        assertThat(different.get("onlyRecorded").get("calls").intValue()).isEqualTo(3);
        assertThat(different.get("items").findValuesAsText("item"))
                .containsExactly("2026-03-02 large", "2026-03-01 large");
        assertThat(matched.get("outcome").textValue()).isEqualTo("matched");
        // What is recorded later does not change it.
        store.ledger().record(List.of(call("f", START.plusSeconds(5), "small", "", Cost.priced(new Money(9)))));
        assertThat(fixture.getJson("/api/reconciliations/" + matched.get("id").textValue()))
                .isEqualTo(matched);
        assertThat(fixture.get("/api/reconciliations/none").statusCode()).isEqualTo(404);
        assertThat(post("/api/reconciliations", "{'csv':'a'}", 400).toString()).contains("\"parameter\":\"provider\"");
    }

    @Test
    void reconciliationsAreListedPageByPageNewestFirst() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(0, compare("no. " + i, "2026-03-01,small,1").get("id").textValue());
        }

        JsonNode first = fixture.getJson("/api/reconciliations?limit=2");
        JsonNode second = fixture.getJson(
                "/api/reconciliations?limit=2&cursor=" + first.get("next").textValue());
        JsonNode third = fixture.getJson(
                "/api/reconciliations?limit=2&cursor=" + second.get("next").textValue());
        JsonNode back = fixture.getJson(
                "/api/reconciliations?limit=2&cursor=" + third.get("previous").textValue());

        assertThat(first.get("items").findValuesAsText("id")).isEqualTo(ids.subList(0, 2));
        assertThat(first.get("previous").isNull()).isTrue();
        assertThat(first.get("items").get(0).has("items")).isFalse();
        assertThat(second.get("items").findValuesAsText("id")).isEqualTo(ids.subList(2, 4));
        assertThat(third.get("items").findValuesAsText("id")).isEqualTo(ids.subList(4, 5));
        assertThat(third.get("next").isNull()).isTrue();
        assertThat(back.get("items")).isEqualTo(second.get("items"));
        assertThat(fixture.get("/api/reconciliations?cursor=abc").statusCode()).isEqualTo(400);
    }

    @Test
    void aRepeatedKeyKeepsOneReconciliation() {
        String body = "{\"csv\":\"date,model,amount_usd\\n2026-03-01,small,1\"}";

        HttpResponse<String> one = keyed(body);
        HttpResponse<String> other = keyed(body);

        assertThat(one.statusCode()).as(one.body()).isEqualTo(201);
        assertThat(other.body()).isEqualTo(one.body());
        assertThat(other.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(fixture.getJson("/api/reconciliations").get("items")).hasSize(1);
    }

    private HttpResponse<String> keyed(String body) {
        return fixture.send(fixture.request("/api/reconciliations?provider=claude&" + MARCH)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "invoice-7")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }
}
