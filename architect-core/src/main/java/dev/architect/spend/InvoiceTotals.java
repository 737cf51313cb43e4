package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.MoneyTotal;

/**
 * The sums of some {@linkplain InvoiceItem items}.
 *
 * @param items how many there are
 * @param calls of the ledger
 * @param invoiced the sum of the invoice
 * @param recorded the sum of the ledger
 */
public record InvoiceTotals(long items, long calls, MoneyTotal invoiced, MoneyTotal recorded) {

    /** Nothing. */
    public static final InvoiceTotals ZERO = new InvoiceTotals(0, 0, MoneyTotal.ZERO, MoneyTotal.ZERO);

    /** Checks every field. */
    public InvoiceTotals {
        Check.notNegative("items", items);
        Check.notNegative("calls", calls);
        Check.notNull("invoiced", invoiced);
        Check.notNull("recorded", recorded);
    }

    /** Returns these sums with one item more. */
    public InvoiceTotals plus(InvoiceItem item) {
        Check.notNull("item", item);
        return new InvoiceTotals(
                items + 1, calls + item.calls(), invoiced.plus(item.invoiced()), recorded.plus(item.recorded()));
    }

    /** How much more the invoice says than the ledger; negative when it is less. */
    public MoneyTotal difference() {
        return invoiced.minus(recorded);
    }
}
