package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.LedgerFormat;
import dev.architect.ledger.Rerating;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import dev.architect.spend.RatedReport;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.TaskSpend;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The examples of {@code docs/how-to/report-on-cost.md}. */
final class CostExample {

    private CostExample() {}

    static TaskSpend reports(Architect architect, TaskId taskId) {
        Ledger ledger = architect.ledger();
        ReportPeriod month = ReportPeriod.last(Duration.ofDays(30));
        SpendFilter search =
                SpendFilter.ALL.with(SpendDimension.PROJECT, "acme").withTag("team", "search");

        List<GroupSpend> models = ledger.spendBy(SpendDimension.MODEL, search, month);
        List<SpendBucket> days = ledger.series(SpendInterval.DAY, SpendFilter.ALL, month);
        List<GroupSpend> dearest = ledger.topTasks(search, month, 10);
        TaskSpend task = ledger.spendOf(taskId);
        System.out.println(models.size() + dearest.size() + " groups in " + days.size() + " days");
        return task;
    }

    static RatedReport rerate(Ledger ledger, SpendFilter search, ReportPeriod month) {
        Rerating rerating = Rerating.by(Prices.load(Path.of("prices.yaml")))
                .withModel(ModelId.parse("claude/claude-opus-5"), ModelId.parse("openai/gpt-5.6-terra"));
        RatedReport rated = ledger.rerate(rerating, SpendDimension.PROJECT, search, month);
        return rated;
    }

    static void export(Ledger ledger, Instant march, Instant april) throws IOException {
        try (Writer file = Files.newBufferedWriter(Path.of("march.csv"))) {
            ledger.export(LedgerFormat.CSV, SpendFilter.ALL, ReportPeriod.between(march, april), file);
        }
    }
}
