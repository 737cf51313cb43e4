package dev.architect.cli.demo;

import dev.architect.cli.terminal.TextTable;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.Savings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints for a person how the demo ended. */
final class DemoSummary {

    private final DemoResult account;
    private final List<String> lines = new ArrayList<>();

    private DemoSummary(DemoResult account) {
        this.account = account;
    }

    static List<String> of(DemoResult account) {
        DemoSummary summary = new DemoSummary(account);
        summary.providers();
        summary.money();
        summary.tasks();
        summary.outage();
        summary.correctness();
        summary.agreement();
        return summary.lines;
    }

    private void providers() {
        TextTable table = new TextTable(
                "Provider", "Tasks", "Tokens in", "Tokens out", "Cost", "p50", "p95", "Failed calls", "Failovers");
        for (ProviderSpend line : account.spend()) {
            table.row(
                    line.provider(),
                    count(line.requests()),
                    count(line.tokens().input()),
                    count(line.tokens().output()),
                    money(line.cost().spent()),
                    millis(line.latency().p50()),
                    millis(line.latency().p95()),
                    count(line.calls().failed()),
                    count(line.calls().failovers()));
        }
        List<ProviderSpend> all = account.spend();
        table.row(
                "total",
                count(all.stream().mapToLong(ProviderSpend::requests).sum()),
                count(all.stream().mapToLong(spend -> spend.tokens().input()).sum()),
                count(all.stream().mapToLong(spend -> spend.tokens().output()).sum()),
                money(account.savings().spent()),
                "",
                "",
                count(all.stream().mapToLong(spend -> spend.calls().failed()).sum()),
                count(account.failovers()));
        lines.addAll(table.lines());
        lines.add("");
    }

    private void money() {
        Savings savings = account.savings();
        lines.add("Total " + money(savings.spent()) + ", baseline " + money(savings.baseline()) + ", saving "
                + savings.percent().map(percent -> percent + " %").orElse("unknown") + ".");
    }

    private void tasks() {
        lines.add(count(account.succeeded() + account.failed()) + " of " + count(account.tasks()) + " tasks ended: "
                + count(account.succeeded()) + " succeeded, " + count(account.failed()) + " failed, in "
                + seconds(account.wall()) + ".");
        lines.add("A ready task waited " + Latencies.millis(account.waited().percentile(50)) + " ms for a session (p95 "
                + Latencies.millis(account.waited().percentile(95)) + " ms, p99 "
                + Latencies.millis(account.waited().percentile(99)) + " ms).");
    }

    private void outage() {
        OutageWatch.Impact outage = account.outage();
        if (outage == null) {
            return;
        }
        lines.add("");
        lines.add("For " + seconds(outage.lasted()) + " " + outage.provider() + " was down. Who answered:");
        TextTable table =
                new TextTable("", OutagePhase.BEFORE.word(), OutagePhase.DURING.word(), OutagePhase.AFTER.word());
        for (Map.Entry<String, Map<OutagePhase, Long>> entry : outage.answers().entrySet()) {
            Map<OutagePhase, Long> counts = entry.getValue();
            table.row(
                    entry.getKey(),
                    count(counts.getOrDefault(OutagePhase.BEFORE, 0L)),
                    count(counts.getOrDefault(OutagePhase.DURING, 0L)),
                    count(counts.getOrDefault(OutagePhase.AFTER, 0L)));
        }
        lines.addAll(table.lines());
        lines.add(count(outage.failedCalls()) + " calls to it failed, of " + count(outage.affectedTasks()) + " tasks; "
                + count(outage.recoveredTasks()) + " of these tasks got their answer elsewhere or later.");
        Duration opened = outage.openedAfter();
        if (opened != null) {
            lines.add("Its circuit breaker opened after " + seconds(opened) + ".");
        }
        Duration back = outage.backAfter();
        lines.add(
                back == null
                        ? "It was not asked again before the end."
                        : "It answered again " + seconds(back) + " after it was back.");
    }

    private void correctness() {
        DemoResult.Correctness correct = account.correct();
        if (correct == null) {
            return;
        }
        lines.add("");
        lines.add("Correct answers: " + share(correct.routed()) + "; all to the strong model "
                + share(correct.allStrong()) + ", all to the cheap one " + share(correct.allCheap()) + ".");
    }

    private void agreement() {
        lines.add("");
        List<String> mismatches = account.mismatches();
        if (mismatches.isEmpty()) {
            lines.add("Ledger and simulator agree to the last pico-dollar: "
                    + String.format(Locale.ROOT, "%,d", account.billed()) + " over "
                    + count(account.callsRecorded()) + " calls.");
        } else {
            mismatches.forEach(contradiction -> lines.add("NOT RIGHT: " + contradiction + "."));
        }
    }

    private String share(int correct) {
        BigDecimal percent = BigDecimal.valueOf(100L * correct)
                .divide(BigDecimal.valueOf(Math.max(1, account.tasks())), 1, RoundingMode.HALF_EVEN);
        return count(correct) + " (" + percent + " %)";
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Four decimals: the demo is about fractions of cents. */
    static String money(MoneyTotal amount) {
        return "$" + amount.usd().setScale(4, RoundingMode.HALF_EVEN).toPlainString();
    }

    static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).setScale(1, RoundingMode.HALF_UP) + " s";
    }
}
