package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.event.ActivityEntry;
import dev.architect.route.ProviderStatus;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.CursorPage;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.PageCursor;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The resources for status, spend and activity. */
public final class ReportApi {

    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;

    private static final String BEFORE = "before";
    private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");

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
                Operation.get("getSavings", "/api/costs/savings", Permission.read("costs"), this::savings)
                        .summary("Shows what a period cost, and the same requests on the baseline model.")
                        .query("period", Schema.text(), "today, 1h, 24h, 7d, 30d or all.")
                        .answer(200, "The saving.", ReportSchemas.SAVINGS),
                Operation.get("getActivityFeed", "/api/activity.atom", Permission.read("activity"), this::feed)
                        .summary("Shows the newest activities as an Atom feed.")
                        .query("kind", Schema.text(), "Only these kinds, with commas between them.")
                        .answer(200, "The feed.", "application/atom+xml"),
                Operation.get("listActivities", "/api/activity", Permission.read("activity"), this::activity)
                        .summary("Lists what has happened, newest first.")
                        .query("kind", Schema.text(), "Only these kinds, with commas between them.")
                        .query(PageCursor.CURSOR, Schema.text(), "The page at next or previous of another one.")
                        .query(BEFORE, Schema.text(), "Only older ones than this sequence, or next of the page before.")
                        .query("limit", Schema.integer(1, MAX_LIMIT), "How many at most.")
                        .answer(
                                200,
                                "A page of activities.",
                                Schema.object()
                                        .required("activities", Schema.list(ReportSchemas.ACTIVITY))
                                        .required(
                                                List.of("next", "previous"),
                                                Schema.text().orNull())
                                        .open())
                        .refuses(400, "cursor-mismatch"));
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

    private void savings(Context request) {
        String period =
                new QueryParameters(request, Set.of("period")).text("period").orElse(PeriodParameter.TODAY);
        JsonResponseWriter.write(
                request, SpendView.savings(period, architect.ledger().savings(PeriodParameter.parse(period))));
    }

    private void feed(Context request) {
        Set<String> kinds = kinds(new QueryParameters(request, Set.of("kind")));
        request.contentType(ActivityFeed.TYPE)
                .result(ActivityFeed.of(architect.activity().ofKinds(kinds, Long.MAX_VALUE, DEFAULT_LIMIT)));
    }

    private void activity(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of("limit", BEFORE, PageCursor.CURSOR, "kind"));
        int limit = query.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        Set<String> kinds = kinds(query);
        String asked = "activity\n" + String.join(",", kinds);
        Optional<PageCursor> at = place(query, asked);
        CursorPage<ActivityEntry> page =
                CursorPage.of(read(kinds, at, limit), limit, at, entry -> Long.toString(entry.sequence()));
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("activities", StatusView.activities(page.items()));
        answer.put("next", page.next().map(cursor -> cursor.text(asked)).orElse(null));
        answer.put("previous", page.previous().map(cursor -> cursor.text(asked)).orElse(null));
        JsonResponseWriter.write(request, answer);
    }

    private static Optional<PageCursor> place(QueryParameters query, String asked) {
        Optional<PageCursor> cursor =
                query.text(PageCursor.CURSOR).map(text -> PageCursor.parse(PageCursor.CURSOR, text, asked));
        Optional<String> before = query.text(BEFORE);
        if (cursor.isPresent() && before.isPresent()) {
            throw ApiException.invalidParameter(BEFORE, BEFORE + " is given beside cursor, expected one of them");
        }
        // Clients of the time before cursors send the sequence of the last entry.
        return cursor.or(() -> before.map(
                text -> SEQUENCE.matcher(text).matches() ? new PageCursor(false, text) : cursorBefore(text, asked)));
    }

    private static PageCursor cursorBefore(String text, String asked) {
        try {
            return PageCursor.parse(BEFORE, text, asked);
        } catch (ApiException wrong) {
            throw wrong.code().equals("cursor-mismatch")
                    ? wrong
                    : QueryParameters.invalid(BEFORE, text, "the sequence of an activity");
        }
    }

    /** Reads one more than the page has, and of the longest one by a second query. */
    private List<ActivityEntry> read(Set<String> kinds, Optional<PageCursor> at, int limit) {
        boolean isBackward = at.filter(PageCursor::isBackward).isPresent();
        long place = at.map(cursor -> sequence(cursor.place())).orElse(Long.MAX_VALUE);
        if (limit < MAX_LIMIT) {
            return read(kinds, place, isBackward, limit + 1);
        }
        List<ActivityEntry> entries = new ArrayList<>(read(kinds, place, isBackward, limit));
        if (entries.size() == limit) {
            entries.addAll(read(kinds, entries.get(limit - 1).sequence(), isBackward, 1));
        }
        return entries;
    }

    private List<ActivityEntry> read(Set<String> kinds, long place, boolean isBackward, int limit) {
        return isBackward
                ? architect.activity().following(kinds, place, limit)
                : architect.activity().ofKinds(kinds, place, limit);
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
        if (!SEQUENCE.matcher(text).matches()) {
            throw QueryParameters.invalid(PageCursor.CURSOR, text, "next or previous of a page of activities");
        }
        return Long.parseLong(text);
    }
}
