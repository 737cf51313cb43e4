package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ReportPeriod;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.server.task.TaskSchemas;
import dev.architect.server.task.TaskView;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendFilter;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
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

    /** Creates the resource. */
    public CallApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("listCalls", "/api/calls", Permission.read("costs"), this::list)
                .summary("Lists the calls of providers that meet a filter, the oldest first.")
                .query(AFTER, Schema.text(), "Only those after a place: next of the page before.")
                .query(LIMIT, Schema.integer(1, MAX_LIMIT), "How many at most.")
                .query(LedgerParameters.described())
                .answer(
                        200,
                        "A page of calls.",
                        Schema.object()
                                .required("calls", Schema.list(TaskSchemas.CALL))
                                .required("next", Schema.text().orNull())
                                .open()));
    }

    private void list(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(AFTER, LIMIT));
        int limit = parameters.query().integer(LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT);
        Optional<LedgerPosition> after = parameters.query().text(AFTER).map(CallApi::position);
        SpendFilter filter = parameters.filter();
        ReportPeriod period = parameters.period();
        List<LedgerEntry> calls = architect.ledger().page(filter, period, after, limit);
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("calls", TaskView.calls(calls));
        answer.put("next", calls.size() < limit ? null : text(LedgerPosition.after(calls.get(limit - 1))));
        JsonResponseWriter.write(request, answer);
    }

    private static String text(LedgerPosition position) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((position.startedAt() + " " + position.callId()).getBytes(StandardCharsets.UTF_8));
    }

    private static LedgerPosition position(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
            if (parts.length == 2) {
                return new LedgerPosition(Instant.parse(parts[0]), parts[1]);
            }
        } catch (IllegalArgumentException | DateTimeParseException notOne) {
            // As below.
        }
        throw QueryParameters.invalid(AFTER, text, "next of the page before");
    }
}
