package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.ReportPeriod;
import dev.architect.filter.Filter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.PageCursor;
import dev.architect.server.rest.QueryParameters;
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

    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;

    private final Architect architect;
    private final TimeSource time;

    /** Creates the resource; {@code time} is what times such as {@code -7d} in filters are before. */
    public CallApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("listCalls", "/api/calls", Permission.read("costs"), this::list)
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
