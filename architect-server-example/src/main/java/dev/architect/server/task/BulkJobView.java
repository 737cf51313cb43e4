package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.job.BulkJob;
import dev.architect.maintenance.TaskAction;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.List;

/** Operations on many tasks as jobs in JSON. */
public final class BulkJobView {

    /** The kind of these jobs. */
    public static final String KIND = "bulk";

    private static final String ACTION = "action";
    private static final String PRIORITY = "priority";
    private static final String FILTER = "filter";
    private static final String EXPECTED_COUNT = "expectedCount";

    /** A job. */
    public static final Schema JOB = Schema.object()
            .required("id", Schema.text())
            .required("kind", Schema.words(KIND))
            .required("state", Schema.words(BulkJob.State.class))
            .required(ACTION, Schema.words(TaskAction.Kind.class))
            .required(PRIORITY, Schema.integer().orNull())
            .required(FILTER, Schema.text())
            .required(FilterText.ZONE, Schema.text())
            .required(List.of("createdAt", "startsAt"), Schema.instant())
            .required("endedAt", Schema.instant().orNull())
            .required(EXPECTED_COUNT, Schema.integer().orNull())
            .required(List.of("total", "done", "skipped"), Schema.integer())
            .required("skippedTasks", Schema.list(Schema.text()))
            .required("reason", Schema.text().orNull())
            .open()
            .named("BulkJob");

    private BulkJobView() {}

    /** Returns a job. */
    public static ObjectNode json(BulkJob job) {
        ObjectNode view = JsonResponseWriter.object();
        view.put("id", job.id());
        view.put("kind", KIND);
        view.put("state", EnumWords.of(job.state()));
        view.put(ACTION, EnumWords.of(job.request().action().kind()));
        view.put(
                PRIORITY,
                job.request().action().priority().map(level -> level.level()).orElse(null));
        view.put(FILTER, job.request().filter().text());
        view.put(FilterText.ZONE, job.request().zone().getId());
        view.put("createdAt", job.createdAt().toString());
        view.put("startsAt", job.startsAt().toString());
        view.put("endedAt", job.endedAt().map(Instant::toString).orElse(null));
        view.put(EXPECTED_COUNT, job.request().expectedCount().orElse(null));
        view.put("total", job.total());
        view.put("done", job.done());
        view.put("skipped", job.skipped());
        ArrayNode skipped = view.putArray("skippedTasks");
        job.skippedTasks().forEach(id -> skipped.add(id.toString()));
        view.put("reason", job.reason().orElse(null));
        return view;
    }
}
