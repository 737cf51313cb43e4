package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.architect.error.StoreException;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports on the ledger over HTTP. */
final class ServerLedgerTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final String MARCH = "from=2026-03-01T00:00:00Z&until=2026-03-03T00:00:00Z";

    private final AtomicInteger pages = new AtomicInteger(Integer.MAX_VALUE);
    private Store store;
    private final ServerFixture fixture = new ServerFixture(TimeSource.system(), opened -> {
        store = opened;
        return failing(opened);
    });

    @AfterEach
    void close() {
        fixture.close();
    }

    /** The same store, whose ledger fails after some pages. */
    private Store failing(Store whole) {
        LedgerStore ledger = proxy(LedgerStore.class, whole.ledger(), () -> {
            if (pages.getAndDecrement() <= 0) {
                throw new StoreException(StoreException.Kind.BUSY, "the ledger is busy", null);
            }
        });
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("ledger") ? ledger : method.invoke(whole, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private static <T> T proxy(Class<T> type, T whole, Runnable beforePage) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("page")) {
                        beforePage.run();
                    }
                    try {
                        return method.invoke(whole, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                }));
    }

    private static LedgerEntry call(String id, Instant at, String model, Optional<TaskId> task, long pico) {
        return new LedgerEntry(
                id,
                new CallOrigin(
                        "request-" + id,
                        task,
                        task.isPresent() ? 1 : 0,
                        Attribution.of(new ProjectId("apollo")).withUser("=eve").withTag("team", "search")),
                new CallRoute(Complexity.SIMPLE, 0, new ModelId("claude", model), new ModelId("claude", model)),
                new CallTiming(at, Duration.ofMillis(250)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(
                        Cost.priced(new Money(pico)), Optional.empty(), Cost.priced(new Money(3_000)), "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private void record() {
        TaskId task = new TaskId(7);
        store.ledger()
                .record(List.of(
                        call("a", START.plusSeconds(1), "small", Optional.of(task), 1_000_000_000_001L),
                        call("b", START.plusSeconds(7_200), "large", Optional.empty(), 2),
                        call("c", START.plusSeconds(7_201), "large", Optional.of(task), 3),
                        call("d", START.plus(Duration.ofDays(40)), "large", Optional.empty(), 4)));
    }

    @Test
    void listsCallsUnderAFilterPageByPage() {
        for (int i = 0; i < 5; i++) {
            store.ledger()
                    .record(List.of(call(
                            "c" + i, START.plusSeconds(i), i % 2 == 0 ? "haiku" : "opus", Optional.empty(), 1_000)));
        }
        String filter = "limit=2&q=model:claude/haiku+created:2026-03-01..2026-03-02";

        JsonNode first = fixture.getJson("/api/calls?" + filter);
        String next = first.get("next").textValue();
        JsonNode second = fixture.getJson("/api/calls?" + filter + "&cursor=" + next);

        assertThat(first.get("calls")).hasSize(2);
        assertThat(second.get("calls")).hasSize(1);
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(fixture.getJson("/api/calls?" + filter + "&after=" + next)).isEqualTo(second);
        assertThat(fixture.getJson("/api/calls?q=outcome:answered&model=claude/opus&" + MARCH)
                        .get("calls"))
                .hasSize(2);
        assertThat(fixture.get("/api/calls?limit=2&q=model:claude/haiku&cursor=" + next)
                        .body())
                .contains("cursor-mismatch");
        assertThat(fixture.get("/api/calls?q=cost:1").statusCode()).isEqualTo(400);
        assertThat(fixture.get("/api/calls?q=modle:a").body())
                .contains("unknown-filter")
                .contains("did you mean 'model'");
        assertThat(fixture.get("/api/calls?q=model:a&model=b").statusCode()).isEqualTo(400);
        assertThat(fixture.get("/api/calls?q=created:-1d&period=today").statusCode())
                .isEqualTo(400);
        assertThat(fixture.get("/api/calls?after=abc").statusCode()).isEqualTo(400);
    }

    @Test
    void groupsHaveExactAmountsAndATotal() {
        record();

        JsonNode answer = fixture.getJson("/api/ledger/groups?by=model&" + MARCH);

        assertThat(answer.get("by").textValue()).isEqualTo("model");
        assertThat(answer.get("groups").findValuesAsText("group")).containsExactly("claude/large", "claude/small");
        assertThat(answer.get("groups").get(1).get("costUsd").decimalValue()).isEqualByComparingTo("1.000000000001");
        assertThat(answer.get("total").get("calls").intValue()).isEqualTo(3);
        assertThat(answer.get("total").get("costUsd").decimalValue()).isEqualByComparingTo("1.000000000006");
        assertThat(fixture.getJson("/api/ledger/groups?by=outcome&" + MARCH)
                        .get("groups")
                        .findValuesAsText("group"))
                .containsExactly("answered");
        assertThat(fixture.getJson("/api/ledger/groups?period=all&model=claude/large&tag=team=search&user=%3Deve")
                        .get("total")
                        .get("calls")
                        .intValue())
                .isEqualTo(3);
        assertThat(fixture.getJson("/api/ledger/groups?period=all&tag=team=ads")
                        .get("total")
                        .get("calls")
                        .intValue())
                .isZero();
    }

    @Test
    void theDearestComeFirst() {
        record();

        JsonNode tasks = fixture.getJson("/api/ledger/top?" + MARCH);
        JsonNode models = fixture.getJson("/api/ledger/top?by=model&limit=1&" + MARCH);

        assertThat(tasks.get("groups").findValuesAsText("group")).containsExactly(new TaskId(7).toString());
        assertThat(tasks.get("groups").get(0).get("calls").intValue()).isEqualTo(2);
        assertThat(models.get("groups").findValuesAsText("group")).containsExactly("claude/small");
    }

    @Test
    void aSeriesHasEveryHour() {
        record();

        JsonNode hours =
                fixture.getJson("/api/ledger/series?interval=hour&" + MARCH).get("buckets");

        assertThat(hours).hasSize(48);
        assertThat(hours.get(2).get("begin").textValue()).isEqualTo("2026-03-01T02:00:00Z");
        assertThat(hours.get(2).get("calls").intValue()).isEqualTo(2);
        assertThat(hours.get(3).get("calls").intValue()).isZero();
        assertThat(fixture.get("/api/ledger/series?interval=hour&period=all").body())
                .contains("expected at most 10000 times one HOUR");
    }

    @Test
    void aTaskIsBrokenDown() {
        record();

        JsonNode task = fixture.getJson("/api/ledger/tasks/" + new TaskId(7));

        assertThat(task.get("calls").intValue()).isEqualTo(2);
        assertThat(task.get("attempts").get(0).get("epoch").intValue()).isEqualTo(1);
        assertThat(task.get("attempts").get(0).get("calls").findValuesAsText("callId"))
                .containsExactly("a", "c");
    }

    @Test
    void callsAreRatedByOtherPrices() {
        record();
        String prices = "base: none\\nversion: other\\nprices: [{provider: claude, model: large, source: a test,"
                + " checked: 2026-11-22, usdPerMillionTokens: {input: 1, output: 2}}]";

        JsonNode answer = fixture.json(fixture.post(
                "/api/ledger/rerate?by=project&" + MARCH,
                "{\"prices\":\"" + prices + "\",\"replace\":{\"claude/small\":\"claude/large\"}}"));

        assertThat(answer.get("catalogueVersion").textValue()).isEqualTo("other");
        assertThat(answer.get("groups").findValuesAsText("group")).containsExactly("apollo");
        assertThat(answer.get("total").get("calls").intValue()).isEqualTo(3);
        assertThat(answer.get("total").get("ratedUsd").decimalValue()).isEqualByComparingTo("0.00006");
        assertThat(answer.get("total").get("differenceUsd").decimalValue()).isEqualByComparingTo("-0.999940000006");
        assertThat(fixture.json(fixture.post("/api/ledger/rerate?" + MARCH, "{}"))
                        .get("unpricedModels")
                        .get("claude/large")
                        .intValue())
                .isEqualTo(2);
        assertThat(fixture.post("/api/ledger/rerate", "{\"prices\":\"prices: [{model: 7}]\"}")
                        .body())
                .contains("\"pointer\":\"/prices\"", "prices:1:");
        assertThat(fixture.post("/api/ledger/rerate", "{\"as\":\"large\"}").body())
                .contains("\"pointer\":\"/as\"", "expected provider/model");
    }

    @Test
    void anInvoiceIsComparedWithTheCalls() {
        record();
        String csv =
                "date,model,amount_usd\\n2026-03-01,small,1\\n2026-03-01,large,0.000000000005\\n2026-03-02,other,7";

        JsonNode answer = fixture.json(fixture.post(
                "/api/ledger/reconcile?provider=claude&limit=1&" + MARCH,
                "{\"csv\":\"" + csv + "\",\"toleranceUsd\":0}"));

        assertThat(answer.get("matched").get("items").intValue()).isEqualTo(1);
        assertThat(answer.get("matched").get("calls").intValue()).isEqualTo(2);
        assertThat(answer.get("different").get("differenceUsd").decimalValue()).isEqualByComparingTo("-0.000000000001");
        assertThat(answer.get("onlyInvoiced").get("items").intValue()).isEqualTo(1);
        assertThat(answer.get("differenceUsd").decimalValue()).isEqualByComparingTo("6.999999999999");
        assertThat(answer.get("items").findValuesAsText("item")).containsExactly("2026-03-02 other");
        assertThat(fixture.post("/api/ledger/reconcile?" + MARCH, "{\"csv\":\"a\"}")
                        .body())
                .contains("\"parameter\":\"provider\"");
        assertThat(fixture.post("/api/ledger/reconcile?provider=claude&" + MARCH, "{\"csv\":\"date,model\"}")
                        .body())
                .contains("\"pointer\":\"/csv\"", "csv:1:1: amount_usd is missing");
    }

    @Test
    void calibrationHasEveryModel() {
        record();

        JsonNode answer = fixture.getJson("/api/ledger/calibration?" + MARCH);

        assertThat(answer.get("models").findValuesAsText("model")).containsExactly("claude/large", "claude/small");
        assertThat(answer.get("total").get("calls").intValue()).isEqualTo(3);
        assertThat(answer.get("total").get("coldCalls").intValue()).isEqualTo(3);
        assertThat(answer.get("total").get("percentWithinP90").isNull()).isTrue();
    }

    @Test
    void anExportIsAFile() {
        record();

        HttpResponse<String> csv = fixture.get("/api/ledger/export?" + MARCH);
        HttpResponse<String> json = fixture.get("/api/ledger/export?format=jsonl&model=claude/small&" + MARCH);

        assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(csv.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"ledger.csv\"");
        assertThat(csv.body().lines()).hasSize(4);
        assertThat(csv.body()).contains(",apollo,'=eve,", ",1.000000000001,");
        assertThat(json.body().lines()).hasSize(1);
        assertThat(json.body()).contains("\"costUsd\":\"1.000000000001\"", "\"user\":\"=eve\"");
        HttpResponse<String> head =
                fixture.send(fixture.request("/api/ledger/export").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
    }

    @Test
    void anExportThatFailsIsNotTakenForAWholeOne() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            calls.add(call("call-" + i, START.plusSeconds(i), "small", Optional.empty(), 1));
        }
        store.ledger().record(calls);

        pages.set(2);
        assertThatThrownBy(() -> fixture.client.send(
                        fixture.request("/api/ledger/export?" + MARCH).build(), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);

        pages.set(0);
        HttpResponse<String> refused = fixture.get("/api/ledger/export?" + MARCH);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).startsWith("{\"type\":\"/problems/store-busy\"");
        assertThat(refused.headers().firstValue("Content-Disposition")).isEmpty();

        pages.set(Integer.MAX_VALUE);
        assertThat(fixture.get("/api/ledger/export?" + MARCH).body().lines()).hasSize(1_201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "groups?by=week | by is 'week', expected one of provider, model",
                "top?by=week | by is 'week', expected one of task, provider",
                "top?limit=0 | limit is '0', expected 1..1000",
                "series?interval=week | interval is 'week', expected one of minute, hour, day",
                "groups?period=1y | period is '1y', expected one of today",
                "groups?period=all&from=2026-01-01T00:00:00Z | period is 'all', expected none beside from and until",
                "groups?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z | expected a time that is not before from",
                "groups?model=small | model is 'small', expected provider/model",
                "groups?outcome=lost | outcome is 'lost', expected one of answered",
                "groups?tag=search | tag is 'search', expected a name and a value",
                "groups?tag=A=b | tag name is 'A', expected",
                "groups?task=x | task is 'x', expected the id of a task",
                "groups?failure=x | failure is 'x', expected one of",
                "export?format=xml | format is 'xml', expected csv or jsonl",
                "tasks/x | task is 'x', expected the id of a task",
                "groups?limit=3 | limit"
            })
    void whatIsWrongIsRefused(String path, String message) {
        HttpResponse<String> answer = fixture.get("/api/ledger/" + path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
    }
}
