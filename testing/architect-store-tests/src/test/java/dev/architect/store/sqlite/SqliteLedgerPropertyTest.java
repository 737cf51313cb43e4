package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.CostTotals;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.Savings;
import dev.architect.cost.SpendDimension;
import dev.architect.cost.TokenTotals;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.Rerating;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spend.RatedReport;
import dev.architect.spend.SpendFilter;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random calls that are added up to random times: in every dimension a report is the sum of its entries, what was spent and the baseline are of the
 * same calls, and the same prices rate every call as it was.
 */
class SqliteLedgerPropertyTest {

    private static final ModelId BASELINE = new ModelId("claude", "large");
    private static final List<ModelId> MODELS = List.of(
            new ModelId("openai", "small"), new ModelId("ollama", "local"), new ModelId("acme", "unpriced"), BASELINE);
    private static final PriceCatalogue PRICES = new PriceCatalogue(
            "v1",
            List.of(price(MODELS.get(0), "0.15", "0.6"), price(MODELS.get(1), "0", "0"), price(BASELINE, "3", "15")));

    /** Each seed has a month of its own, so that sums of earlier ones stay as they are. */
    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    Path directory;

    private static Price price(ModelId model, String input, String output) {
        return Price.builder(model, "a test", LocalDate.of(2026, 1, 1))
                .usdPerMillionTokens(UsageBucket.INPUT, input)
                .usdPerMillionTokens(UsageBucket.OUTPUT, output)
                .build();
    }

    @Test
    void everyReportIsTheSumOfItsEntries() {
        run(100);
    }

    @Test
    @Tag("slow")
    @Timeout(1_800)
    void everyReportIsTheSumOfItsEntriesUnderTenThousandSeeds() {
        run(10_000);
    }

    private void run(int seeds) {
        ManualTime time = new ManualTime();
        try (SqliteStore store = SqliteStore.builder(directory.resolve("architect.db"))
                .time(time)
                .open()) {
            Ledger ledger = new Ledger(store.ledger(), time);
            for (int seed = 0; seed < seeds; seed++) {
                Random random = new Random(seed);
                Instant begin = ManualTime.START.plus(MONTH.multipliedBy(seed));
                List<LedgerEntry> all = new ArrayList<>();
                for (int round = 0; round < 2; round++) {
                    List<LedgerEntry> batch = new ArrayList<>();
                    for (int i = random.nextInt(12); i >= 0; i--) {
                        batch.add(call(random, "s" + seed + "r" + round + "i" + i, begin));
                    }
                    store.ledger().record(batch);
                    all.addAll(batch);
                    Instant before = at(random, begin);
                    while (store.ledger().rollUp(before)) {
                        // Each call adds up some.
                    }
                }
                check(ledger, all, period(random, begin), "seed " + seed);
            }
        }
    }

    private static Instant at(Random random, Instant begin) {
        return begin.plusSeconds(random.nextInt(30 * 86_400)).plusNanos(random.nextInt(1_000_000) * 1_000L);
    }

    private static ReportPeriod.Between period(Random random, Instant begin) {
        if (random.nextInt(3) == 0) {
            return new ReportPeriod.Between(begin, begin.plus(MONTH));
        }
        Instant one = at(random, begin);
        Instant other = at(random, begin);
        return one.isBefore(other) ? new ReportPeriod.Between(one, other) : new ReportPeriod.Between(other, one);
    }

    private static LedgerEntry call(Random random, String id, Instant begin) {
        ModelId requested = MODELS.get(random.nextInt(MODELS.size()));
        ModelId answered = random.nextInt(5) == 0 ? MODELS.get(random.nextInt(MODELS.size())) : requested;
        Instant startedAt = at(random, begin);
        CallOutcome outcome = CallOutcome.values()[random.nextInt(CallOutcome.values().length)];
        boolean isAnswered = outcome == CallOutcome.ANSWERED || outcome == CallOutcome.REJECTED;
        boolean isBilled = isAnswered || random.nextBoolean();
        boolean isEstimated = isBilled && random.nextInt(4) == 0;
        TokenUsage usage =
                isBilled ? TokenUsage.of(random.nextInt(300_000), random.nextInt(5_000)) : TokenUsage.UNKNOWN;
        Cost rated = isBilled ? PRICES.cost(answered, usage, startedAt) : Cost.NOT_BILLED;
        Cost baseline = !isAnswered
                ? Cost.NOT_BILLED
                : rated.status() == CostStatus.UNPRICED ? Cost.UNPRICED : PRICES.cost(BASELINE, usage, startedAt);
        Attribution attribution = Attribution.of(new ProjectId("p" + random.nextInt(3)));
        return new LedgerEntry(
                id,
                new CallOrigin(
                        id,
                        Optional.empty(),
                        0,
                        random.nextBoolean() ? attribution.withUser("user-" + random.nextInt(4)) : attribution),
                new CallRoute(
                        Complexity.values()[random.nextInt(Complexity.values().length)],
                        0,
                        requested,
                        answered,
                        Price.STANDARD,
                        random.nextInt(3) == 0 ? "eu" : "",
                        Optional.empty()),
                new CallTiming(startedAt, Duration.ofMillis(random.nextInt(9_000))),
                outcome,
                isAnswered ? Optional.empty() : Optional.of(FailureKind.TIMEOUT),
                new Metering(usage, isEstimated ? UsageSource.ESTIMATED : UsageSource.REPORTED),
                new CallCharge(
                        isEstimated ? rated.estimated() : rated,
                        Optional.empty(),
                        isEstimated ? baseline.estimated() : baseline,
                        PRICES.version()),
                isAnswered ? Optional.of(StopReason.COMPLETE) : Optional.empty());
    }

    private static void check(Ledger ledger, List<LedgerEntry> all, ReportPeriod.Between period, String what) {
        List<LedgerEntry> within = all.stream()
                .filter(call -> !call.timing().startedAt().isBefore(period.from())
                        && call.timing().startedAt().isBefore(period.to()))
                .toList();
        for (SpendDimension dimension : SpendDimension.values()) {
            SortedMap<String, List<LedgerEntry>> groups = new TreeMap<>();
            within.forEach(call -> groups.computeIfAbsent(dimension.of(call), each -> new ArrayList<>())
                    .add(call));
            assertThat(ledger.spendBy(dimension, period))
                    .as("by %s, %s", dimension, what)
                    .containsExactlyElementsOf(groups.entrySet().stream()
                            .map(group -> sum(group.getKey(), group.getValue()))
                            .toList());
        }
        GroupSpend total = sum("", within);
        Savings savings = ledger.savings(period);
        assertThat(savings.spent()).as("spent, %s", what).isEqualTo(total.cost().spent());
        assertThat(savings.baseline())
                .as("baseline, %s", what)
                .isEqualTo(total.cost().baseline());
        RatedReport again = ledger.rerate(Rerating.by(PRICES), SpendDimension.MODEL, SpendFilter.ALL, period);
        assertThat(again.total().calls().all()).isEqualTo(within.size());
        assertThat(again.total().calls().changed()).as("rated anew, %s", what).isZero();
        assertThat(again.total().money().rated()).isEqualTo(total.cost().spent());
    }

    private static GroupSpend sum(String name, List<LedgerEntry> calls) {
        long requests = 0;
        long failed = 0;
        long unpriced = 0;
        long input = 0;
        long output = 0;
        MoneyTotal exact = MoneyTotal.ZERO;
        MoneyTotal estimated = MoneyTotal.ZERO;
        MoneyTotal baseline = MoneyTotal.ZERO;
        for (LedgerEntry call : calls) {
            CostStatus status = call.charge().cost().status();
            Money amount = call.charge().cost().amount().orElse(Money.ZERO);
            failed += call.outcome() == CallOutcome.FAILED ? 1 : 0;
            unpriced += status == CostStatus.UNPRICED ? 1 : 0;
            input += call.metering().usage().promptTokens();
            output += call.metering().usage().completionTokens();
            exact = status == CostStatus.PRICED ? exact.plus(amount) : exact;
            estimated = status == CostStatus.ESTIMATED ? estimated.plus(amount) : estimated;
            if (call.outcome() == CallOutcome.ANSWERED) {
                requests++;
                baseline = baseline.plus(call.charge().baseline().amount().orElse(Money.ZERO));
            }
        }
        return new GroupSpend(
                name,
                requests,
                new CallCounts(calls.size(), failed, 0, unpriced),
                new TokenTotals(input, output),
                new CostTotals(exact, estimated, baseline));
    }
}
