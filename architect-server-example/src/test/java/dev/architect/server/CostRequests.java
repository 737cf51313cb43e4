package dev.architect.server;

import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.job.ledger.InvoiceComparison;
import dev.architect.job.ledger.OtherPrices;
import dev.architect.job.ledger.RerateRequest;
import dev.architect.server.ContractRequests.Sent;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.SpendFilter;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Right requests about costs, and what has to be there for them. */
final class CostRequests {

    private static final ReportPeriod.Between PERIOD =
            new ReportPeriod.Between(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-03-02T00:00:00Z"));

    private final ServerFixture fixture;

    CostRequests(ServerFixture fixture) {
        this.fixture = fixture;
    }

    /** Names each request by its operation. */
    void addTo(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept("getCostBreakdown", () -> Sent.to("/api/costs/breakdown?by=model,team&period=all"));
        requests.accept("getCostSeries", () -> Sent.to("/api/costs/series?step=hour&period=24h"));
        requests.accept("estimateCost", () -> Sent.json("/api/costs/estimate?taskType=index", "{'prompt':'hello'}"));
        requests.accept("ratePrices", () -> {
            stopRatings();
            return Sent.json(
                    "/api/prices/rerate?by=project&period=30d",
                    "{'reason':'a new contract','replace':{'claude/a':'claude/b'}}");
        });
        requests.accept("getRerating", () -> Sent.to("/api/prices/rerate/" + rating()));
        requests.accept(
                "createReconciliation",
                () -> Sent.json(
                        "/api/reconciliations?provider=claude",
                        "{'csv':'date,model,amount_usd\\n2026-11-01,claude-sonnet,1.50\\n','note':'no. 7'}"));
        requests.accept("getReconciliation", () -> Sent.to("/api/reconciliations/" + reconciliation()));
    }

    private void stopRatings() {
        fixture.architect
                .rerateJobs()
                .list()
                .forEach(job -> fixture.architect.rerateJobs().stop(job.id()));
    }

    private String rating() {
        stopRatings();
        return fixture.architect
                .rerateJobs()
                .accept(fixture.architect
                        .rerateJobs()
                        .prepare(
                                new RerateRequest(
                                        "a test", OtherPrices.USUAL, SpendDimension.MODEL, SpendFilter.ALL, PERIOD),
                                "ada"))
                .id();
    }

    private String reconciliation() {
        InvoiceComparison comparison =
                new InvoiceComparison(InvoiceMatching.DAY_AND_MODEL, Money.ZERO, SpendFilter.ALL, PERIOD, "no. 8");
        return fixture.architect
                .reconciliations()
                .keep(fixture.architect.reconciliations().compare(comparison, List.of(), 10, "ada"))
                .id();
    }
}
