package dev.architect.runtime.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.Rate;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.Rerating;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.router.pricing.Prices;
import dev.architect.spend.RatedReport;
import dev.architect.spend.RatedSpend;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What recorded calls would have cost by other prices, or on other models. */
class RerateTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final PriceCatalogue PRICES = Prices.standard();
    private static final List<Price> ROWS = PRICES.prices();
    private static final UsageBucket[] BUCKETS = UsageBucket.values();

    private final InMemoryStore store = new InMemoryStore(TimeSource.system());
    private final Ledger ledger = new Ledger(store.ledger(), TimeSource.system());

    @AfterEach
    void close() {
        store.close();
    }

    private RatedReport rerate(Rerating rerating) {
        return ledger.rerate(rerating, SpendDimension.MODEL, SpendFilter.ALL, ReportPeriod.all());
    }

    /** A call of a row of the standard prices, or of none, at any time, of any usage that some row prices. */
    private static LedgerEntry random(int seed) {
        Random random = new Random(seed);
        Price row = ROWS.get(random.nextInt(ROWS.size()));
        ModelId model = new ModelId(row.provider(), row.model().isEmpty() ? "any" : row.model());
        Instant at = START.plusSeconds(random.nextInt(400 * 86_400)).plusNanos(random.nextInt(1_000_000) * 1_000L);
        String tier = random.nextBoolean() ? row.serviceTier() : "batch";
        String region = random.nextInt(4) == 0 ? "us" : row.region().orElse("");
        TokenUsage.Builder usage = TokenUsage.builder();
        for (int i = random.nextInt(5); i > 0; i--) {
            usage.add(BUCKETS[random.nextInt(BUCKETS.length)], random.nextInt(1 << random.nextInt(20)));
        }
        UsageSource source = random.nextInt(4) == 0 ? UsageSource.ESTIMATED : UsageSource.REPORTED;
        Cost computed = PRICES.cost(model, tier, region, usage.build(), at);
        computed = source == UsageSource.ESTIMATED ? computed.estimated() : computed;
        boolean isStated = random.nextInt(5) == 0;
        Cost cost = isStated
                ? new Cost(CostStatus.STATED, Optional.of(new Money(random.nextInt(1_000_000_000))))
                : computed;
        return entry(
                "call-" + seed,
                model,
                at,
                tier,
                region,
                new Metering(usage.build(), source),
                random.nextInt(20) == 0 ? Cost.NOT_BILLED : cost,
                isStated ? computed.amount() : Optional.empty());
    }

    private static LedgerEntry entry(
            String id,
            ModelId model,
            Instant at,
            String tier,
            String region,
            Metering metering,
            Cost cost,
            Optional<Money> computed) {
        return new LedgerEntry(
                id,
                new CallOrigin("request-" + id, Optional.empty(), 0, Attribution.DEFAULT),
                new CallRoute(Complexity.SIMPLE, 0, model, model, tier, region, Optional.empty()),
                new CallTiming(at, Duration.ofSeconds(1)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                metering,
                new CallCharge(cost, computed, Cost.NOT_BILLED, PRICES.version()),
                Optional.of(StopReason.COMPLETE));
    }

    private static LedgerEntry call(String id, String model, TokenUsage usage, Cost cost) {
        return entry(
                id,
                ModelId.parse(model),
                START,
                "standard",
                "",
                new Metering(usage, UsageSource.REPORTED),
                cost,
                Optional.empty());
    }

    private static PriceCatalogue catalogue(String version, List<Price> rows) {
        return new PriceCatalogue(version, rows);
    }

    private static Price row(String model, Map<UsageBucket, String> rates) {
        Price.Builder row = Price.builder(ModelId.parse(model), "test", java.time.LocalDate.EPOCH);
        rates.forEach(row::usdPerMillionTokens);
        return row.build();
    }

    @Test
    void theSameCatalogueChangesNothing() {
        List<LedgerEntry> entries = new ArrayList<>();
        MoneyTotal recorded = MoneyTotal.ZERO;
        for (int seed = 0; seed < 10_000; seed++) {
            LedgerEntry entry = random(seed);
            entries.add(entry);
            recorded = recorded.plus(entry.charge().cost().amount().orElse(Money.ZERO));
        }
        store.ledger().record(entries);
        // Under another name, so that nothing is taken for granted.
        Rerating rerating = Rerating.by(catalogue("again", ROWS));

        for (LedgerEntry entry : entries) {
            assertThat(rerating.rate(entry))
                    .as("%s", entry)
                    .isEqualTo(entry.charge().cost());
        }
        RatedReport report = rerate(rerating);

        assertThat(report.total().calls().all()).isEqualTo(10_000);
        assertThat(report.total().calls().changed()).isZero();
        assertThat(report.total().calls().unpriced()).isBetween(1_000L, 9_000L);
        assertThat(report.total().money().recorded()).isEqualTo(recorded);
        assertThat(report.total().money().rated()).isEqualTo(recorded);
        assertThat(report.groups())
                .allSatisfy(group -> assertThat(group.money().difference()).isEqualTo(MoneyTotal.ZERO));
        assertThat(report.unpricedModels().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(report.total().calls().unpriced());
    }

    @Test
    void doubledRatesDoubleWhatIsNotStated() {
        List<Price> doubled = ROWS.stream()
                .map(row -> {
                    Map<UsageBucket, Rate> rates = new EnumMap<>(UsageBucket.class);
                    row.rates()
                            .forEach((bucket, rate) -> rates.put(
                                    bucket, new Rate(new Money(rate.amount().picoUsd() * 2), rate.units())));
                    return new Price(
                            row.provider(),
                            row.model(),
                            row.match(),
                            row.tier(),
                            row.serviceTier(),
                            rates,
                            row.validFrom(),
                            row.validTo(),
                            row.source(),
                            row.checked(),
                            row.region());
                })
                .toList();
        store.ledger()
                .record(List.of(
                        call("a", "claude/claude-haiku-4-5", TokenUsage.of(1_000, 100), priced("0.0015")),
                        call("b", "claude/unheard-of", TokenUsage.of(1_000, 100), Cost.UNPRICED)));

        RatedReport report = rerate(Rerating.by(catalogue("doubled", doubled)));

        assertThat(report.groups())
                .extracting(RatedSpend::group)
                .containsExactly("claude/claude-haiku-4-5", "claude/unheard-of");
        assertThat(report.total().money().recorded()).isEqualTo(total("0.0015"));
        assertThat(report.total().money().rated()).isEqualTo(total("0.003"));
        assertThat(report.total().money().difference()).isEqualTo(total("0.0015"));
        assertThat(report.total().calls().changed()).isEqualTo(1);
        assertThat(report.unpricedModels()).containsExactly(Map.entry("claude/unheard-of", 1L));
    }

    @Test
    void callsWithAnAmountOnOneSideOnlyAreInNoDifference() {
        store.ledger()
                .record(List.of(
                        call("both", "a/both", TokenUsage.of(1, 0), priced("0.000001")),
                        call("gained", "a/gained", TokenUsage.of(2, 0), Cost.UNPRICED),
                        call("lost", "a/lost", TokenUsage.of(3, 0), priced("0.000003"))));

        RatedSpend total = rerate(Rerating.by(catalogue(
                        "new",
                        List.of(
                                row("a/both", Map.of(UsageBucket.INPUT, "10")),
                                row("a/gained", Map.of(UsageBucket.INPUT, "10"))))))
                .total();

        assertThat(total.calls().newlyPriced()).isEqualTo(1);
        assertThat(total.calls().newlyUnpriced()).isEqualTo(1);
        assertThat(total.calls().unpriced()).isEqualTo(1);
        assertThat(total.money().recorded()).isEqualTo(total("0.000004"));
        assertThat(total.money().rated()).isEqualTo(total("0.00003"));
        assertThat(total.money().gained()).isEqualTo(total("0.00002"));
        assertThat(total.money().lost()).isEqualTo(total("0.000003"));
        assertThat(total.money().difference()).isEqualTo(total("0.000009"));
    }

    @Test
    void aStatedCostStaysWhileOurOwnIsTheSame() {
        Cost stated = new Cost(CostStatus.STATED, Optional.of(Money.ofUsd("0.5")));
        LedgerEntry entry = entry(
                "stated",
                ModelId.parse("a/m"),
                START,
                "standard",
                "",
                new Metering(TokenUsage.of(1, 0), UsageSource.REPORTED),
                stated,
                Optional.of(Money.ofUsd("0.000001")));

        assertThat(Rerating.by(catalogue("same", List.of(row("a/m", Map.of(UsageBucket.INPUT, "1")))))
                        .rate(entry))
                .isEqualTo(stated);
        assertThat(Rerating.by(catalogue("other", List.of(row("a/m", Map.of(UsageBucket.INPUT, "2")))))
                        .rate(entry))
                .isEqualTo(priced("0.000002"));
    }

    @Test
    void callsCountAsThoseOfAnotherModel() {
        PriceCatalogue prices = catalogue(
                "p",
                List.of(
                        row("a/dear", Map.of(UsageBucket.INPUT, "10", UsageBucket.CACHE_READ, "1")),
                        row("b/cheap", Map.of(UsageBucket.INPUT, "2")),
                        row("c/other", Map.of(UsageBucket.INPUT, "3"))));
        TokenUsage cached = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1)
                .add(UsageBucket.CACHE_READ, 10)
                .build();
        LedgerEntry dear = call("dear", "a/dear", cached, priced("0.00002"));
        LedgerEntry other = call("other", "c/other", TokenUsage.of(1, 0), priced("0.000003"));
        Rerating replaced = Rerating.by(prices).withModel(ModelId.parse("a/dear"), ModelId.parse("b/cheap"));

        // What that model has no rate of its own for counts as plain input.
        assertThat(replaced.rate(dear)).isEqualTo(priced("0.000022"));
        assertThat(replaced.rate(other)).isEqualTo(priced("0.000003"));
        assertThat(replaced.withEveryModel(ModelId.parse("b/cheap")).rate(other))
                .isEqualTo(priced("0.000002"));
        assertThat(replaced.withEveryModel(ModelId.parse("b/unknown")).rate(other))
                .isEqualTo(Cost.UNPRICED);
    }

    private static Cost priced(String usd) {
        return Cost.priced(Money.ofUsd(usd));
    }

    private static MoneyTotal total(String usd) {
        return MoneyTotal.ZERO.plus(Money.ofUsd(usd));
    }
}
