package dev.architect.job.ledger;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.SpendFilter;

/**
 * How an invoice is compared.
 *
 * @param matching what the keys of its lines are
 * @param tolerance by how much an item may differ and be matched all the same; zero or more
 * @param filter the calls that it is compared with
 * @param period those that began in it
 * @param note what people should know about it, such as its number; at most {@value #MAX_NOTE} characters, empty for nothing
 */
public record InvoiceComparison(
        InvoiceMatching matching, Money tolerance, SpendFilter filter, ReportPeriod.Between period, String note) {

    /** The most characters of a note. */
    public static final int MAX_NOTE = 500;

    /** Checks every field. */
    public InvoiceComparison {
        Check.notNull("matching", matching);
        Check.notNegative("tolerance", Check.notNull("tolerance", tolerance).picoUsd());
        Check.notNull("filter", filter);
        Check.notNull("period", period);
        Check.atMost("note", note, MAX_NOTE);
    }
}
