package dev.architect.ledger;

import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.spend.InvoiceItem;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.InvoiceTotals;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Compares the lines of an invoice with calls that are given to it one after the other, and is asked for its report once. Keeps a sum for each key
 * of the invoice, and when days and models are compared one for each of the ledger. Used by one thread at a time.
 */
final class Reconciliation {

    private static final Comparator<InvoiceItem> SMALLEST_FIRST = Comparator.comparing(
                    (InvoiceItem item) -> item.difference().picoUsd().abs())
            .thenComparing(InvoiceItem::key, Comparator.reverseOrder());

    private final InvoiceMatching matching;
    private final Money tolerance;
    private final int mostItems;
    private final Map<String, Sum> sums = new HashMap<>();
    private final PriorityQueue<InvoiceItem> largest = new PriorityQueue<>(SMALLEST_FIRST);
    private InvoiceTotals onlyRecorded = InvoiceTotals.ZERO;
    private InvoiceTotals unidentified = InvoiceTotals.ZERO;
    private long unpriced;

    /** What both sides say of a key. */
    private static final class Sum {
        private long lines;
        private long calls;
        private MoneyTotal invoiced = MoneyTotal.ZERO;
        private MoneyTotal recorded = MoneyTotal.ZERO;

        InvoiceItem item(String key) {
            return new InvoiceItem(key, lines, invoiced, calls, recorded);
        }
    }

    Reconciliation(InvoiceMatching matching, List<InvoiceLine> lines, Money tolerance, int mostItems) {
        this.matching = matching;
        this.tolerance = tolerance;
        this.mostItems = mostItems;
        for (InvoiceLine line : lines) {
            Sum sum = sum(line.key());
            sum.lines++;
            sum.invoiced = sum.invoiced.plus(line.amount());
        }
    }

    private Sum sum(String key) {
        return sums.computeIfAbsent(key, each -> new Sum());
    }

    void add(LedgerEntry call) {
        Cost cost = call.charge().cost();
        Optional<String> key = key(call);
        boolean isInvoiced = key.map(sums::get).map(sum -> sum.lines > 0).orElse(false);
        // An invoice does not name what was not billed. Where it does, the call belongs to the line.
        if (cost.status() == CostStatus.NOT_BILLED && !isInvoiced) {
            return;
        }
        unpriced += cost.amount().isEmpty() ? 1 : 0;
        Money amount = cost.amount().orElse(Money.ZERO);
        if (key.isEmpty()) {
            unidentified = unidentified.plus(new InvoiceItem("", 0, MoneyTotal.ZERO, 1, MoneyTotal.ZERO.plus(amount)));
            return;
        }
        if (matching == InvoiceMatching.REQUEST && !isInvoiced) {
            // Not kept: these may be all calls of a month.
            addOnlyRecorded(new InvoiceItem(key.get(), 0, MoneyTotal.ZERO, 1, MoneyTotal.ZERO.plus(amount)));
            return;
        }
        Sum sum = sum(key.get());
        sum.calls++;
        sum.recorded = sum.recorded.plus(amount);
    }

    private void addOnlyRecorded(InvoiceItem item) {
        onlyRecorded = onlyRecorded.plus(item);
        list(item);
    }

    private void list(InvoiceItem item) {
        largest.add(item);
        if (largest.size() > mostItems) {
            largest.remove();
        }
    }

    private Optional<String> key(LedgerEntry call) {
        return switch (matching) {
            case REQUEST -> call.route().providerRequestId();
            case DAY_AND_MODEL ->
                Optional.of(InvoiceLine.key(
                        call.timing().startedAt().atOffset(ZoneOffset.UTC).toLocalDate(),
                        call.route().answered().model()));
        };
    }

    InvoiceReport report() {
        InvoiceTotals matched = InvoiceTotals.ZERO;
        InvoiceTotals different = InvoiceTotals.ZERO;
        InvoiceTotals onlyInvoiced = InvoiceTotals.ZERO;
        for (Map.Entry<String, Sum> each : sums.entrySet()) {
            InvoiceItem item = each.getValue().item(each.getKey());
            boolean isSame = item.difference()
                            .picoUsd()
                            .abs()
                            .compareTo(MoneyTotal.ZERO.plus(tolerance).picoUsd())
                    <= 0;
            if (item.lines() == 0) {
                addOnlyRecorded(item);
            } else if (item.calls() == 0) {
                onlyInvoiced = onlyInvoiced.plus(item);
                list(item);
            } else if (isSame) {
                matched = matched.plus(item);
            } else {
                different = different.plus(item);
                list(item);
            }
        }
        List<InvoiceItem> items =
                largest.stream().sorted(SMALLEST_FIRST.reversed()).toList();
        return new InvoiceReport(matched, different, onlyInvoiced, onlyRecorded, unidentified, unpriced, items);
    }
}
