package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.event.ActivityEntry;
import dev.architect.route.ProviderStatus;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The resources for status, spend and activity. */
public final class ReportApi {

    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;

    private final Architect architect;
    private final HealthApi health;

    /** Creates the resources. */
    public ReportApi(Architect architect, HealthApi health) {
        this.architect = architect;
        this.health = health;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("getStatus", "/api/status", Permission.ANY_LOGIN, this::status)
                        .summary("Shows the state of the whole: tasks, sessions, providers, engine.")
                        .answer(200, "The state.", ReportSchemas.STATUS),
                Operation.get("getSpendSummary", "/api/llm-metrics/summary", Permission.read("costs"), this::summary)
                        .summary("Shows cost, baseline and saving of a period, by provider.")
                        .query("period", Schema.text(), "today, 1h, 24h, 7d, 30d or all.")
                        .answer(200, "The summary.", ReportSchemas.SPEND),
                Operation.get("listActivities", "/api/activity", Permission.read("activity"), this::activity)
                        .summary("Lists what has happened, newest first.")
                        .query("kind", Schema.text(), "Only these kinds, with commas between them.")
                        .query("before", Schema.text(), "Only older ones than this: next of the page before.")
                        .query("limit", Schema.integer(1, MAX_LIMIT), "How many at most.")
                        .answer(
                                200,
                                "A page of activities.",
                                Schema.object()
                                        .required("activities", Schema.list(ReportSchemas.ACTIVITY))
                                        .required("next", Schema.integer().orNull())
                                        .open()));
    }

    private void status(Context request) {
        ObjectNode answer = health.up();
        answer.set("tasks", StatusView.counts(architect.tasks().counts()));
        answer.put("runningAttempts", architect.sessions().runningAttempts());
        answer.set("engine", StatusView.engine(architect.health()));
        answer.set("sessions", StatusView.sessions(architect.sessions().list()));
        List<ProviderStatus> providers = architect.providers().statuses();
        answer.set("providers", StatusView.providers(providers));
        answer.set("breakerHistory", StatusView.breakerHistory(providers));
        JsonResponseWriter.write(request, answer);
    }

    private void summary(Context request) {
        String period =
                new QueryParameters(request, Set.of("period")).text("period").orElse(PeriodParameter.TODAY);
        JsonResponseWriter.write(
                request,
                SpendView.summary(
                        period,
                        architect.ledger().spend(PeriodParameter.parse(period)),
                        architect.providers().statuses()));
    }

    private void activity(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of("limit", "before", "kind"));
        int limit = query.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        long before = query.text("before").map(ReportApi::sequence).orElse(Long.MAX_VALUE);
        List<ActivityEntry> entries = architect.activity().ofKinds(kinds(query), before, limit);
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("activities", StatusView.activities(entries));
        Long next = entries.size() < limit
                ? null
                : Long.valueOf(entries.get(limit - 1).sequence());
        answer.put("next", next);
        JsonResponseWriter.write(request, answer);
    }

    private static Set<String> kinds(QueryParameters query) {
        Set<String> kinds = new TreeSet<>();
        query.text("kind").ifPresent(text -> kinds.addAll(List.of(text.split(",", -1))));
        for (String kind : kinds) {
            if (!ActivityEntry.KINDS.contains(kind)) {
                throw QueryParameters.invalid("kind", kind, "one of " + String.join(", ", ActivityEntry.KINDS));
            }
        }
        return kinds;
    }

    private static long sequence(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw QueryParameters.invalid("before", text, "the sequence of an activity");
        }
        return Long.parseLong(text);
    }
}
