package dev.architect.testkit.store;

import static dev.architect.testkit.store.LedgerEntryFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.FencingToken;
import dev.architect.cost.CallCounts;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.CostTotals;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.TokenTotals;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sums over the ledger. */
abstract class StoreSpendCases extends StoreCases {

    private static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    StoreSpendCases(StoreContract contract) {
        super(contract);
    }

    private void record(LedgerEntryFixture... calls) {
        store().ledger()
                .record(Arrays.stream(calls).map(LedgerEntryFixture::entry).toList());
    }

    private ProviderSpend claude() {
        return store().ledger().spend(ALL).stream()
                .filter(line -> line.provider().equals("claude"))
                .findFirst()
                .orElseThrow();
    }

    private static MoneyTotal pico(long amount) {
        return new MoneyTotal(BigInteger.valueOf(amount));
    }

    @Test
    void hasNoLinesWithoutCalls() {
        assertThat(store().ledger().spend(ALL)).isEmpty();
    }

    @Test
    void countsEveryKindOfCall() {
        TokenUsage cached = TokenUsage.builder()
                .add(UsageBucket.INPUT, 100)
                .add(UsageBucket.CACHE_READ, 20)
                .add(UsageBucket.CACHE_WRITE_5M, 3)
                .add(UsageBucket.OUTPUT, 40)
                .add(UsageBucket.REASONING_IN_OUTPUT, 30)
                .build();
        record(
                call("exact").usage(cached).position(1).took(Duration.ofMillis(200)),
                call("stated")
                        .cost(new Cost(CostStatus.STATED, Optional.of(new Money(500))))
                        .request("shared")
                        .position(2),
                call("estimated").cost(Cost.priced(new Money(70)).estimated()),
                call("failed").request("shared").failed().took(Duration.ofSeconds(9)),
                call("cancelled").cancelled().cost(Cost.priced(new Money(9)).estimated()),
                call("free").cost(Cost.priced(Money.ZERO)));

        assertThat(store().ledger().spend(ALL))
                .containsExactly(new ProviderSpend(
                        "claude",
                        4,
                        new CallCounts(6, 1, 1, 0),
                        new TokenTotals(163, 60),
                        new CostTotals(pico(1_500), pico(79), pico(12_000)),
                        new LatencyQuantiles(Duration.ofMillis(100), Duration.ofMillis(200))));
    }

    @Test
    void countsAFailoverForTheFallbackProvider() {
        record(
                call("first").provider("openai").request("one").failed(),
                call("second").provider("claude").request("one").position(1),
                call("passed-over").provider("claude").position(1));

        assertThat(store().ledger().spend(ALL))
                .extracting(spend -> spend.calls().failovers())
                .containsExactly(1L, 0L);
    }

    /** A request that was sent once more on another connection did not change its candidate. */
    @Test
    void countsNoFailoverForACallThatWasSentOnceMore() {
        record(call("dead").request("one").failed(), call("answered").request("one"));

        assertThat(store().ledger().spend(ALL))
                .extracting(ProviderSpend::calls)
                .containsExactly(new CallCounts(2, 1, 0, 0));
    }

    @Test
    void hasALineForEachCalledProvider() {
        record(
                call("a").provider("openai"),
                call("b").provider("claude"),
                call("c").provider("openai"));

        assertThat(store().ledger().spend(ALL))
                .extracting(ProviderSpend::provider)
                .containsExactly("claude", "openai");
        assertThat(store().ledger().spend(ALL))
                .extracting(spend -> spend.calls().all())
                .containsExactly(1L, 2L);
    }

    @Test
    void sumsExactlyBeyondTheRangeOfALong() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(call("huge-" + i)
                    .cost(Cost.priced(new Money(Long.MAX_VALUE - i)))
                    .baseline(Cost.priced(new Money(Long.MAX_VALUE)))
                    .entry());
        }
        calls.add(call("correction").cost(Cost.priced(new Money(-1_234_567))).entry());
        store().ledger().record(calls);

        BigInteger max = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(1_000));
        ProviderSpend line = claude();
        assertThat(line.cost().exact().picoUsd())
                .isEqualTo(max.subtract(BigInteger.valueOf(999 * 1_000 / 2 + 1_234_567)));
        assertThat(line.cost().baseline().picoUsd()).isEqualTo(max.add(BigInteger.valueOf(3_000)));
    }

    @Test
    void countsOnlyThePeriod() {
        Instant noon = Instant.parse("2026-06-01T12:00:00Z");
        record(
                call("before").at(noon.minusNanos(1_000)),
                call("first").at(noon),
                call("last").at(noon.plusSeconds(60).minusNanos(1_000)),
                call("after").at(noon.plusSeconds(60)));

        List<ProviderSpend> lines = store().ledger().spend(new ReportPeriod.Between(noon, noon.plusSeconds(60)));

        assertThat(lines).extracting(spend -> spend.calls().all()).containsExactly(2L);
        assertThat(store().ledger().spend(new ReportPeriod.Between(noon, noon))).isEmpty();
    }

    @Test
    void comparesThePeriodToTheNanosecond() {
        Instant now = ManualTime.START;
        record(call("now"));

        assertThat(store().ledger()
                        .spend(ReportPeriod.last(Duration.ofSeconds(1)).resolve(now)))
                .hasSize(1);
        assertThat(store().ledger().spend(new ReportPeriod.Between(now.plusNanos(1), now.plusSeconds(1))))
                .isEmpty();
        assertThat(store().ledger().spend(new ReportPeriod.Between(Instant.MIN, Instant.MAX)))
                .hasSize(1);
    }

    @Test
    void comparesOnlyAcceptedAnswersWithTheBaseline() {
        FencingToken failed = running().fencingToken();
        finish(retry(failed, Duration.ofSeconds(1)));
        time.advance(Duration.ofSeconds(1));
        store().tasks().promoteDue(1_000);
        FencingToken succeeded = claimOne().fencingToken();
        finish(done(succeeded));
        FencingToken unfinished = running().fencingToken();
        record(
                call("direct").baseline(Cost.priced(new Money(1))),
                call("wasted").attempt(failed).baseline(Cost.priced(new Money(10))),
                call("accepted").attempt(succeeded).baseline(Cost.priced(new Money(100))),
                call("also accepted").attempt(succeeded).baseline(Cost.priced(new Money(1_000))),
                call("open").attempt(unfinished).baseline(Cost.priced(new Money(10_000))),
                call("broken").failed().attempt(succeeded));

        ProviderSpend line = claude();

        assertThat(line.requests()).isEqualTo(3);
        assertThat(line.cost().baseline()).isEqualTo(pico(1_101));
        assertThat(line.calls().all()).isEqualTo(6);
        assertThat(line.cost().exact()).isEqualTo(pico(5_000));
    }

    @Test
    void leavesUnpricedCallsOutOfBothSides() {
        record(
                call("unpriced").cost(Cost.UNPRICED).baseline(Cost.priced(new Money(7))),
                call("priced").baseline(Cost.priced(new Money(8))),
                call("no baseline").baseline(Cost.UNPRICED));

        ProviderSpend line = claude();

        assertThat(line.calls().unpriced()).isEqualTo(1);
        assertThat(line.requests()).isEqualTo(3);
        assertThat(line.cost().baseline()).isEqualTo(pico(8));
        assertThat(line.cost().exact()).isEqualTo(pico(2_000));
    }

    @Test
    void measuresAnsweredCallsOnly() {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            calls.add(call("c" + i).took(Duration.ofMillis((i * 37) % 101)).entry());
        }
        calls.add(call("slow failure").failed().took(Duration.ofHours(1)).entry());
        store().ledger().record(calls);

        assertThat(claude().latency().p50()).isEqualTo(Duration.ofMillis(50));
        assertThat(claude().latency().p95()).isEqualTo(Duration.ofMillis(95));
    }

    @Test
    void measuresASingleCallAndNone() {
        record(
                call("only").provider("one").took(Duration.ofMillis(7)),
                call("broken").provider("none").failed());

        List<ProviderSpend> lines = store().ledger().spend(ALL);

        assertThat(lines)
                .extracting(spend -> spend.latency().p50())
                .containsExactly(Duration.ZERO, Duration.ofMillis(7));
        assertThat(lines)
                .extracting(spend -> spend.latency().p95())
                .containsExactly(Duration.ZERO, Duration.ofMillis(7));
    }
}
