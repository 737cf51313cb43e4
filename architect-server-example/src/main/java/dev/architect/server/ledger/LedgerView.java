package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.SpendDimension;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.task.TaskSchemas;
import dev.architect.server.task.TaskView;
import dev.architect.spend.AttemptSpend;
import dev.architect.spend.OutputCalibration;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendTotals;
import dev.architect.spend.TaskSpend;
import java.util.List;
import java.util.Locale;

/** Reports on the ledger as JSON. Amounts are exact dollars. */
final class LedgerView {

    private LedgerView() {}

    /** Sums over calls. */
    static final Schema TOTALS = Schema.object()
            .required(
                    List.of(
                            "calls",
                            "failedCalls",
                            "failovers",
                            "requests",
                            "inputTokens",
                            "outputTokens",
                            "unpricedCalls"),
                    Schema.integer())
            .required(List.of("costUsd", "exactUsd", "estimatedUsd", "baselineUsd"), Schema.number())
            .open();

    /** The sums of one group. */
    static final Schema GROUP =
            Schema.object().required("group", Schema.text()).all(TOTALS).open().named("SpendGroup");

    /** The sums of one interval. */
    static final Schema BUCKET = Schema.object()
            .required("begin", Schema.instant())
            .all(TOTALS)
            .open()
            .named("SpendBucket");

    /** The sums of one task. */
    static final Schema TASK = Schema.object()
            .required("task", Schema.text())
            .all(TOTALS)
            .required(
                    "attempts",
                    Schema.list(Schema.object()
                            .required("epoch", Schema.integer())
                            .all(TOTALS)
                            .replaced("calls", Schema.list(TaskSchemas.CALL))
                            .open()))
            .open();

    private static final Schema CALIBRATED = Schema.object()
            .required(List.of("calls", "coldCalls", "withinP50", "withinP90"), Schema.integer())
            .required(
                    List.of("percentWithinP50", "percentWithinP90"),
                    Schema.number().orNull())
            .open();

    /** How often forecasts held, by model. */
    static final Schema CALIBRATION = Schema.object()
            .required(
                    "models",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .all(CALIBRATED)
                            .open()))
            .required("total", CALIBRATED)
            .open()
            .named("Calibration");

    static ObjectNode groups(String by, List<GroupSpend> groups, boolean areConstants) {
        ObjectNode json = JsonResponseWriter.object().put("by", by);
        ArrayNode array = json.putArray("groups");
        for (GroupSpend group : groups) {
            ObjectNode row = array.addObject();
            row.put("group", areConstants ? word(group.group()) : group.group());
            put(row, SpendTotals.of(group));
        }
        return json;
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The value of a group as it is written. */
    static String group(SpendDimension dimension, String value) {
        return dimension.isOfConstants() ? word(value) : value;
    }

    /** Returns a series whose interval is called {@code name}. */
    static ObjectNode series(String name, String interval, List<SpendBucket> buckets) {
        ObjectNode json = JsonResponseWriter.object().put(name, interval);
        ArrayNode array = json.putArray("buckets");
        for (SpendBucket bucket : buckets) {
            put(array.addObject().put("begin", bucket.begin().toString()), bucket.totals());
        }
        return json;
    }

    static ObjectNode task(TaskSpend task) {
        ObjectNode json = JsonResponseWriter.object().put("task", task.task().toString());
        put(json, task.totals());
        ArrayNode attempts = json.putArray("attempts");
        for (AttemptSpend attempt : task.attempts()) {
            ObjectNode row = attempts.addObject().put("epoch", attempt.epoch());
            put(row, attempt.totals());
            row.set("calls", TaskView.calls(attempt.calls()));
        }
        return json;
    }

    static ObjectNode calibration(List<OutputCalibration> models) {
        ObjectNode json = JsonResponseWriter.object();
        ArrayNode array = json.putArray("models");
        models.forEach(model -> put(array.addObject().put("model", model.group()), model));
        put(
                json.putObject("total"),
                models.stream().reduce(new OutputCalibration("", 0, 0, 0, 0), OutputCalibration::plus));
        return json;
    }

    private static void put(ObjectNode json, OutputCalibration calibration) {
        json.put("calls", calibration.calls())
                .put("coldCalls", calibration.cold())
                .put("withinP50", calibration.withinP50())
                .put("withinP90", calibration.withinP90())
                .put("percentWithinP50", calibration.percentWithinP50().orElse(null))
                .put("percentWithinP90", calibration.percentWithinP90().orElse(null));
    }

    static void put(ObjectNode json, SpendTotals totals) {
        json.put("calls", totals.calls().all())
                .put("failedCalls", totals.calls().failed())
                .put("failovers", totals.calls().failovers())
                .put("requests", totals.requests())
                .put("inputTokens", totals.tokens().input())
                .put("outputTokens", totals.tokens().output());
        JsonResponseWriter.putUsd(json, "costUsd", totals.cost().spent());
        JsonResponseWriter.putUsd(json, "exactUsd", totals.cost().exact());
        JsonResponseWriter.putUsd(json, "estimatedUsd", totals.cost().estimated());
        JsonResponseWriter.putUsd(json, "baselineUsd", totals.cost().baseline());
        json.put("unpricedCalls", totals.calls().unpriced());
    }
}
