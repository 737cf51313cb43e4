package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.json.JsonText;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.LedgerFormat;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.OutputCalibration;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.TaskSpend;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskId;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the reader of the ledger adds to the store: gaps of a series, the dearest groups, the breakdown of a task, and exports. */
class LedgerReportTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private final ManualTime time = new ManualTime();
    private final Store store = new InMemoryStore(time);
    private final Ledger ledger = new Ledger(store.ledger(), time);

    @AfterEach
    void close() {
        store.close();
    }

    private static LedgerEntry call(
            String id, Instant at, String model, Optional<TaskId> task, Attribution by, Cost cost) {
        return new LedgerEntry(
                id,
                new CallOrigin("request-" + id, task, task.isPresent() ? 1 : 0, by),
                new CallRoute(Complexity.SIMPLE, 0, new ModelId("claude", model), new ModelId("claude", model)),
                new CallTiming(at, Duration.ofNanos(1_234_567_000)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), Cost.priced(new Money(3_000)), "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private static LedgerEntry call(String id, Instant at, String model, long pico) {
        return call(id, at, model, Optional.empty(), Attribution.DEFAULT, Cost.priced(new Money(pico)));
    }

    @Test
    void aSeriesHasEveryDayOfThePeriod() {
        store.ledger()
                .record(List.of(
                        call("a", START.plusSeconds(10), "small", 5),
                        call("b", START.plus(Duration.ofDays(2)), "small", 7)));

        List<SpendBucket> days = ledger.series(
                SpendInterval.DAY,
                SpendFilter.ALL,
                ReportPeriod.between(
                        START.plusSeconds(5), START.plus(Duration.ofDays(3)).plusNanos(1)));

        assertThat(days)
                .extracting(SpendBucket::begin)
                .containsExactly(
                        START,
                        START.plus(Duration.ofDays(1)),
                        START.plus(Duration.ofDays(2)),
                        START.plus(Duration.ofDays(3)));
        assertThat(days)
                .extracting(day -> day.totals().cost().spent().picoUsd())
                .containsExactly(BigInteger.valueOf(5), BigInteger.ZERO, BigInteger.valueOf(7), BigInteger.ZERO);
    }

    @Test
    void aSeriesThatIsTooLongIsRefused() {
        assertThat(ledger.series(
                        SpendInterval.HOUR,
                        SpendFilter.ALL,
                        ReportPeriod.between(START, START.plus(Duration.ofHours(10_000)))))
                .hasSize(10_000);
        assertThatThrownBy(() -> ledger.series(
                        SpendInterval.HOUR,
                        SpendFilter.ALL,
                        ReportPeriod.between(START, START.plus(Duration.ofHours(10_001)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "period is from 2026-03-01T00:00:00Z to 2027-04-21T17:00:00Z, expected at most 10000 times one HOUR");
        assertThatThrownBy(() -> ledger.series(
                        SpendInterval.DAY, SpendFilter.ALL, ReportPeriod.between(Instant.MIN, Instant.MAX)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDearestGroupsComeFirst() {
        store.ledger()
                .record(List.of(
                        call("a", START, "cheap", 1),
                        call("b", START, "dear", 9),
                        call("c", START, "also-cheap", 1),
                        call("d", START, "middle", 5)));

        assertThat(ledger.top(SpendDimension.MODEL, SpendFilter.ALL, ReportPeriod.all(), 3))
                .extracting(GroupSpend::group)
                .containsExactly("claude/dear", "claude/middle", "claude/also-cheap");
        assertThatThrownBy(() -> ledger.top(SpendDimension.MODEL, SpendFilter.ALL, ReportPeriod.all(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit is 0, expected 1..1000");
    }

    @Test
    void aTaskIsBrokenDownByAttempt() {
        TaskId task = new TaskId(99);
        LedgerEntry first = call("a", START, "m", Optional.of(task), Attribution.DEFAULT, Cost.priced(new Money(4)));
        LedgerEntry second =
                call("b", START.plusSeconds(1), "m", Optional.of(task), Attribution.DEFAULT, Cost.UNPRICED);
        store.ledger().record(List.of(second, first, call("other", START, "m", 1)));

        TaskSpend spend = ledger.spendOf(task);

        assertThat(spend.attempts()).hasSize(1);
        assertThat(spend.attempts().get(0).epoch()).isEqualTo(1);
        assertThat(spend.attempts().get(0).calls()).containsExactly(first, second);
        assertThat(spend.totals().cost().spent().picoUsd()).isEqualTo(4);
        assertThat(spend.totals().calls().unpriced()).isEqualTo(1);
        assertThat(ledger.spendOf(new TaskId(1)).attempts()).isEmpty();
    }

    @Test
    void calibrationCountsWhatWasForecastFromTheCallsBefore() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(call("c" + i, START.plusSeconds(i), i < 35 ? "small" : "large", 1));
        }
        store.ledger().record(calls);

        List<OutputCalibration> models = ledger.outputCalibration(SpendFilter.ALL, ReportPeriod.all());

        assertThat(models)
                .containsExactly(
                        new OutputCalibration("claude/large", 5, 5, 0, 0),
                        new OutputCalibration("claude/small", 35, 30, 5, 5));
        assertThat(models.get(0).percentWithinP90()).isEmpty();
        assertThat(models.get(1).percentWithinP90()).contains(new BigDecimal("100.0"));
        assertThat(ledger.outputCalibration(SpendFilter.ALL, ReportPeriod.between(START, START.plusSeconds(20))))
                .containsExactly(new OutputCalibration("claude/small", 20, 20, 0, 0));
    }

    private String export(LedgerFormat format) throws IOException {
        StringBuilder text = new StringBuilder();
        ledger.export(format, SpendFilter.ALL, ReportPeriod.all(), text);
        return text.toString();
    }

    @Test
    void csvHasEveryColumnAndTheExactAmount() throws IOException {
        store.ledger()
                .record(List.of(call(
                        "call-1",
                        START,
                        "small",
                        Optional.of(new TaskId(7)),
                        Attribution.DEFAULT.withUser("eve").withTag("team", "search"),
                        new Cost(CostStatus.STATED, Optional.of(new Money(1_000_000_000_001L))))));

        assertThat(export(LedgerFormat.CSV))
                .isEqualTo("callId,requestId,task,epoch,project,user,tags,complexity,position,provider,model,"
                        + "answeredProvider,answeredModel,startedAt,durationMs,outcome,failure,stopReason,inputTokens,"
                        + "outputTokens,usage,usageSource,costStatus,costUsd,computedUsd,baselineStatus,baselineUsd,"
                        + "catalogueVersion,serviceTier,region,providerRequestId,taskType,key\r\n"
                        + "call-1,request-call-1,0000000000007,1,default,eve,\"{\"\"team\"\":\"\"search\"\"}\",simple,0,claude,small,"
                        + "claude,small,2026-03-01T00:00:00Z,1234.567,answered,,complete,10,5,\"{\"\"input\"\":10,\"\"output\"\":5}\","
                        + "reported,stated,1.000000000001,,priced,0.000000003,2026-11-22,standard,,,,\r\n");
    }

    @Test
    void csvQuotesWhatItMustAndDisarmsFormulas() throws IOException {
        int number = 0;
        List<LedgerEntry> calls = new ArrayList<>();
        for (String user :
                List.of("a,b", "say \"hi\"", "two\r\nlines", "=1+1", "+1", "-cmd", "@x", "\tx", "-5", "plain")) {
            calls.add(call(
                    "c" + number,
                    START.plusSeconds(number++),
                    "m",
                    Optional.empty(),
                    Attribution.DEFAULT.withUser(user),
                    Cost.priced(new Money(-5))));
        }
        store.ledger().record(calls);

        assertThat(export(LedgerFormat.CSV))
                .contains(
                        ",default,\"a,b\",",
                        ",default,\"say \"\"hi\"\"\",",
                        ",default,\"two\r\nlines\",",
                        ",default,'=1+1,",
                        ",default,'+1,",
                        ",default,'-cmd,",
                        ",default,'@x,",
                        ",default,'\tx,",
                        ",default,-5,",
                        ",default,plain,",
                        ",-0.000000000005,");
    }

    @Test
    void jsonLinesHaveAmountsAsText() throws IOException {
        store.ledger()
                .record(List.of(
                        call("a", START, "m", 0),
                        call("b", START, "m", Optional.empty(), Attribution.DEFAULT.withUser("=1+1"), Cost.UNPRICED)));

        List<Map<String, Object>> lines = export(LedgerFormat.JSON_LINES)
                .lines()
                .map(JsonText::readObject)
                .toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).containsEntry("costUsd", "0").containsEntry("user", null);
        assertThat(lines.get(0).get("usage")).isInstanceOf(Map.class);
        assertThat(lines.get(1)).containsEntry("costUsd", null).containsEntry("user", "=1+1");
    }

    @Test
    void anExportIsReadPageByPage() throws IOException {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            calls.add(call("c" + i, START.plusNanos(1_000L * (i / 7)), "m", 1));
        }
        store.ledger().record(calls);

        StringBuilder text = new StringBuilder();
        long written = ledger.export(LedgerFormat.JSON_LINES, SpendFilter.ALL, ReportPeriod.all(), text);

        assertThat(written).isEqualTo(1_500);
        assertThat(text.toString().lines().distinct()).hasSize(1_500);
    }

    @Test
    void aPurgeRestsForAsLongAsEachOfItsStepsTakes() throws Exception {
        AtomicInteger steps = new AtomicInteger();
        FaultyStore slow = new FaultyStore(store);
        slow.set((method, made) -> {
            if (method.equals("purge")) {
                steps.incrementAndGet();
                time.advance(Duration.ofMillis(300));
            }
            return made.call();
        });
        List<LedgerPosition> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(LedgerPosition.after(call("c" + i, START.plusNanos(1_000L * i), "m", 1)));
        }
        CompletableFuture<Integer> purge =
                CompletableFuture.supplyAsync(() -> new Ledger(slow.ledger(), time).purge(calls));

        for (int step = 1; step <= 3; step++) {
            time.awaitWaiting(1);
            assertThat(steps).hasValue(step);
            time.advance(Duration.ofMillis(299));
            assertThat(steps).hasValue(step);
            time.advance(Duration.ofMillis(1));
            if (step < 3) {
                time.awaitRest(Duration.ofSeconds(60));
            }
        }
        purge.get(60, TimeUnit.SECONDS);
        assertThat(steps).hasValue(3);
    }

    @Test
    void anInterruptedPurgeDoesNotRest() {
        FaultyStore slow = new FaultyStore(store);
        slow.set((method, made) -> {
            if (method.equals("purge")) {
                time.advance(Duration.ofMillis(300));
            }
            return made.call();
        });
        Thread.currentThread().interrupt();

        new Ledger(slow.ledger(), time).purge(List.of(LedgerPosition.after(call("c", START, "m", 1))));

        assertThat(Thread.interrupted()).isTrue();
    }
}
