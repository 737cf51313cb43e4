package dev.architect.job.ledger;

import dev.architect.check.Check;
import dev.architect.spend.InvoiceReport;
import java.time.Instant;

/**
 * An invoice that was compared with the ledger, and its outcome at that time.
 *
 * @param id its id
 * @param at when it was compared
 * @param by who did it
 * @param comparison how it was compared
 * @param report how both agree, with {@value Reconciliations#MAX_ITEMS} items that do not match at most
 */
public record KeptReconciliation(String id, Instant at, String by, InvoiceComparison comparison, InvoiceReport report) {

    /** Checks every field. */
    public KeptReconciliation {
        Check.notBlank("id", id);
        Check.notNull("at", at);
        Check.notBlank("by", by);
        Check.notNull("comparison", comparison);
        Check.notNull("report", report);
        Check.range("items size", report.items().size(), 0, Reconciliations.MAX_ITEMS);
    }

    /** Whether every item is on both sides and differs by no more than was allowed. */
    public boolean isMatched() {
        return report.different().items() == 0
                && report.onlyInvoiced().items() == 0
                && report.onlyRecorded().items() == 0
                && report.unidentified().calls() == 0;
    }
}
