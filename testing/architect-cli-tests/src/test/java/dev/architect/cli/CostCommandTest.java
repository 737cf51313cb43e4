package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.TaskId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gaia cost}. */
final class CostCommandTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final TaskId TASK = new TaskId(7);

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            store.ledger()
                    .record(List.of(
                            call("a", START.plusSeconds(1), "small", Optional.of(TASK), 1_000_000_000_001L),
                            call("b", START.plus(Duration.ofDays(2)), "large", Optional.empty(), 2_000_000_000L)));
        }
    }

    private static LedgerEntry call(String id, Instant at, String model, Optional<TaskId> task, long pico) {
        return new LedgerEntry(
                id,
                new CallOrigin(
                        "request-" + id,
                        task,
                        task.isPresent() ? 1 : 0,
                        Attribution.DEFAULT.withUser("eve").withTag("team", model)),
                new CallRoute(Complexity.SIMPLE, 0, new ModelId("claude", model), new ModelId("claude", model)),
                new CallTiming(at, Duration.ofMillis(250)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(
                        Cost.priced(new Money(pico)),
                        Optional.empty(),
                        Cost.priced(new Money(4_000_000_000_000L)),
                        "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private GaiaRun cost(String... arguments) {
        List<String> all = new ArrayList<>(List.of("cost"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaia(all.toArray(String[]::new));
    }

    @Test
    void summarizes() {
        GaiaRun text = cost("summary", "--period", "all");
        GaiaRun json = cost("summary", "--period", "all", "--json");

        assertThat(text.out())
                .contains(
                        "spent      $1.002000000001, of which estimated $0.00",
                        "baseline   $4.00, saved 74.9 %",
                        "calls      2, failed 0, failovers 0, unpriced 0");
        assertThat(json.out()).contains("\"calls\":2", "\"costUsd\":\"1.002000000001\"", "\"savingsPercent\":\"74.9\"");
        assertThat(cost("summary", "--period", "1h").out()).contains("spent      $0.00");
    }

    @Test
    void showsACallWithTheOthersOfItsRequest() {
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            store.ledger().record(List.of(call("request-a", START, "large", Optional.empty(), 3_000_000_000L)));
        }

        GaiaRun byCall = cost("call", "a");
        GaiaRun byRequest = cost("call", "request-a", "--json");
        GaiaRun none = cost("call", "none");

        assertThat(byCall.out())
                .contains("claude/small", "$1.000000000001", "answered")
                .doesNotContain("Decision");
        assertThat(byRequest.out()).contains("\"request\":\"request-request-a\"", "\"callId\":\"request-a\"");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("call none does not exist, expected the id of a call");
    }

    @Test
    void groupsAndFilters() {
        assertThat(cost("by", "model", "--period", "all").out()).contains("claude/large", "claude/small", "$0.002");
        assertThat(cost("by", "user", "--json", "--period", "all", "--tag", "team=small")
                        .out()
                        .lines())
                .singleElement()
                .asString()
                .startsWith("{\"group\":\"eve\",\"calls\":1,")
                .contains("\"costUsd\":\"1.000000000001\"");
        assertThat(cost("by", "outcome", "--json", "--from", "2026-03-02T00:00:00Z")
                        .out())
                .startsWith("{\"group\":\"answered\",\"calls\":1,");
    }

    @Test
    void groupsAndFiltersByTaskTypeAndKey() {
        LedgerEntry typed = call("typed", START, "small", Optional.of(TASK), 3_000_000_000L);
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            store.ledger()
                    .record(List.of(new LedgerEntry(
                            typed.callId(),
                            new CallOrigin(
                                    "request-typed",
                                    Optional.of(TASK),
                                    1,
                                    Attribution.DEFAULT.withUser("agent:ci"),
                                    Optional.of("review")),
                            typed.route(),
                            typed.timing(),
                            typed.outcome(),
                            typed.failure(),
                            typed.metering(),
                            typed.charge(),
                            typed.stopReason())));
        }

        assertThat(cost("by", "task-type", "--json", "--period", "all").out())
                .contains("{\"group\":\"\",\"calls\":2,", "{\"group\":\"review\",\"calls\":1,");
        assertThat(cost("by", "key", "--json", "--period", "all", "--task-type", "review")
                        .out()
                        .lines())
                .singleElement()
                .asString()
                .startsWith("{\"group\":\"ci\",\"calls\":1,");
        assertThat(cost("by", "task-type", "--json", "--period", "all", "--key", "")
                        .out()
                        .lines())
                .singleElement()
                .asString()
                .startsWith("{\"group\":\"\",\"calls\":2,");
        assertThat(cost("export", "--period", "all", "--key", "ci").out())
                .contains("providerRequestId,taskType,key\r\n", ",standard,,,review,ci\r\n");
        assertThat(cost("by", "keys").err()).contains("expected one of provider, model", "task-type, key");
    }

    @Test
    void ratesAMonthByOtherPrices() throws IOException {
        Path prices = folder.resolve("prices.yaml");
        Files.writeString(prices, """
                base: none
                version: other
                prices:
                  - provider: claude
                    model: small
                    source: a test
                    checked: 2026-11-22
                    usdPerMillionTokens: {input: 1, output: 2}
                """);

        GaiaRun text = cost("rerate", "--prices", prices.toString(), "--month", "2026-03");
        GaiaRun json = cost("rerate", "--prices", prices.toString(), "--month", "2026-03", "--json", "--by", "user");

        assertThat(text.out())
                .startsWith("prices     other")
                .contains("claude/small", "claude/large", "total", "unpriced   claude/large, calls 1");
        assertThat(json.out())
                .contains(
                        "\"catalogueVersion\":\"other\"",
                        "\"calls\":2,\"changedCalls\":2,\"newlyPricedCalls\":0,\"newlyUnpricedCalls\":1,\"unpricedCalls\":1",
                        "\"recordedUsd\":\"1.002000000001\",\"ratedUsd\":\"0.00002\"",
                        "\"lostUsd\":\"0.002\",\"differenceUsd\":\"-0.999980000001\"",
                        "\"unpricedModels\":{\"claude/large\":1}");
        assertThat(cost("rerate", "--prices", prices.toString(), "--month", "2026-03", "--as", "claude/small", "--json")
                        .out())
                .contains("\"ratedUsd\":\"0.00004\"", "\"unpricedModels\":{}");
        assertThat(cost("rerate", "--prices", prices.toString(), "--month", "2026-04")
                        .out())
                .doesNotContain("claude/");
        assertThat(cost("rerate", "--prices", folder.resolve("none.yaml").toString())
                        .err())
                .contains("--prices is ", "expected a price file");
        assertThat(cost("by", "user", "--period", "7d", "--month", "2026-03").err())
                .contains("--period is '7d', expected none beside --month");
        assertThat(cost("by", "user", "--period", "7d", "--from", "2026-03-01T00:00:00Z")
                        .err())
                .contains("--period is '7d', expected none beside --from and --until");
        assertThat(cost("rerate", "--month", "March").err())
                .contains("--month is 'March', expected one such as 2026-03");
        assertThat(cost("rerate", "--replace", "small=large").err()).contains("'small'", "expected provider/model");
    }

    @Test
    void comparesAnInvoiceWithTheCalls() throws IOException {
        Path invoice = folder.resolve("march.csv");
        Files.writeString(invoice, "date,model,cost\n2026-03-01,small,1.000000000001\n2026-03-03,large,0.003\n");

        GaiaRun text = cost(
                "reconcile",
                invoice.toString(),
                "--provider",
                "claude",
                "--month",
                "2026-03",
                "--column",
                "amount=cost");
        GaiaRun json = cost(
                "reconcile",
                invoice.toString(),
                "--provider",
                "claude",
                "--month",
                "2026-03",
                "--column",
                "amount=cost",
                "--tolerance",
                "0.001",
                "--json");

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out())
                .contains("matched", "difference $0.001, calls without a price 0", "2026-03-03 large")
                .doesNotContain("2026-03-01 small");
        assertThat(json.exitCode()).isZero();
        assertThat(json.out())
                .startsWith("{\"matched\":{\"items\":2,\"calls\":2,\"invoicedUsd\":\"1.003000000001\"")
                .contains("\"differenceUsd\":\"0.001\",\"items\":[]");
        assertThat(cost("reconcile", invoice.toString()).err()).contains("--provider is missing");
        assertThat(cost("reconcile", invoice.toString(), "--provider", "claude").err())
                .contains("march.csv:1:1: amount_usd is missing, expected it among date, model, cost");
        assertThat(cost("reconcile", folder.resolve("none").toString(), "--provider", "claude")
                        .err())
                .contains("expected an invoice");
    }

    @Test
    void printsHowWellAnswersWereForecast() {
        assertThat(cost("calibration", "--period", "all").out().lines())
                .hasSize(4)
                .element(3)
                .asString()
                .startsWith("total")
                .contains("2");
        assertThat(cost("calibration", "--period", "all", "--json").out())
                .contains("{\"model\":\"claude/large\",\"calls\":1,\"coldCalls\":1,\"withinP50\":0,\"withinP90\":0,"
                        + "\"percentWithinP50\":null,\"percentWithinP90\":null}");
    }

    @Test
    void aSeriesHasEveryDay() {
        assertThat(cost("series", "--json", "--from", "2026-03-01T00:00:00Z", "--until", "2026-03-04T00:00:00Z")
                        .out()
                        .lines())
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith("{\"begin\":\"2026-03-02T00:00:00Z\",\"calls\":0,");
        assertThat(cost("series", "--period", "all").err()).contains("expected at most 10000 times one DAY");
    }

    @Test
    void theDearestComeFirst() {
        assertThat(cost("top", "--period", "all", "--json").out())
                .startsWith("{\"group\":\"" + TASK + "\",\"calls\":1,");
        assertThat(cost("top", "model", "--period", "all", "--limit", "1", "--json")
                        .out()
                        .lines())
                .singleElement()
                .asString()
                .startsWith("{\"group\":\"claude/small\"");
    }

    @Test
    void aTaskIsBrokenDown() {
        assertThat(cost("task", TASK.toString()).out())
                .contains("Attempt", "$1.000000000001", "claude/small", "answered", "priced");
        assertThat(cost("task", TASK.toString(), "--json").out())
                .startsWith("{\"task\":\"" + TASK + "\"")
                .contains("\"attempts\":[{\"epoch\":1,", "\"callId\":\"a\"");
        assertThat(cost("task", new TaskId(8).toString()).err()).contains("has no calls");
    }

    @Test
    void exports() throws IOException {
        Path file = folder.resolve("ledger.jsonl");

        assertThat(cost("export", "--period", "all").out())
                .startsWith("callId,requestId,")
                .contains(",1.000000000001,");
        GaiaRun toFile = cost("export", "--period", "all", "--format", "jsonl", "--out", file.toString());
        assertThat(toFile.err()).contains("2 calls are in ");
        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThat(cost("export", "--out", file.toString()).err()).contains("which exists, expected a new file");
    }

    @Test
    void archivesAMonthAndDeletesWhatTheArchiveHas() throws IOException {
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            store.ledger()
                    .record(List.of(
                            call("april", Instant.parse("2026-04-01T00:00:00Z"), "small", Optional.empty(), 3)));
        }
        Path file = folder.resolve("march.jsonl.gz");
        String before = cost("by", "model", "--period", "all", "--json").out();

        assertThat(cost("archive", "2026-03", "--out", file.toString()).out()).contains("2 calls are in ");
        assertThat(cost("archive", "2026-03", "--out", file.toString()).err()).contains("which exists");
        assertThat(cost("archive", "2026-03", "--out", file.toString(), "--purge")
                        .out())
                .as("before they are added up")
                .contains("0 of 2 calls are deleted");
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            while (store.ledger().rollUp(Instant.parse("2026-05-01T00:00:00Z"))) {
                // Each call adds up some.
            }
        }
        assertThat(cost("archive", "2026-03", "--out", file.toString(), "--purge")
                        .out())
                .contains("1 of 2 calls are deleted");

        assertThat(cost("by", "model", "--period", "all", "--json").out()).isEqualTo(before);
        // The attempt of the other one has no end.
        assertThat(cost("export", "--period", "all", "--format", "jsonl").out().lines())
                .hasSize(2);
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            assertThat(lines.lines()).hasSize(2).first().asString().contains("\"callId\":\"a\"");
        }
    }

    @Test
    void aDamagedArchiveDeletesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("march.jsonl.gz"), "not compressed");

        assertThat(cost("archive", "2026-03", "--out", file.toString(), "--purge")
                        .exitCode())
                .isNotZero();
        assertThat(cost("export", "--period", "all", "--format", "jsonl").out().lines())
                .hasSize(2);
        assertThat(cost("archive", "March").err()).contains("MONTH is 'March', expected one such as 2026-03");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "by week | dimension is 'week', expected one of provider, model",
                "top week | dimension is 'week', expected one of task, provider",
                "top --limit 2000 | limit is 2000, expected 1..1000",
                "series --interval week | --interval is 'week', expected minute, hour or day",
                "summary --period 1y | --period is '1y', expected one of today",
                "summary --from yesterday | --from is 'yesterday', expected a time in UTC",
                "summary --model small | model is 'small', expected provider/model",
                "summary --outcome lost | outcome is 'LOST', expected one of",
                "summary --failure x | --failure is 'x', expected one of",
                "export --format xml | --format is 'xml', expected csv or jsonl",
                "task x | expected"
            })
    void whatIsWrongIsRefused(String arguments, String message) {
        assertThat(cost(arguments.split(" ")).err()).contains(message);
    }
}
