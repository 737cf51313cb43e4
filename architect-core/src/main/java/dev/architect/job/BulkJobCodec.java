package dev.architect.job;

import dev.architect.filter.Filter;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.maintenance.TaskAction;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Jobs as documents. Numbers are texts, which hold any of them. */
final class BulkJobCodec {

    private BulkJobCodec() {}

    static String write(BulkJob job) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", job.id());
        fields.put("state", JsonFields.wordOf(job.state()));
        fields.put("action", JsonFields.wordOf(job.request().action().kind()));
        job.request().action().priority().ifPresent(level -> fields.put("priority", String.valueOf(level.level())));
        fields.put("filter", job.request().filter().text());
        fields.put("zone", job.request().zone().getId());
        job.request().expectedCount().ifPresent(count -> fields.put("expectedCount", count.toString()));
        fields.put("startAfter", job.request().startAfter().toString());
        fields.put("createdAt", job.createdAt().toString());
        fields.put("startsAt", job.startsAt().toString());
        job.endedAt().ifPresent(time -> fields.put("endedAt", time.toString()));
        fields.put("total", Long.toString(job.total()));
        fields.put("done", Long.toString(job.done()));
        fields.put("skipped", Long.toString(job.skipped()));
        fields.put(
                "skippedTasks",
                job.skippedTasks().stream().map(TaskId::toString).toList());
        job.last().ifPresent(id -> fields.put("last", id.toString()));
        job.chunk().ifPresent(chunk -> {
            fields.put("chunkEnd", chunk.end().toString());
            fields.put("chunkCount", Long.toString(chunk.count()));
            fields.put("chunkAt", chunk.at().toString());
        });
        job.reason().ifPresent(reason -> fields.put("reason", reason));
        return JsonText.write(fields);
    }

    static BulkJob read(String text) {
        JsonFields fields = JsonFields.parse(text);
        TaskAction action = new TaskAction(
                fields.constant("action", TaskAction.Kind.class).orElseThrow(),
                fields.text("priority").map(Integer::parseInt).map(Priority::new));
        BulkJobRequest request = new BulkJobRequest(
                action,
                Filter.parse(fields.requiredText("filter")),
                ZoneId.of(fields.requiredText("zone")),
                fields.text("expectedCount").map(Long::parseLong),
                Duration.parse(fields.requiredText("startAfter")));
        Optional<BulkJob.Chunk> chunk = fields.text("chunkEnd")
                .map(end -> new BulkJob.Chunk(
                        TaskId.parse(end),
                        Long.parseLong(fields.requiredText("chunkCount")),
                        Instant.parse(fields.requiredText("chunkAt"))));
        return new BulkJob(
                fields.requiredText("id"),
                request,
                fields.constant("state", BulkJob.State.class).orElseThrow(),
                Instant.parse(fields.requiredText("createdAt")),
                Instant.parse(fields.requiredText("startsAt")),
                fields.text("endedAt").map(Instant::parse),
                Long.parseLong(fields.requiredText("total")),
                Long.parseLong(fields.requiredText("done")),
                Long.parseLong(fields.requiredText("skipped")),
                fields.texts("skippedTasks").stream().map(TaskId::parse).toList(),
                fields.text("last").map(TaskId::parse),
                chunk,
                fields.text("reason"));
    }
}
