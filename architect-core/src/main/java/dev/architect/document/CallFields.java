package dev.architect.document;

import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.json.JsonFields;
import dev.architect.model.FailureKind;
import dev.architect.spend.SpendFilter;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which calls of the ledger something in a document is about, as fields of its text. */
public final class CallFields {

    private CallFields() {}

    /** Adds the fields. */
    public static void put(Map<String, @Nullable Object> fields, SpendFilter filter, ReportPeriod.Between period) {
        fields.put("from", period.from().toString());
        fields.put("to", period.to().toString());
        Map<String, String> values = new TreeMap<>();
        filter.values().forEach((dimension, value) -> values.put(dimension.name(), value));
        fields.put("values", values);
        filter.task().ifPresent(task -> fields.put("task", task.toString()));
        filter.failure().ifPresent(failure -> fields.put("failure", failure.name()));
        fields.put("tags", new TreeMap<>(filter.tags()));
    }

    /** Reads the conditions that {@link #put} has written. */
    public static SpendFilter filter(JsonFields fields) {
        Map<SpendDimension, String> values = new EnumMap<>(SpendDimension.class);
        fields.textsByName("values").forEach((name, value) -> values.put(SpendDimension.valueOf(name), value));
        Optional<TaskId> task = fields.text("task").map(TaskId::parse);
        return new SpendFilter(
                values, task, fields.text("failure").map(FailureKind::valueOf), fields.textsByName("tags"));
    }

    /** Reads the period that {@link #put} has written. */
    public static ReportPeriod.Between period(JsonFields fields) {
        return new ReportPeriod.Between(
                Instant.parse(fields.requiredText("from")), Instant.parse(fields.requiredText("to")));
    }
}
