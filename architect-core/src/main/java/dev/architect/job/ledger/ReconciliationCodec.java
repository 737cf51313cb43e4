package dev.architect.job.ledger;

import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.document.CallFields;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.spend.InvoiceItem;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.InvoiceTotals;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reconciliations as documents. Numbers are texts, which hold any of them. */
final class ReconciliationCodec {

    private ReconciliationCodec() {}

    static String write(KeptReconciliation kept) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        InvoiceComparison comparison = kept.comparison();
        InvoiceReport report = kept.report();
        fields.put("id", kept.id());
        fields.put("at", kept.at().toString());
        fields.put("by", kept.by());
        fields.put("matching", comparison.matching().name());
        fields.put("tolerance", Long.toString(comparison.tolerance().picoUsd()));
        CallFields.put(fields, comparison.filter(), comparison.period());
        fields.put("note", comparison.note());
        fields.put("matched", totals(report.matched()));
        fields.put("different", totals(report.different()));
        fields.put("onlyInvoiced", totals(report.onlyInvoiced()));
        fields.put("onlyRecorded", totals(report.onlyRecorded()));
        fields.put("unidentified", totals(report.unidentified()));
        fields.put("unpricedCalls", Long.toString(report.unpricedCalls()));
        fields.put(
                "items", report.items().stream().map(ReconciliationCodec::item).toList());
        return JsonText.write(fields);
    }

    private static String totals(InvoiceTotals totals) {
        return totals.items() + " " + totals.calls() + " " + totals.invoiced().picoUsd() + " "
                + totals.recorded().picoUsd();
    }

    private static Map<String, String> item(InvoiceItem item) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", item.key());
        fields.put(
                "sums",
                item.lines() + " " + item.invoiced().picoUsd() + " " + item.calls() + " "
                        + item.recorded().picoUsd());
        return fields;
    }

    static KeptReconciliation read(String text) {
        JsonFields fields = JsonFields.parse(text);
        return new KeptReconciliation(
                fields.requiredText("id"),
                Instant.parse(fields.requiredText("at")),
                fields.requiredText("by"),
                new InvoiceComparison(
                        InvoiceMatching.valueOf(fields.requiredText("matching")),
                        new Money(Long.parseLong(fields.requiredText("tolerance"))),
                        CallFields.filter(fields),
                        CallFields.period(fields),
                        fields.text("note").orElse("")),
                new InvoiceReport(
                        totals(fields, "matched"),
                        totals(fields, "different"),
                        totals(fields, "onlyInvoiced"),
                        totals(fields, "onlyRecorded"),
                        totals(fields, "unidentified"),
                        Long.parseLong(fields.requiredText("unpricedCalls")),
                        fields.objects("items").stream()
                                .map(ReconciliationCodec::item)
                                .toList()));
    }

    private static InvoiceTotals totals(JsonFields fields, String name) {
        String[] parts = fields.requiredText(name).split(" ");
        return new InvoiceTotals(Long.parseLong(parts[0]), Long.parseLong(parts[1]), total(parts[2]), total(parts[3]));
    }

    private static InvoiceItem item(JsonFields fields) {
        String[] sums = fields.requiredText("sums").split(" ");
        return new InvoiceItem(
                fields.text("key").orElse(""),
                Long.parseLong(sums[0]),
                total(sums[1]),
                Long.parseLong(sums[2]),
                total(sums[3]));
    }

    private static MoneyTotal total(String picoUsd) {
        return new MoneyTotal(new BigInteger(picoUsd));
    }
}
