package dev.architect.job.ledger;

import dev.architect.cost.SpendDimension;
import dev.architect.document.CallFields;
import dev.architect.job.BulkJob;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.model.ModelId;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Jobs that rate calls anew, as documents. Numbers are texts, which hold any of them. */
final class RerateJobCodec {

    private RerateJobCodec() {}

    static String write(RerateJob job) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        RerateRequest request = job.request();
        fields.put("id", job.id());
        fields.put("state", JsonFields.wordOf(job.state()));
        fields.put("by", job.by());
        fields.put("why", request.reason());
        request.prices().file().ifPresent(file -> fields.put("prices", file));
        request.prices().everyModel().ifPresent(model -> fields.put("as", model.toString()));
        Map<String, String> models = new TreeMap<>();
        request.prices().models().forEach((answered, other) -> models.put(answered.toString(), other.toString()));
        fields.put("replace", models);
        fields.put("dimension", request.dimension().name());
        CallFields.put(fields, request.filter(), request.period());
        fields.put("createdAt", job.createdAt().toString());
        job.endedAt().ifPresent(time -> fields.put("endedAt", time.toString()));
        fields.put("total", Long.toString(job.progress().total()));
        fields.put("next", job.progress().next().toString());
        job.progress().report().ifPresent(report -> fields.put("report", RatedReportCodec.write(report)));
        job.failure().ifPresent(failure -> fields.put("reason", failure));
        return JsonText.write(fields);
    }

    static RerateJob read(String text) {
        JsonFields fields = JsonFields.parse(text);
        return new RerateJob(
                fields.requiredText("id"),
                new RerateRequest(
                        fields.requiredText("why"),
                        prices(fields),
                        SpendDimension.valueOf(fields.requiredText("dimension")),
                        CallFields.filter(fields),
                        CallFields.period(fields)),
                fields.requiredText("by"),
                fields.constant("state", BulkJob.State.class).orElseThrow(),
                Instant.parse(fields.requiredText("createdAt")),
                fields.text("endedAt").map(Instant::parse),
                new RerateJob.Progress(
                        Long.parseLong(fields.requiredText("total")),
                        Instant.parse(fields.requiredText("next")),
                        fields.object("report").map(RatedReportCodec::read)),
                fields.text("reason"));
    }

    private static OtherPrices prices(JsonFields fields) {
        Map<ModelId, ModelId> models = new HashMap<>();
        fields.textsByName("replace")
                .forEach((answered, other) -> models.put(ModelId.parse(answered), ModelId.parse(other)));
        return new OtherPrices(fields.text("prices"), fields.text("as").map(ModelId::parse), models);
    }
}
