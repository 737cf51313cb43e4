package dev.architect.job.export;

import dev.architect.document.CallFields;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportSubject;
import dev.architect.filter.Filter;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exports as documents. Numbers are texts, which hold any of them. */
final class ExportCodec {

    private static final String OF = "of";
    private static final String CALLS = "calls";
    private static final String TASKS = "tasks";
    private static final String ACTIVITY = "activity";

    private ExportCodec() {}

    static String write(ExportJob job) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", job.id());
        job.subject()
                .fold(
                        calls -> putCalls(fields, calls),
                        tasks -> {
                            fields.put(OF, TASKS);
                            fields.put("filter", tasks.filter().text());
                            fields.put("zone", tasks.zone().getId());
                            return fields;
                        },
                        activities -> {
                            fields.put(OF, ACTIVITY);
                            fields.put("kinds", List.copyOf(activities.kinds()));
                            return fields;
                        });
        fields.put("form", JsonFields.wordOf(job.form()));
        fields.put("by", job.by());
        fields.put("state", JsonFields.wordOf(job.state()));
        fields.put("createdAt", job.createdAt().toString());
        job.endedAt().ifPresent(time -> fields.put("endedAt", time.toString()));
        job.expiresAt().ifPresent(time -> fields.put("expiresAt", time.toString()));
        job.total().ifPresent(rows -> fields.put("total", rows.toString()));
        fields.put("rows", Long.toString(job.progress().rows()));
        fields.put("parts", Integer.toString(job.progress().parts()));
        fields.put("bytes", Long.toString(job.progress().bytes()));
        job.progress().cursor().ifPresent(cursor -> fields.put("cursor", cursor));
        job.reason().ifPresent(reason -> fields.put("reason", reason));
        return JsonText.write(fields);
    }

    private static Map<String, @Nullable Object> putCalls(
            Map<String, @Nullable Object> fields, ExportSubject.Calls calls) {
        fields.put(OF, CALLS);
        CallFields.put(fields, calls.filter(), calls.period());
        return fields;
    }

    static ExportJob read(String text) {
        JsonFields fields = JsonFields.parse(text);
        return new ExportJob(
                fields.requiredText("id"),
                subject(fields),
                fields.constant("form", ExportForm.class).orElseThrow(),
                fields.requiredText("by"),
                fields.constant("state", ExportJob.State.class).orElseThrow(),
                Instant.parse(fields.requiredText("createdAt")),
                fields.text("endedAt").map(Instant::parse),
                fields.text("expiresAt").map(Instant::parse),
                fields.text("total").map(Long::parseLong),
                new ExportJob.Progress(
                        Long.parseLong(fields.requiredText("rows")),
                        Integer.parseInt(fields.requiredText("parts")),
                        Long.parseLong(fields.requiredText("bytes")),
                        fields.text("cursor")),
                fields.text("reason"));
    }

    private static ExportSubject subject(JsonFields fields) {
        String of = fields.requiredText(OF);
        return switch (of) {
            case CALLS -> calls(fields);
            case TASKS ->
                new ExportSubject.Tasks(
                        Filter.parse(fields.text("filter").orElse("")), ZoneId.of(fields.requiredText("zone")));
            case ACTIVITY -> new ExportSubject.Activities(new HashSet<>(fields.texts("kinds")));
            default -> throw fields.invalid(OF, of, CALLS + ", " + TASKS + " or " + ACTIVITY);
        };
    }

    private static ExportSubject.Calls calls(JsonFields fields) {
        return new ExportSubject.Calls(CallFields.filter(fields), CallFields.period(fields));
    }
}
