package dev.architect.runtime.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.error.CapacityException;
import dev.architect.error.InvalidFileException;
import dev.architect.error.StoreException;
import dev.architect.job.BulkJob;
import dev.architect.job.ledger.OtherPrices;
import dev.architect.job.ledger.RerateJob;
import dev.architect.job.ledger.RerateJobs;
import dev.architect.job.ledger.RerateRequest;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.Rerating;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.node.NodeRole;
import dev.architect.project.Attribution;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spend.RatedReport;
import dev.architect.spend.SpendFilter;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratings by other prices go on after the end of their process, and give what one reading of the ledger gives. */
class RerateJobsTest {

    private static final NodeRole ROLE = new NodeRole(RerateJobs.ROLE, 1, 1);
    private static final String FILE = "base: none\nversion: other\nprices: [{provider: claude, model: large,"
            + " source: a test, checked: 2026-11-22, usdPerMillionTokens: {input: 1, output: 2}}]";
    private static final ReportPeriod.Between YEAR = new ReportPeriod.Between(
            ManualTime.START.minus(Duration.ofDays(365)), ManualTime.START.plus(Duration.ofDays(365)));

    private final ManualTime time = new ManualTime();
    private final CostAwareRouter router =
            CostAwareRouter.with(RoutingPolicy.standard()).create(List.of(ScriptedProvider.named("claude")), time);
    private FaultyStore store;

    @TempDir
    Path directory;

    @BeforeEach
    void open() {
        store = new FaultyStore(SqliteStore.builder(directory.resolve("architect.db"))
                .time(time)
                .open());
    }

    @AfterEach
    void close() {
        store.close();
        router.close();
    }

    private RerateJobs jobs() {
        return new RerateJobs(store, time, router.control(), work -> Optional.empty());
    }

    private static LedgerEntry call(int number, Duration before, String user) {
        ModelId model = new ModelId("claude", number % 3 == 0 ? "small" : "large");
        return new LedgerEntry(
                "call-" + number,
                new CallOrigin("call-" + number, Optional.empty(), 0, Attribution.DEFAULT.withUser(user)),
                new CallRoute(Complexity.SIMPLE, 0, model, model),
                new CallTiming(ManualTime.START.minus(before), Duration.ofMillis(100)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(1_000 + number, 5), UsageSource.REPORTED),
                new CallCharge(
                        Cost.priced(new Money(1_000L * number)), Optional.empty(), Cost.NOT_BILLED, "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    /** Some in each of 40 days with a month between both halves, one of this moment, and one of a time to come. */
    private void record() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Duration gap = Duration.ofDays(i < 500 ? 0 : 30);
            calls.add(call(i, gap.plusMinutes(1 + i * 58L), "ada"));
        }
        calls.add(call(1_000, Duration.ZERO, "ada"));
        calls.add(call(1_001, Duration.ofDays(-1), "ada"));
        store.ledger().record(calls);
    }

    private static RerateRequest request(OtherPrices prices, SpendDimension dimension) {
        return new RerateRequest("a new contract", prices, dimension, SpendFilter.ALL, YEAR);
    }

    private static OtherPrices file(String text) {
        return new OtherPrices(Optional.of(text), Optional.empty(), Map.of());
    }

    private static RerateJob accepted(RerateJobs jobs, RerateRequest request) {
        return jobs.accept(jobs.prepare(request, "user:ada"));
    }

    private RatedReport atOnce(Rerating rerating) {
        return new Ledger(store.ledger(), time)
                .rerate(
                        rerating,
                        SpendDimension.MODEL,
                        SpendFilter.ALL,
                        new ReportPeriod.Between(YEAR.from(), ManualTime.START));
    }

    @Test
    void reportsWhatOneReadingOfTheLedgerDoes() throws Exception {
        record();
        RerateJobs jobs = jobs();
        ModelId small = ModelId.parse("claude/small");
        ModelId large = ModelId.parse("claude/large");
        RerateJob job = accepted(
                jobs,
                request(
                        new OtherPrices(Optional.of(FILE), Optional.empty(), Map.of(small, large)),
                        SpendDimension.MODEL));
        List<LedgerEntry> before = store.ledger().newest(10_000);

        jobs.work().run(ROLE);

        RerateJob done = jobs.find(job.id()).orElseThrow();
        assertThat(done.state()).isEqualTo(BulkJob.State.DONE);
        assertThat(done.progress().total()).isEqualTo(1_000);
        assertThat(done.progress().done()).isEqualTo(1_000);
        assertThat(done.progress().report())
                .contains(atOnce(Rerating.by(Prices.parse(FILE)).withModel(small, large)));
        assertThat(done.request().reason()).isEqualTo("a new contract");
        // The text of the file is not kept, and the ledger is as it was.
        assertThat(done.request().prices().file()).isEmpty();
        assertThat(store.ledger().newest(10_000)).isEqualTo(before);
        assertThat(jobs.list()).containsExactly(done);
    }

    @Test
    void goesOnAfterTheEndOfItsProcess() throws Exception {
        record();
        RerateJob job = accepted(jobs(), request(file(FILE), SpendDimension.MODEL));
        AtomicInteger reads = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("metered") && reads.incrementAndGet() % 3 == 0) {
                throw new StoreException(StoreException.Kind.BUSY, "the process ends here", null);
            }
            return call.call();
        });

        int ends = 0;
        while (!jobs().find(job.id()).orElseThrow().state().isEnded()) {
            try {
                jobs().work().run(ROLE);
            } catch (StoreException end) {
                ends++;
            }
        }

        assertThat(ends).isGreaterThan(10);
        store.heal();
        assertThat(jobs().find(job.id()).orElseThrow().progress().report())
                .contains(atOnce(Rerating.by(Prices.parse(FILE))));
    }

    @Test
    void aStoppedJobHasTheCallsSoFar() throws Exception {
        record();
        RerateJobs jobs = jobs();
        RerateJob job = accepted(jobs, request(file(FILE), SpendDimension.MODEL));
        AtomicInteger reads = new AtomicInteger();
        store.set((method, call) -> {
            if (method.equals("metered") && reads.incrementAndGet() == 3) {
                jobs.stop(job.id());
            }
            return call.call();
        });

        jobs.work().run(ROLE);

        RerateJob stopped = jobs.find(job.id()).orElseThrow();
        assertThat(stopped.state()).isEqualTo(BulkJob.State.STOPPED);
        assertThat(stopped.progress().done()).isBetween(1L, 100L);
        assertThat(stopped.endedAt()).contains(time.wallTime());
        assertThat(reads).hasValue(3);
        assertThat(jobs.stop(job.id())).contains(stopped);
        assertThat(jobs.stop("other")).isEmpty();
    }

    @Test
    void beginsAnewWhenThePricesOfTheRouterChange() throws Exception {
        record();
        RerateJobs jobs = jobs();
        RerateJob job = accepted(jobs, request(OtherPrices.USUAL, SpendDimension.MODEL));
        AtomicInteger reads = new AtomicInteger();
        List<Price> prices = router.control()
                .orElseThrow()
                .parsePrices("{provider: claude, model: large, source: a test, checked: 2026-11-22,"
                        + " usdPerMillionTokens: {input: 7, output: 9}}");
        AtomicReference<String> first = new AtomicReference<>();
        store.set((method, call) -> {
            if (method.equals("metered") && reads.incrementAndGet() == 5) {
                first.set(jobs.find(job.id())
                        .orElseThrow()
                        .progress()
                        .report()
                        .orElseThrow()
                        .catalogueVersion());
                router.control().orElseThrow().setPrices("mine", prices);
            }
            return call.call();
        });

        jobs.work().run(ROLE);

        RatedReport report =
                jobs.find(job.id()).orElseThrow().progress().report().orElseThrow();
        assertThat(report)
                .isEqualTo(atOnce(
                        Rerating.by(router.control().orElseThrow().prices().catalogue())));
        assertThat(report.catalogueVersion()).isNotEqualTo(first.get());
        assertThat(report.total().calls().all()).isEqualTo(1_000);
    }

    @Test
    void anEmptyPeriodHasAnEmptyReport() throws Exception {
        RerateJobs jobs = jobs();
        RerateJob job = accepted(jobs, request(OtherPrices.USUAL, SpendDimension.PROJECT));

        jobs.work().run(ROLE);

        RerateJob done = jobs.find(job.id()).orElseThrow();
        assertThat(done.state()).isEqualTo(BulkJob.State.DONE);
        assertThat(done.progress().report().orElseThrow().groups()).isEmpty();
        assertThat(done.progress().total()).isZero();
    }

    @Test
    void aReportThatIsTooLongFailsAndTheNextOneIsDone() throws Exception {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i <= RerateJobs.MAX_GROUPS; i++) {
            calls.add(call(i, Duration.ofSeconds(1 + i), "user" + i));
        }
        store.ledger().record(calls);
        RerateJobs jobs = jobs();
        RerateJob tooLong = accepted(jobs, request(OtherPrices.USUAL, SpendDimension.USER));
        time.advance(Duration.ofSeconds(1));
        RerateJob next = accepted(jobs, request(OtherPrices.USUAL, SpendDimension.MODEL));

        jobs.work().run(ROLE);

        RerateJob failed = jobs.find(tooLong.id()).orElseThrow();
        assertThat(failed.state()).isEqualTo(BulkJob.State.FAILED);
        assertThat(failed.failure())
                .contains("the report has more than 1000 groups, expected fewer:"
                        + " another dimension or a filter makes it shorter");
        assertThat(failed.progress().report()).isEmpty();
        assertThat(jobs.find(next.id()).orElseThrow().state()).isEqualTo(BulkJob.State.DONE);
        assertThat(jobs.list()).extracting(RerateJob::id).containsExactly(next.id(), tooLong.id());
    }

    @Test
    void refusesWrongPricesAndMoreJobsThanMayWait() {
        RerateJobs jobs = jobs();
        RerateRequest wrong = request(file("prices: 7"), SpendDimension.MODEL);

        assertThatThrownBy(() -> jobs.prepare(wrong, "user:ada")).isInstanceOf(InvalidFileException.class);
        RerateRequest right = request(OtherPrices.USUAL, SpendDimension.MODEL);
        for (int i = 0; i < 10; i++) {
            accepted(jobs, right);
        }
        assertThatThrownBy(() -> accepted(jobs, right))
                .isInstanceOf(CapacityException.class)
                .hasMessageContaining("10");
        assertThatThrownBy(() -> new RerateJobs(store, time, Optional.empty(), work -> Optional.empty())
                        .prepare(right, "user:ada"))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
