package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.filter.Filter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What calls cost, by up to two dimensions and in time: {@code /api/costs}. */
public final class CostApi {

    private static final String PATH = "/api/costs/";
    private static final String AREA = "costs";
    private static final String BY = "by";
    private static final String STEP = "step";
    private static final String LIMIT = "limit";
    private static final String TEAM = "team";
    private static final String TAG = "tag:";
    private static final int MOST_AXES = 2;
    private static final int MAX_LIMIT = 10_000;
    private static final int DEFAULT_LIMIT = 1_000;

    private static final Comparator<SpendCell> DEAREST_FIRST = Comparator.comparing(
                    (SpendCell cell) -> cell.totals().cost().spent())
            .reversed()
            .thenComparing(SpendCell::values, SpendCell.BY_VALUES);

    private static final Schema DIMENSION = Schema.object()
            .required(List.of("name", "filter"), Schema.text())
            .open()
            .named("SpendDimension");

    private static final Schema CELL = Schema.object()
            .required("values", Schema.map(Schema.text()))
            .all(LedgerView.TOTALS)
            .open()
            .named("SpendCell");

    private final Architect architect;
    private final TimeSource time;

    /** An axis as it was asked for. */
    private record Named(String word, SpendAxis axis) {

        String written(String value) {
            return axis.dimension()
                    .map(dimension -> LedgerView.group(dimension, value))
                    .orElse(value);
        }
    }

    /** Creates the resource; {@code time} is what times such as {@code -7d} in filters are before. */
    public CostApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listCostDimensions", PATH + "dimensions", Permission.read(AREA), this::dimensions)
                        .summary("Lists what costs can be broken down by, and the filter of each.")
                        .answer(
                                200,
                                "The dimensions, in their order.",
                                Schema.object()
                                        .required("dimensions", Schema.list(DIMENSION))
                                        .open()),
                filtered(Operation.get("getCostBreakdown", PATH + "breakdown", Permission.read(AREA), this::breakdown)
                                .summary("Sums what calls cost by one or two dimensions, the dearest first.")
                                .query(
                                        BY,
                                        Schema.text(),
                                        "One or two, with a comma: a dimension of the ledger, team, or tag:name.")
                                .query(LIMIT, Schema.integer(1, MAX_LIMIT), "How many items at most."))
                        .answer(
                                200,
                                "The sums of each pair of values, and of all.",
                                Schema.object()
                                        .required(BY, Schema.list(Schema.text()))
                                        .required("items", Schema.list(CELL))
                                        .required("omitted", Schema.integer())
                                        .required("total", LedgerView.TOTALS)
                                        .open())
                        .refuses(400, "unknown-filter"),
                filtered(Operation.get("getCostSeries", PATH + "series", Permission.read(AREA), this::series)
                                .summary("Sums what calls cost in each step of a time.")
                                .query(STEP, Schema.words(SpendInterval.class), "The length of a step."))
                        .answer(
                                200,
                                "The steps, those without calls included.",
                                Schema.object()
                                        .required(STEP, Schema.text())
                                        .required("buckets", Schema.list(LedgerView.BUCKET))
                                        .open())
                        .refuses(400, "unknown-filter"));
    }

    private static Operation filtered(Operation operation) {
        return operation
                .query(
                        FilterText.Q,
                        Schema.text(0, Filter.MAX_CHARACTERS),
                        "Only calls that pass this filter, such as provider:ollama outcome:failed created:-7d.")
                .query(FilterText.ZONE, Schema.text(), "The zone of days in q; UTC when absent.")
                .query(LedgerParameters.described());
    }

    private void dimensions(Context request) {
        ObjectNode json = JsonResponseWriter.object();
        ArrayNode all = json.putArray("dimensions");
        for (SpendDimension dimension : SpendDimension.values()) {
            all.addObject().put("name", EnumWords.of(dimension)).put("filter", dimension.filterName());
        }
        JsonResponseWriter.write(request, json);
    }

    private void breakdown(Context request) {
        LedgerParameters parameters = LedgerParameters.filtered(request, Set.of(BY, LIMIT), time.wallTime());
        List<Named> axes = axes(parameters.query().text(BY).orElse(EnumWords.of(SpendDimension.PROVIDER)));
        int limit = parameters.query().integer(LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT);
        SpendFilter filter = parameters.filter();
        ReportPeriod period = parameters.period();
        List<SpendCell> cells = LedgerParameters.checked(
                BY,
                () -> architect
                        .ledger()
                        .breakdown(axes.stream().map(Named::axis).toList(), filter, period));
        ObjectNode json = JsonResponseWriter.object();
        ArrayNode by = json.putArray(BY);
        axes.forEach(axis -> by.add(axis.word()));
        ArrayNode items = json.putArray("items");
        cells.stream().sorted(DEAREST_FIRST).limit(limit).forEach(cell -> {
            ObjectNode item = items.addObject();
            ObjectNode values = item.putObject("values");
            for (int i = 0; i < axes.size(); i++) {
                values.put(axes.get(i).word(), axes.get(i).written(cell.values().get(i)));
            }
            LedgerView.put(item, cell.totals());
        });
        json.put("omitted", Math.max(0, cells.size() - limit));
        LedgerView.put(
                json.putObject("total"),
                cells.stream().map(SpendCell::totals).reduce(SpendTotals.ZERO, SpendTotals::plus));
        JsonResponseWriter.write(request, json);
    }

    private static List<Named> axes(String text) {
        String[] words = text.split(",", -1);
        if (words.length > MOST_AXES) {
            throw QueryParameters.invalid(BY, text, "one or two, with a comma between them");
        }
        List<Named> axes = new ArrayList<>();
        for (String word : words) {
            axes.add(new Named(word, axis(word)));
        }
        return axes;
    }

    private static SpendAxis axis(String word) {
        if (word.equals(TEAM)) {
            return SpendAxis.ofTag(TEAM);
        }
        if (word.startsWith(TAG)) {
            return LedgerParameters.checked(BY, () -> SpendAxis.ofTag(word.substring(TAG.length())));
        }
        return SpendAxis.of(
                LedgerApi.dimension(word, EnumWords.list(SpendDimension.class) + ", " + TEAM + ", " + TAG + "name"));
    }

    private void series(Context request) {
        JsonResponseWriter.write(
                request,
                LedgerApi.series(
                        architect,
                        LedgerParameters.filtered(request, Set.of(STEP), time.wallTime()),
                        STEP,
                        SpendInterval.DAY));
    }
}
