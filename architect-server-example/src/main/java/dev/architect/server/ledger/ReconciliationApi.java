package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.creation.CreatedAnswer;
import dev.architect.job.ledger.InvoiceComparison;
import dev.architect.job.ledger.KeptReconciliation;
import dev.architect.job.ledger.Reconciliations;
import dev.architect.node.SharedDocument;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.CursorPage;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.PageCursor;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The resource {@code /api/reconciliations}: invoices of providers, compared with the calls and kept with the outcome. */
public final class ReconciliationApi {

    private static final String PATH = "/api/reconciliations";
    private static final String ONE = PATH + "/{id}";
    private static final String LIMIT = "limit";
    private static final String NOTE = "note";
    private static final String ITEMS = "items";
    private static final String ASKED = "reconciliations";
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;

    private static final Schema SUMMARY = Schema.object()
            .required(List.of("id", "by", "filter", NOTE), Schema.text())
            .required(List.of("at", "from", "until"), Schema.instant())
            .required("match", Schema.words("day", "request"))
            .required(List.of("toleranceUsd", "differenceUsd"), Schema.number())
            .required("outcome", Schema.words("matched", "different"))
            .required(
                    List.of("matched", "different", "onlyInvoiced", "onlyRecorded", "unidentified"),
                    LedgerReconcile.TOTALS)
            .required("unpricedCalls", Schema.integer())
            .open()
            .named("Reconciliation");

    private static final Schema WHOLE = Schema.object()
            .all(SUMMARY)
            .required(ITEMS, LedgerReconcile.ITEMS)
            .open()
            .named("ReconciliationWithItems");

    private final Architect architect;
    private final TimeSource time;

    /** The place of one in the list. */
    private record Place(Instant at, String id) {}

    private static final Comparator<Place> NEWEST_FIRST =
            Comparator.comparing(Place::at).thenComparing(Place::id).reversed();

    /** Creates the resource; {@code time} is what periods are resolved by. */
    public ReconciliationApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listReconciliations", PATH, Permission.read("costs"), this::list)
                        .summary("Lists invoices that were compared with the calls, newest first.")
                        .query(PageCursor.CURSOR, Schema.text(), "The page at next or previous of another one.")
                        .query(LIMIT, Schema.integer(1, MAX_LIMIT), "How many at most.")
                        .answer(
                                200,
                                "A page of them, without their items.",
                                Schema.object()
                                        .required(ITEMS, Schema.list(SUMMARY))
                                        .required(
                                                List.of("next", "previous"),
                                                Schema.text().orNull())
                                        .open())
                        .refuses(400, "cursor-mismatch"),
                Operation.get("getReconciliation", ONE, Permission.read("costs"), this::show)
                        .summary("Shows how an invoice and the calls agreed, with the items that did not match.")
                        .answer(200, "The outcome.", WHOLE)
                        .refuses(404, "not-found"),
                Operation.post("createReconciliation", PATH, Permission.write("prices"), this::create)
                        .summary("Compares the invoice of a provider with its calls, and keeps the outcome.")
                        .query(
                                LIMIT,
                                Schema.integer(0, Reconciliations.MAX_ITEMS),
                                "How many items that do not match are kept.")
                        .query(LedgerParameters.described())
                        .body(Schema.object()
                                .all(LedgerReconcile.INVOICE)
                                .optional(NOTE, Schema.text(0, InvoiceComparison.MAX_NOTE))
                                .closed())
                        .creating()
                        .answer(201, "It is kept.", WHOLE));
    }

    private void create(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(LIMIT));
        SpendFilter filter = LedgerReconcile.filter(parameters);
        int limit = parameters.query().integer(LIMIT, 0, Reconciliations.MAX_ITEMS, Reconciliations.MAX_ITEMS);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        Set<String> known = new HashSet<>(LedgerReconcile.FIELDS);
        known.add(NOTE);
        fields.rejectUnknown(known);
        InvoiceMatching matching = LedgerReconcile.matching(fields);
        String note = fields.text(NOTE).orElse("");
        Money tolerance = LedgerReconcile.tolerance(fields);
        ReportPeriod.Between period = parameters.period().resolve(time.wallTime());
        InvoiceComparison comparison =
                fields.checked(NOTE, () -> new InvoiceComparison(matching, tolerance, filter, period, note));
        List<InvoiceLine> lines = LedgerReconcile.lines(fields, matching);
        KeptReconciliation compared = architect
                .reconciliations()
                .compare(
                        comparison,
                        lines,
                        limit,
                        AccessFilter.principal(request).actor());
        CreatedAnswer answer = Creations.at(PATH + "/" + compared.id(), whole(compared));
        Creations.respond(
                request,
                made -> made instanceof SharedDocument document && Reconciliations.holds(document, compared)
                        ? Optional.of(answer)
                        : Optional.empty(),
                () -> {
                    architect.reconciliations().keep(compared);
                    return answer;
                },
                first -> {});
    }

    private void list(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of(PageCursor.CURSOR, LIMIT));
        int limit = query.integer(LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT);
        Optional<PageCursor> at =
                query.text(PageCursor.CURSOR).map(text -> PageCursor.parse(PageCursor.CURSOR, text, ASKED));
        boolean isBackward = at.filter(PageCursor::isBackward).isPresent();
        Optional<Place> from = at.map(ReconciliationApi::place);
        List<KeptReconciliation> all =
                new ArrayList<>(architect.reconciliations().list());
        if (isBackward) {
            Collections.reverse(all);
        }
        List<KeptReconciliation> read = all.stream()
                .filter(kept -> from.isEmpty()
                        || (isBackward
                                ? NEWEST_FIRST.compare(place(kept), from.get()) < 0
                                : NEWEST_FIRST.compare(place(kept), from.get()) > 0))
                .limit(limit + 1L)
                .toList();
        CursorPage<KeptReconciliation> page = CursorPage.of(read, limit, at, kept -> kept.at() + " " + kept.id());
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode items = answer.putArray(ITEMS);
        page.items().forEach(kept -> items.add(summary(kept)));
        answer.put("next", page.next().map(cursor -> cursor.text(ASKED)).orElse(null));
        answer.put("previous", page.previous().map(cursor -> cursor.text(ASKED)).orElse(null));
        JsonResponseWriter.write(request, answer);
    }

    private static Place place(KeptReconciliation kept) {
        return new Place(kept.at(), kept.id());
    }

    private static Place place(PageCursor cursor) {
        String[] parts = cursor.place().split(" ", 2);
        try {
            if (parts.length == 2) {
                return new Place(Instant.parse(parts[0]), parts[1]);
            }
        } catch (DateTimeParseException notOne) {
            // As below.
        }
        throw QueryParameters.invalid(PageCursor.CURSOR, cursor.place(), "next or previous of a page");
    }

    private void show(Context request) {
        String id = request.pathParam("id");
        JsonResponseWriter.write(
                request,
                architect
                        .reconciliations()
                        .find(id)
                        .map(ReconciliationApi::whole)
                        .orElseThrow(() -> ApiException.notFound("reconciliation " + BodyFields.shorten(id)
                                + " does not exist, expected one of the last hundred")));
    }

    private static ObjectNode summary(KeptReconciliation kept) {
        ObjectNode json = whole(kept);
        json.remove(ITEMS);
        return json;
    }

    private static ObjectNode whole(KeptReconciliation kept) {
        InvoiceComparison comparison = kept.comparison();
        ObjectNode json = JsonResponseWriter.object()
                .put("id", kept.id())
                .put("at", kept.at().toString())
                .put("by", kept.by())
                .put("filter", comparison.filter().text())
                .put("from", comparison.period().from().toString())
                .put("until", comparison.period().to().toString())
                .put("match", comparison.matching() == InvoiceMatching.REQUEST ? "request" : "day");
        JsonResponseWriter.putUsd(json, "toleranceUsd", Optional.of(comparison.tolerance()));
        json.put(NOTE, comparison.note()).put("outcome", kept.isMatched() ? "matched" : "different");
        json.setAll(LedgerReconcile.json(kept.report()));
        return json;
    }
}
