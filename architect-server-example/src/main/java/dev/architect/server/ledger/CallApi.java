package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ReportPeriod;
import dev.architect.filter.Filter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.PageCursor;
import dev.architect.server.rest.QueryParameters;
import dev.architect.server.route.RouteView;
import dev.architect.server.task.TaskSchemas;
import dev.architect.server.task.TaskView;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The resource {@code /api/calls}: the calls of providers, one by one. */
public final class CallApi {

    private static final String PATH = "/api/calls";
    private static final String ONE = PATH + "/{id}";
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;

    private static final Schema CALL = Schema.object()
            .required("call", TaskSchemas.CALL)
            .required("project", Schema.text())
            .required(List.of("task", "user"), Schema.text().orNull())
            .required("tags", Schema.map(Schema.text()))
            .required(
                    "request",
                    Schema.object()
                            .required("id", Schema.text())
                            .required("costUsd", Schema.number())
                            .required("unpricedCalls", Schema.integer())
                            .required("calls", Schema.list(TaskSchemas.CALL))
                            .open())
            .required("decision", RouteView.DECISION.orNull())
            .open();

    private final Architect architect;
    private final TimeSource time;

    /** Creates the resource; {@code time} is what times such as {@code -7d} in filters are before. */
    public CallApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("getCall", ONE, Permission.read("costs"), this::show)
                        .summary("Shows a call of a provider, with what its request cost and why it went there.")
                        .path("id", Schema.text(), "The id of the call, or of its request.")
                        .answer(200, "The call.", CALL)
                        .refuses(404, "not-found"),
                Operation.get("listCalls", PATH, Permission.read("costs"), this::list)
                        .summary("Lists the calls of providers that meet a filter, the oldest first.")
                        .query(
                                FilterText.Q,
                                Schema.text(0, Filter.MAX_CHARACTERS),
                                "Only those that pass this filter, such as provider:ollama outcome:failed created:-7d.")
                        .query(FilterText.ZONE, Schema.text(), "The zone of days in q; UTC when absent.")
                        .query(PageCursor.CURSOR, Schema.text(), "The page at next of the one before.")
                        .query(AFTER, Schema.text(), "The same.")
                        .query(LIMIT, Schema.integer(1, MAX_LIMIT), "How many at most.")
                        .query(LedgerParameters.described())
                        .answer(
                                200,
                                "A page of calls; it may be short, or empty, while next is there.",
                                Schema.object()
                                        .required("calls", Schema.list(TaskSchemas.CALL))
                                        .required("next", Schema.text().orNull())
                                        .open())
                        .refuses(400, "cursor-mismatch", "unknown-filter"));
    }

    private void show(Context request) {
        String id = request.pathParam("id");
        Optional<LedgerEntry> named = architect.ledger().call(id);
        List<LedgerEntry> calls = architect
                .ledger()
                .ofRequest(named.map(call -> call.origin().requestId()).orElse(id));
        // Clients of the gateway know the id of their request, which its first call usually has.
        LedgerEntry call = named.or(() -> calls.stream().reduce((first, last) -> last))
                .orElseThrow(() -> ApiException.notFound("call " + BodyFields.shorten(id)
                        + " does not exist, expected the id of a call or of a request that has made one"));
        JsonResponseWriter.write(request, json(call, calls));
    }

    private ObjectNode json(LedgerEntry call, List<LedgerEntry> calls) {
        CallOrigin origin = call.origin();
        ObjectNode json = JsonResponseWriter.object();
        json.set("call", TaskView.calls(List.of(call)).get(0));
        json.put("project", origin.attribution().project().name())
                .put("task", origin.task().map(Object::toString).orElse(null))
                .put("user", origin.attribution().user().orElse(null));
        JsonResponseWriter.putTexts(json, "tags", origin.attribution().tags());
        ObjectNode whole = json.putObject("request").put("id", origin.requestId());
        JsonResponseWriter.putUsd(
                whole,
                "costUsd",
                MoneyTotal.sum(calls.stream()
                        .flatMap(each -> each.charge().cost().amount().stream())
                        .toList()));
        whole.put(
                "unpricedCalls",
                calls.stream()
                        .filter(each -> each.charge().cost().status() == CostStatus.UNPRICED)
                        .count());
        whole.set("calls", TaskView.calls(calls));
        json.set(
                "decision",
                architect
                        .records()
                        .ofRequest(origin.requestId())
                        .map(RouteView::json)
                        .orElse(null));
        return json;
    }

    private void list(Context request) {
        LedgerParameters parameters =
                LedgerParameters.filtered(request, Set.of(PageCursor.CURSOR, AFTER, LIMIT), time.wallTime());
        String asked = parameters.asked();
        int limit = parameters.query().integer(LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT);
        Optional<LedgerPosition> after = place(parameters.query(), asked);
        SpendFilter filter = parameters.filter();
        ReportPeriod period = parameters.period();
        LedgerPage page = architect.ledger().browse(filter, period, after, limit);
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("calls", TaskView.calls(page.calls()));
        answer.put("next", page.next().map(next -> cursor(next).text(asked)).orElse(null));
        JsonResponseWriter.write(request, answer);
    }

    private static PageCursor cursor(LedgerPosition position) {
        return new PageCursor(false, position.startedAt() + " " + position.callId());
    }

    private static Optional<LedgerPosition> place(QueryParameters query, String asked) {
        Optional<String> cursor = query.text(PageCursor.CURSOR);
        Optional<String> after = query.text(AFTER);
        if (cursor.isPresent() && after.isPresent()) {
            throw ApiException.invalidParameter(AFTER, AFTER + " is given beside cursor, expected one of them");
        }
        return cursor.map(text -> position(PageCursor.CURSOR, text, asked))
                .or(() -> after.map(text -> position(AFTER, text, asked)));
    }

    private static LedgerPosition position(String parameter, String text, String asked) {
        PageCursor cursor = PageCursor.parse(parameter, text, asked);
        String[] parts = cursor.place().split(" ", 2);
        try {
            if (parts.length == 2 && !cursor.isBackward()) {
                return new LedgerPosition(Instant.parse(parts[0]), parts[1]);
            }
        } catch (IllegalArgumentException | DateTimeParseException notOne) {
            // As below.
        }
        throw QueryParameters.invalid(parameter, text, "next of the page before");
    }
}
