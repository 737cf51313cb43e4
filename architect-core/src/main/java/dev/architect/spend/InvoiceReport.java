package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.MoneyTotal;
import java.util.List;

/**
 * How a provider's invoice and the ledger agree.
 *
 * @param matched what is on both sides and differs by no more than was allowed
 * @param different what is on both sides and differs by more
 * @param onlyInvoiced what the ledger lacks
 * @param onlyRecorded what the invoice lacks
 * @param unidentified calls that may be billed and have no id of the provider, so that no line can name them; none when days and models are compared
 * @param unpricedCalls how many of the calls have no price, and add nothing to what is recorded
 * @param items the items that are not matched, those with the largest difference first; at most as many as were asked for
 */
public record InvoiceReport(
        InvoiceTotals matched,
        InvoiceTotals different,
        InvoiceTotals onlyInvoiced,
        InvoiceTotals onlyRecorded,
        InvoiceTotals unidentified,
        long unpricedCalls,
        List<InvoiceItem> items) {

    /** Copies the list and checks every field. */
    public InvoiceReport {
        Check.notNull("matched", matched);
        Check.notNull("different", different);
        Check.notNull("onlyInvoiced", onlyInvoiced);
        Check.notNull("onlyRecorded", onlyRecorded);
        Check.notNull("unidentified", unidentified);
        Check.notNegative("unpricedCalls", unpricedCalls);
        items = List.copyOf(Check.noNulls("items", items));
    }

    /** How much more the whole invoice says than the ledger; negative when it is less. */
    public MoneyTotal difference() {
        return matched.difference()
                .plus(different.difference())
                .plus(onlyInvoiced.difference())
                .plus(onlyRecorded.difference())
                .plus(unidentified.difference());
    }
}
