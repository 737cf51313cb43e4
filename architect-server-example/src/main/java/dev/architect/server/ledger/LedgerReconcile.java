package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.Money;
import dev.architect.cost.SpendDimension;
import dev.architect.error.InvalidFileException;
import dev.architect.runtime.cost.InvoiceColumns;
import dev.architect.runtime.cost.InvoiceReader;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spend.InvoiceItem;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.InvoiceReport;
import dev.architect.spend.InvoiceTotals;
import dev.architect.spend.SpendFilter;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares a provider's invoice with recorded calls. */
final class LedgerReconcile {

    private static final String LIMIT = "limit";
    private static final String CSV = "csv";
    private static final String MATCH = "match";
    private static final String COLUMNS = "columns";
    private static final String TOLERANCE = "toleranceUsd";
    private static final String PROVIDER = "provider";

    /** The invoice and how it is compared. */
    static final Set<String> FIELDS = Set.of(CSV, MATCH, COLUMNS, TOLERANCE);

    static final int MOST_ITEMS = 10_000;
    private static final int USUAL_ITEMS = 100;

    static final Schema INVOICE = Schema.object()
            .required(CSV, Schema.text())
            .optional(MATCH, Schema.words("day", "request"))
            .optional(COLUMNS, Schema.map(Schema.text()))
            .optional(TOLERANCE, Schema.number())
            .closed();

    static final Schema TOTALS = Schema.object()
            .required(List.of("items", "calls"), Schema.integer())
            .required(List.of("invoicedUsd", "recordedUsd", "differenceUsd"), Schema.number())
            .open();

    /** What does not match. */
    static final Schema ITEMS = Schema.list(Schema.object()
            .required("item", Schema.text())
            .required(List.of("lines", "calls"), Schema.integer())
            .required(List.of("invoicedUsd", "recordedUsd", "differenceUsd"), Schema.number())
            .open());

    static final Schema REPORT = Schema.object()
            .required(List.of("matched", "different", "onlyInvoiced", "onlyRecorded", "unidentified"), TOTALS)
            .required("unpricedCalls", Schema.integer())
            .required("differenceUsd", Schema.number())
            .required("items", ITEMS)
            .open()
            .named("InvoiceReport");

    private final Architect architect;

    LedgerReconcile(Architect architect) {
        this.architect = architect;
    }

    void reconcile(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(LIMIT));
        SpendFilter filter = filter(parameters);
        int limit = parameters.query().integer(LIMIT, 0, MOST_ITEMS, USUAL_ITEMS);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(FIELDS);
        InvoiceMatching matching = matching(fields);
        Money tolerance = tolerance(fields);
        List<InvoiceLine> lines = lines(fields, matching);
        JsonResponseWriter.write(
                request,
                json(architect.ledger().reconcile(matching, lines, tolerance, limit, filter, parameters.period())));
    }

    /** Returns the conditions, of which one is the provider. */
    static SpendFilter filter(LedgerParameters parameters) {
        SpendFilter filter = parameters.filter();
        if (!filter.values().containsKey(SpendDimension.PROVIDER)) {
            throw ApiException.invalidParameter(
                    PROVIDER, PROVIDER + " is missing, expected the provider whose invoice it is");
        }
        return filter;
    }

    static InvoiceMatching matching(BodyFields fields) {
        String word = fields.text(MATCH).orElse("day");
        return switch (word) {
            case "day" -> InvoiceMatching.DAY_AND_MODEL;
            case "request" -> InvoiceMatching.REQUEST;
            default ->
                throw fields.invalid(MATCH, MATCH + " is '" + BodyFields.shorten(word) + "', expected day or request");
        };
    }

    static Money tolerance(BodyFields fields) {
        BigDecimal usd = fields.decimal(TOLERANCE).orElse(BigDecimal.ZERO);
        try {
            Money amount = Money.ofUsd(usd);
            if (amount.picoUsd() >= 0) {
                return amount;
            }
        } catch (ArithmeticException notExact) {
            // Said below.
        }
        throw fields.invalid(
                TOLERANCE, TOLERANCE + " is " + BodyFields.shorten(usd.toString()) + ", expected dollars such as 0.01");
    }

    static List<InvoiceLine> lines(BodyFields fields, InvoiceMatching matching) {
        InvoiceColumns columns = fields.checked(COLUMNS, () -> {
            InvoiceColumns named = InvoiceColumns.DEFAULT;
            for (Map.Entry<String, String> column : fields.textsByName(COLUMNS).entrySet()) {
                named = named.with(column.getKey(), column.getValue());
            }
            return named;
        });
        try {
            return InvoiceReader.read(CSV, fields.requiredText(CSV), matching, columns);
        } catch (InvalidFileException wrong) {
            throw fields.invalid(CSV, String.valueOf(wrong.getMessage()));
        }
    }

    static ObjectNode json(InvoiceReport report) {
        ObjectNode json = JsonResponseWriter.object();
        put(json.putObject("matched"), report.matched());
        put(json.putObject("different"), report.different());
        put(json.putObject("onlyInvoiced"), report.onlyInvoiced());
        put(json.putObject("onlyRecorded"), report.onlyRecorded());
        put(json.putObject("unidentified"), report.unidentified());
        json.put("unpricedCalls", report.unpricedCalls());
        JsonResponseWriter.putUsd(json, "differenceUsd", report.difference());
        ArrayNode items = json.putArray("items");
        for (InvoiceItem item : report.items()) {
            ObjectNode row = items.addObject()
                    .put("item", item.key())
                    .put("lines", item.lines())
                    .put("calls", item.calls());
            JsonResponseWriter.putUsd(row, "invoicedUsd", item.invoiced());
            JsonResponseWriter.putUsd(row, "recordedUsd", item.recorded());
            JsonResponseWriter.putUsd(row, "differenceUsd", item.difference());
        }
        return json;
    }

    private static void put(ObjectNode json, InvoiceTotals totals) {
        json.put("items", totals.items()).put("calls", totals.calls());
        JsonResponseWriter.putUsd(json, "invoicedUsd", totals.invoiced());
        JsonResponseWriter.putUsd(json, "recordedUsd", totals.recorded());
        JsonResponseWriter.putUsd(json, "differenceUsd", totals.difference());
    }
}
