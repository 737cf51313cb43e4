package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.MoneyTotal;

/**
 * What an invoice and the ledger say of one key.
 *
 * @param key the provider's id of the request, or day and model
 * @param lines how many lines of the invoice are for it; 0 when it is missing there
 * @param invoiced the sum of these lines
 * @param calls how many calls are for it; 0 when it is missing in the ledger
 * @param recorded the sum of their costs; those without a price add nothing
 */
public record InvoiceItem(String key, long lines, MoneyTotal invoiced, long calls, MoneyTotal recorded) {

    /** Checks every field. */
    public InvoiceItem {
        Check.notNull("key", key);
        Check.notNegative("lines", lines);
        Check.notNull("invoiced", invoiced);
        Check.notNegative("calls", calls);
        Check.notNull("recorded", recorded);
    }

    /** How much more the invoice says than the ledger; negative when it is less. */
    public MoneyTotal difference() {
        return invoiced.minus(recorded);
    }
}
