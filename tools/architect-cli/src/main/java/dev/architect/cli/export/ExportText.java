package dev.architect.cli.export;

import dev.architect.cost.ReportPeriod;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportSubject;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Prints exports in sentences, tables and as JSON. */
final class ExportText {

    private ExportText() {}

    static String of(ExportSubject subject) {
        return subject.fold(calls -> "calls", tasks -> "tasks", activities -> "activity");
    }

    static String filter(ExportSubject subject) {
        return subject.fold(
                calls -> calls.filter().text(),
                tasks -> tasks.filter().text(),
                activities -> String.join(",", new TreeSet<>(activities.kinds())));
    }

    static String format(ExportForm form) {
        return switch (form) {
            case CSV -> "csv";
            case JSON_LINES -> "jsonl";
        };
    }

    static String state(ExportJob export) {
        return JsonFields.wordOf(export.state());
    }

    static String describe(ExportJob export) {
        return "export " + export.id() + " of " + of(export.subject()) + " is " + state(export) + ", "
                + export.progress().rows() + (export.progress().rows() == 1 ? " row" : " rows")
                + export.total().map(total -> " of " + total).orElse("")
                + export.reason().map(reason -> ": " + reason).orElse("");
    }

    static String json(ExportJob export) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", export.id());
        fields.put("by", export.by());
        fields.put("of", of(export.subject()));
        fields.put("filter", filter(export.subject()));
        Optional<ReportPeriod.Between> period = period(export.subject());
        fields.put("from", period.map(time -> time.from().toString()).orElse(null));
        fields.put("until", period.map(time -> time.to().toString()).orElse(null));
        fields.put("format", format(export.form()));
        fields.put("state", state(export));
        fields.put("createdAt", export.createdAt().toString());
        fields.put("endedAt", export.endedAt().map(Instant::toString).orElse(null));
        fields.put("expiresAt", export.expiresAt().map(Instant::toString).orElse(null));
        fields.put("total", export.total().orElse(null));
        fields.put("rows", export.progress().rows());
        fields.put("bytes", export.progress().bytes());
        fields.put("reason", export.reason().orElse(null));
        return JsonText.write(fields);
    }

    /** Of calls alone. */
    private static Optional<ReportPeriod.Between> period(ExportSubject subject) {
        return subject.fold(
                calls -> Optional.of(calls.period()), tasks -> Optional.empty(), activities -> Optional.empty());
    }
}
