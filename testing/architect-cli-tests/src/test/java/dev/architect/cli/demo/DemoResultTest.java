package dev.architect.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CostTotals;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.TokenTotals;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DemoResultTest {

    private static final BigInteger OPENAI = BigInteger.valueOf(123_456_789_012L);
    private static final BigInteger OLLAMA = BigInteger.ZERO;

    @Test
    void contradictsNothingWhenLedgerAndSimulatorAgree() {
        assertThat(account(2, Map.of("openai", OPENAI, "ollama", OLLAMA)).mismatches())
                .isEmpty();
    }

    @Test
    void seesASinglePicoDollar() {
        DemoResult account = account(2, Map.of("openai", OPENAI.add(BigInteger.ONE), "ollama", OLLAMA));

        assertThat(account.mismatches())
                .containsExactly(
                        "cost of openai is 123456789012 pico-dollars in the ledger, the simulator billed 123456789013",
                        "the ledger's total is 123456789012 pico-dollars, the simulator's 123456789013");
        assertThat(DemoSummary.of(account)).anyMatch(line -> line.startsWith("NOT RIGHT: "));
    }

    @Test
    void seesBillsOfAProviderThatTheLedgerDoesNotKnow() {
        DemoResult account = account(2, Map.of("openai", OPENAI, "claude", BigInteger.TEN));

        assertThat(account.mismatches()).singleElement().asString().contains("the simulator's 123456789022");
    }

    @Test
    void seesMissingTasks() {
        DemoResult account = account(5, Map.of("openai", OPENAI));

        assertThat(account.mismatches()).containsExactly("3 of 5 tasks reached no final state");
    }

    @Test
    void reportsEveryFigureExactly() {
        ObjectNode report = DemoReport.of(account(2, Map.of("openai", OPENAI)));

        assertThat(report.toString())
                .isEqualTo("{\"tasks\":2,\"succeeded\":2,\"failed\":0,\"wallSeconds\":1.500,"
                        + "\"assignLatencyMs\":{\"p50\":1.000,\"p95\":3.000,\"p99\":3.000},"
                        + "\"costUsd\":0.123456789012,\"baselineUsd\":1,\"savingsPercent\":87.6,\"failovers\":1,"
                        + "\"byProvider\":{"
                        + "\"ollama\":{\"tasks\":1,\"inputTokens\":10,\"outputTokens\":20,\"costUsd\":0},"
                        + "\"openai\":{\"tasks\":1,\"inputTokens\":10,\"outputTokens\":20,"
                        + "\"costUsd\":0.123456789012}},"
                        + "\"simulatorCostUsd\":0.123456789012,"
                        + "\"correct\":2,\"correctIfAllStrong\":2,\"correctIfAllCheap\":1}");
    }

    @Test
    void printsTheSameForAPerson() {
        assertThat(DemoSummary.of(account(2, Map.of("openai", OPENAI))))
                .contains("total         2         20          40  $0.1235                           1          1")
                .contains("Total $0.1235, baseline $1.0000, saving 87.6 %.")
                .contains("2 of 2 tasks ended: 2 succeeded, 0 failed, in 1.5 s.")
                .contains("Correct answers: 2 (100.0 %); all to the strong model 2 (100.0 %), all to the cheap one"
                        + " 1 (50.0 %).")
                .contains("Ledger and simulator agree to the last pico-dollar: 123,456,789,012 over 3 calls.");
    }

    private static DemoResult account(int tasks, Map<String, BigInteger> billed) {
        return new DemoResult(
                tasks,
                2,
                0,
                Duration.ofMillis(1_500),
                new Latencies(new long[] {1_000_000, 3_000_000}),
                List.of(line("ollama", 1, 0, OLLAMA, 0), line("openai", 2, 1, OPENAI, 1_000_000_000_000L)),
                billed,
                3,
                null,
                new DemoResult.Correctness(2, 2, 1));
    }

    private static ProviderSpend line(String provider, long calls, long failed, BigInteger cost, long baseline) {
        return new ProviderSpend(
                provider,
                1,
                new CallCounts(calls, failed, failed, 0),
                new TokenTotals(10, 20),
                new CostTotals(new MoneyTotal(cost), MoneyTotal.ZERO, new MoneyTotal(BigInteger.valueOf(baseline))),
                new LatencyQuantiles(Duration.ofMillis(40), Duration.ofMillis(90)));
    }
}
