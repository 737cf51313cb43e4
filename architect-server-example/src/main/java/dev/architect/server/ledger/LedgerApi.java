package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
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

    private static final String AREA = "costs";

    private static final int MOST_TOP = 1_000;
    private static final int USUAL_TOP = 10;

    private final Architect architect;

    /** Creates the resource. */
    public LedgerApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        Schema groups = Schema.object()
                .required(BY, Schema.text())
                .required("groups", Schema.list(LedgerView.GROUP))
                .open();
        return List.of(
                Operation.get("listSpend", PATH + "groups", Permission.read(AREA), this::groups)
                        .summary("Sums what calls cost by one dimension.")
                        .query(BY, Schema.words(SpendDimension.class), "The dimension.")
                        .query(LedgerParameters.described())
                        .answer(
                                200,
                                "The groups and their total.",
                                Schema.object()
                                        .all(groups)
                                        .required("total", LedgerView.TOTALS)
                                        .open()),
                Operation.get("listTopSpend", PATH + "top", Permission.read(AREA), this::top)
                        .summary("Lists the groups that cost most, the dearest first.")
                        .query(BY, Schema.text(), "The dimension, or task.")
                        .query(LIMIT, Schema.integer(1, MOST_TOP), "How many at most.")
                        .query(LedgerParameters.described())
                        .answer(200, "The groups.", groups),
                Operation.get("listSpendSeries", PATH + "series", Permission.read(AREA), this::series)
                        .summary("Sums what calls cost in each interval of a time.")
                        .query(INTERVAL, Schema.words(SpendInterval.class), "The length of an interval.")
                        .query(LedgerParameters.described())
                        .answer(
                                200,
                                "The intervals, those without calls included.",
                                Schema.object()
                                        .required(INTERVAL, Schema.text())
                                        .required("buckets", Schema.list(LedgerView.BUCKET))
                                        .open()),
                Operation.get("listCalibration", PATH + "calibration", Permission.read(AREA), this::calibration)
                        .summary("Says how often forecasts of the length of answers have held.")
                        .query(LedgerParameters.described())
                        .answer(200, "The shares.", LedgerView.CALIBRATION),
                Operation.get("getTaskSpend", PATH + "tasks/{id}", Permission.read(AREA), this::task)
                        .summary("Shows what a task cost, attempt by attempt.")
                        .answer(200, "What it cost.", LedgerView.TASK)
                        .refuses(400, "invalid-value"),
                Operation.get(
                                "exportCalls",
                                PATH + "export",
                                Permission.read(AREA),
                                new LedgerExport(architect)::export)
                        .summary("Sends every call as a file, the oldest first.")
                        .query(LedgerExport.FORMAT, Schema.words("csv", "jsonl"), "The form of the file.")
                        .query(LedgerParameters.described())
                        .answer(200, "The file.", "text/csv"),
                Operation.post(
                                "rerateCalls",
                                PATH + "rerate",
                                Permission.read(AREA),
                                new LedgerRerate(architect)::rerate)
                        .summary("Says what calls would have cost by other prices, or of other models.")
                        .query(BY, Schema.words(SpendDimension.class), "The dimension of the groups.")
                        .query(LedgerParameters.described())
                        .optionalBody(LedgerRerate.RERATING)
                        .answer(200, "The cost by group.", LedgerRerate.REPORT),
                Operation.post(
                                "reconcileInvoice",
                                PATH + "reconcile",
                                Permission.read(AREA),
                                new LedgerReconcile(architect)::reconcile)
                        .summary("Compares the invoice of a provider with its calls.")
                        .query("limit", Schema.integer(0, LedgerReconcile.MOST_ITEMS), "How many items at most.")
                        .query(LedgerParameters.described())
                        .body(LedgerReconcile.INVOICE)
                        .answer(200, "How they agree.", LedgerReconcile.REPORT));
    }

    private void groups(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(BY));
        String by = parameters.query().text(BY).orElse(EnumWords.of(SpendDimension.PROVIDER));
        SpendDimension dimension = dimension(by, EnumWords.list(SpendDimension.class));
        List<GroupSpend> groups = architect.ledger().spendBy(dimension, parameters.filter(), parameters.period());
        ObjectNode json = LedgerView.groups(by, groups, dimension.isOfConstants());
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
                        by, architect.ledger().top(dimension, filter, period, limit), dimension.isOfConstants()));
    }

    private void series(Context request) {
        JsonResponseWriter.write(
                request,
                series(architect, new LedgerParameters(request, Set.of(INTERVAL)), INTERVAL, SpendInterval.HOUR));
    }

    /** Returns the sums of each interval, whose length the parameter {@code name} has. */
    static ObjectNode series(Architect architect, LedgerParameters parameters, String name, SpendInterval usual) {
        String word = parameters.query().text(name).orElse(EnumWords.of(usual));
        SpendInterval interval = EnumWords.parse(SpendInterval.class, word)
                .orElseThrow(
                        () -> QueryParameters.invalid(name, word, "one of " + EnumWords.list(SpendInterval.class)));
        SpendFilter filter = parameters.filter();
        ReportPeriod period = parameters.period();
        return LedgerView.series(
                name,
                word,
                LedgerParameters.checked(name, () -> architect.ledger().series(interval, filter, period)));
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
