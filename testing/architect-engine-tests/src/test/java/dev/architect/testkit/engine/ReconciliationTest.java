package dev.architect.testkit.engine;

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
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.ledger.Ledger;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.project.Attribution;
import dev.architect.spend.InvoiceItem;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.SpendFilter;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invoices of providers beside the ledger. */
class ReconciliationTest {

    private static final Instant START = Instant.parse("2026-03-01T23:59:59.999999Z");
    private static final SpendFilter CLAUDE = SpendFilter.ALL.with(SpendDimension.PROVIDER, "claude");

    private final ManualTime time = new ManualTime();
    private final InMemoryStore store = new InMemoryStore(time);
    private final Ledger ledger = new Ledger(store.ledger(), time);

    @AfterEach
    void close() {
        store.close();
    }

    private void record(String id, String provider, @Nullable String providerId, Instant at, Cost cost) {
        ModelId model = new ModelId(provider, "small");
        LedgerEntry entry = new LedgerEntry(
                id,
                new CallOrigin("request-" + id, Optional.empty(), 0, Attribution.DEFAULT),
                new CallRoute(Complexity.SIMPLE, 0, model, model, "standard", "", Optional.ofNullable(providerId)),
                new CallTiming(at, Duration.ofSeconds(1)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(cost, Optional.empty(), Cost.NOT_BILLED, "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
        store.ledger().record(List.of(entry));
    }

    private static Cost cost(long pico) {
        return Cost.priced(new Money(pico));
    }

    private static InvoiceLine line(String key, long pico) {
        return new InvoiceLine(key, new Money(pico));
    }

    private InvoiceReport reconcile(InvoiceMatching matching, long tolerance, int most, InvoiceLine... lines) {
        return ledger.reconcile(matching, List.of(lines), new Money(tolerance), most, CLAUDE, ReportPeriod.all());
    }

    private static MoneyTotal total(long pico) {
        return MoneyTotal.ZERO.plus(new Money(pico));
    }

    @Test
    void requestsAreMatchedByTheIdOfTheProvider() {
        record("a", "claude", "req_same", START, cost(10));
        record("b", "claude", "req_near", START, cost(20));
        record("c", "claude", "req_far", START, cost(30));
        record("d", "claude", "req_unknown", START, cost(40));
        record("e", "claude", null, START, cost(50));
        record("f", "claude", "req_free", START, Cost.NOT_BILLED);
        record("g", "claude", "req_unpriced", START, Cost.UNPRICED);
        record("h", "openai", "req_other", START, cost(60));

        InvoiceReport report = reconcile(
                InvoiceMatching.REQUEST,
                2,
                10,
                line("req_same", 4),
                line("req_same", 6),
                line("req_near", 22),
                line("req_far", 33),
                line("req_lost", 70),
                line("req_unpriced", 8));

        assertThat(report.matched().items()).isEqualTo(2);
        assertThat(report.matched().difference()).isEqualTo(total(2));
        assertThat(report.different().items()).isEqualTo(2);
        assertThat(report.onlyInvoiced().invoiced()).isEqualTo(total(70));
        assertThat(report.onlyRecorded().recorded()).isEqualTo(total(40));
        assertThat(report.onlyRecorded().items()).isEqualTo(1);
        assertThat(report.unidentified().recorded()).isEqualTo(total(50));
        assertThat(report.unpricedCalls()).isEqualTo(1);
        assertThat(report.items())
                .extracting(InvoiceItem::key)
                .containsExactly("req_lost", "req_unknown", "req_unpriced", "req_far");
        assertThat(report.difference()).isEqualTo(total(143 - 150));
    }

    @Test
    void daysAndModelsAreMatchedByTheDayOfUtc() {
        record("a", "claude", null, START, cost(10));
        record("b", "claude", null, START.plusNanos(1_000), cost(20));
        record("c", "claude", null, START.plusNanos(2_000), cost(5));

        InvoiceReport report = reconcile(
                InvoiceMatching.DAY_AND_MODEL,
                0,
                1,
                line(InvoiceLine.key(LocalDate.parse("2026-03-01"), "small"), 10),
                line(InvoiceLine.key(LocalDate.parse("2026-03-02"), "small"), 26),
                line(InvoiceLine.key(LocalDate.parse("2026-03-02"), "large"), -3));

        assertThat(report.matched().calls()).isEqualTo(1);
        assertThat(report.different().calls()).isEqualTo(2);
        assertThat(report.different().difference()).isEqualTo(total(1));
        assertThat(report.onlyInvoiced().invoiced()).isEqualTo(total(-3));
        assertThat(report.items()).extracting(InvoiceItem::key).containsExactly("2026-03-02 large");
        assertThat(report.difference()).isEqualTo(total(-2));
    }

    @Test
    void anInvoiceOfAllCallsMatchesThem() {
        for (int i = 0; i < 100; i++) {
            record("call-" + i, "claude", "req_" + i, START.plusSeconds(i), cost(i));
        }
        InvoiceLine[] lines = ledger.newest(100).stream()
                .map(call -> new InvoiceLine(
                        call.route().providerRequestId().orElseThrow(),
                        call.charge().cost().amount().orElseThrow()))
                .toArray(InvoiceLine[]::new);

        InvoiceReport report = reconcile(InvoiceMatching.REQUEST, 0, 10, lines);

        assertThat(report.matched().items()).isEqualTo(100);
        assertThat(report.items()).isEmpty();
        assertThat(report.difference()).isEqualTo(MoneyTotal.ZERO);
    }

    @Test
    void whatIsWrongIsRefused() {
        assertThatThrownBy(() -> reconcile(InvoiceMatching.REQUEST, -1, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tolerance is -1");
        assertThatThrownBy(() -> reconcile(InvoiceMatching.REQUEST, 0, 10_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mostItems is 10001, expected 0..10000");
        assertThatThrownBy(() -> new InvoiceLine(" ", Money.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
