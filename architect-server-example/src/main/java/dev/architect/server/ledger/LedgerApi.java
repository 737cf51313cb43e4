package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;

/** Reports on what calls cost: by group, in time, the dearest, one task, and all calls as a file. */
public final class LedgerApi {

    private static final String PATH = "/api/ledger/";
    private static final String BY = "by";
    private static final String BY_TASK = "task";
    private static final String LIMIT = "limit";
    private static final String INTERVAL = "interval";

    private static final int MOST_TOP = 1_000;
    private static final int USUAL_TOP = 10;

    private final Architect architect;

    /** Creates the resource. */
    public LedgerApi(Architect architect) {
        this.architect = architect;
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(PATH + "groups", this::groups),
                Endpoint.get(PATH + "top", this::top),
                Endpoint.get(PATH + "series", this::series),
                Endpoint.get(PATH + "calibration", this::calibration),
                Endpoint.get(PATH + "tasks/{id}", this::task),
                Endpoint.get(PATH + "export", new LedgerExport(architect)::export),
                Endpoint.post(PATH + "rerate", new LedgerRerate(architect)::rerate),
                Endpoint.post(PATH + "reconcile", new LedgerReconcile(architect)::reconcile));
    }

    private void groups(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(BY));
        String by = parameters.query().text(BY).orElse(EnumWords.of(SpendDimension.PROVIDER));
        SpendDimension dimension = dimension(by, EnumWords.list(SpendDimension.class));
        List<GroupSpend> groups = architect.ledger().spendBy(dimension, parameters.filter(), parameters.period());
        ObjectNode json = LedgerView.groups(by, groups, LedgerView.isOfConstants(dimension));
        LedgerView.put(json.putObject("total"), SpendTotals.sum(groups));
        JsonResponseWriter.write(request, json);
    }

    static SpendDimension dimension(String word, String expected) {
        return EnumWords.parse(SpendDimension.class, word)
                .orElseThrow(() -> QueryParameters.invalid(BY, word, "one of " + expected));
    }

    private void top(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(BY, LIMIT));
        String by = parameters.query().text(BY).orElse(BY_TASK);
        int limit = parameters.query().integer(LIMIT, 1, MOST_TOP, USUAL_TOP);
        SpendFilter filter = parameters.filter();
        ReportPeriod period = parameters.period();
        if (by.equals(BY_TASK)) {
            JsonResponseWriter.write(
                    request, LedgerView.groups(by, architect.ledger().topTasks(filter, period, limit), false));
            return;
        }
        SpendDimension dimension = dimension(by, BY_TASK + ", " + EnumWords.list(SpendDimension.class));
        JsonResponseWriter.write(
                request,
                LedgerView.groups(
                        by,
                        architect.ledger().top(dimension, filter, period, limit),
                        LedgerView.isOfConstants(dimension)));
    }

    private void series(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(INTERVAL));
        String word = parameters.query().text(INTERVAL).orElse(EnumWords.of(SpendInterval.HOUR));
        SpendInterval interval = EnumWords.parse(SpendInterval.class, word)
                .orElseThrow(
                        () -> QueryParameters.invalid(INTERVAL, word, "one of " + EnumWords.list(SpendInterval.class)));
        SpendFilter filter = parameters.filter();
        ReportPeriod period = parameters.period();
        JsonResponseWriter.write(
                request,
                LedgerView.series(
                        word,
                        LedgerParameters.checked(
                                INTERVAL, () -> architect.ledger().series(interval, filter, period))));
    }

    private void calibration(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of());
        JsonResponseWriter.write(
                request,
                LedgerView.calibration(architect.ledger().outputCalibration(parameters.filter(), parameters.period())));
    }

    private void task(Context request) {
        JsonResponseWriter.write(
                request, LedgerView.task(architect.ledger().spendOf(LedgerParameters.task(request.pathParam("id")))));
    }
}
