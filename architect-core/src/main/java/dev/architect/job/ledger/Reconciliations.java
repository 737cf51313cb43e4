package dev.architect.job.ledger;

import dev.architect.check.Check;
import dev.architect.document.DocumentPlaces;
import dev.architect.ledger.Ledger;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceReport;
import dev.architect.spi.TimeSource;
import java.util.List;
import java.util.Optional;

/**
 * Invoices of providers that were compared with the ledger, kept with their outcome: what the ledger gets or loses later does not change it. The last
 * {@value #PLACES} are kept. Methods block for the store; safe for use by several threads.
 */
public final class Reconciliations {

    /** The most items that are kept of one. */
    public static final int MAX_ITEMS = 100;

    private static final int PLACES = 100;
    private static final int ID_RADIX = 36;
    private static final DocumentPlaces.Form<KeptReconciliation> FORM = new DocumentPlaces.Form<>(
            "architect.reconciliation.",
            ReconciliationCodec::write,
            ReconciliationCodec::read,
            KeptReconciliation::id,
            KeptReconciliation::at,
            kept -> true);

    private final DocumentPlaces<KeptReconciliation> documents;
    private final Ledger ledger;
    private final TimeSource time;

    /** Creates those that are kept in the documents of {@code store}. */
    public Reconciliations(ClusterStore store, Ledger ledger, TimeSource time) {
        this.documents =
                new DocumentPlaces<>(Check.notNull("store", store), PLACES, "invoices that were compared", FORM);
        this.ledger = Check.notNull("ledger", ledger);
        this.time = Check.notNull("time", time);
    }

    /**
     * Compares an invoice with the ledger, as {@link Ledger#reconcile} does. Nothing is kept yet.
     *
     * @param lines those of the invoice; at most 1,000,000
     * @param maxItems how many of the items that do not match are kept; 0 to {@value #MAX_ITEMS}
     * @param by who does it; not blank
     */
    public KeptReconciliation compare(InvoiceComparison comparison, List<InvoiceLine> lines, int maxItems, String by) {
        Check.notNull("comparison", comparison);
        Check.range("maxItems", maxItems, 0, MAX_ITEMS);
        Check.notBlank("by", by);
        InvoiceReport report = ledger.reconcile(
                comparison.matching(),
                lines,
                comparison.tolerance(),
                maxItems,
                comparison.filter(),
                comparison.period());
        return new KeptReconciliation(
                Long.toString(time.random(Long.MAX_VALUE), ID_RADIX), time.wallTime(), by, comparison, report);
    }

    /**
     * Keeps a comparison, in the place of the oldest one when there are {@value #PLACES}; it is durable when this returns.
     *
     * @return the same
     */
    public KeptReconciliation keep(KeptReconciliation compared) {
        documents.add(Check.notNull("compared", compared));
        return compared;
    }

    /** Whether a document that a store has written is this one. */
    public static boolean holds(SharedDocument document, KeptReconciliation kept) {
        return FORM.isIn(Check.notNull("document", document), Check.notNull("kept", kept));
    }

    /** Returns those that are kept, newest first, and of one time in the order of their ids, highest first. */
    public List<KeptReconciliation> list() {
        return documents.all().stream().map(DocumentPlaces.Entry::value).toList();
    }

    /** Returns one of them; empty when there is none with this id, or it is kept no more. */
    public Optional<KeptReconciliation> find(String id) {
        return documents.find(Check.notNull("id", id)).map(DocumentPlaces.Entry::value);
    }
}
