package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.job.BulkJob;
import dev.architect.job.ledger.RerateJob;
import dev.architect.maintenance.TaskAction;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Jobs as JSON, of whatever kind. */
public final class JobView {

    /** Where jobs are. */
    public static final String PATH = "/api/jobs";

    /** Where the reports of jobs are that rate calls anew. */
    public static final String RERATE_PATH = "/api/prices/rerate";

    static final String FILTER = "filter";
    static final String ACTION = "action";
    static final String PRIORITY = "priority";
    static final String EXPECTED_COUNT = "expectedCount";

    private static final String RERATE = "rerate";

    /** A job. */
    public static final Schema JOB = Schema.object()
            .required("id", Schema.text())
            .required("state", Schema.words(BulkJob.State.class))
            .required(
                    ACTION,
                    Schema.words(Stream.concat(
                                    Arrays.stream(TaskAction.Kind.values()).map(EnumWords::of), Stream.of(RERATE))
                            .toList()))
            .required(PRIORITY, Schema.integer().orNull())
            .required(FILTER, Schema.text())
            .required(FilterText.ZONE, Schema.text())
            .required(List.of("createdAt", "startsAt"), Schema.instant())
            .required("endedAt", Schema.instant().orNull())
            .required(EXPECTED_COUNT, Schema.integer().orNull())
            .required(List.of("total", "done", "skipped"), Schema.integer())
            .required("skippedTasks", Schema.list(Schema.text()))
            .required(List.of("reason", "result"), Schema.text().orNull())
            .open()
            .named("Job");

    private JobView() {}

    static ObjectNode json(BulkJob job) {
        ObjectNode view = JsonResponseWriter.object();
        view.put("id", job.id());
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
        view.putNull("result");
        return view;
    }

    /** Returns a job that rates calls anew; its report is at {@code result}. The conditions of its calls are {@code filter}. */
    public static ObjectNode json(RerateJob job, String filter) {
        ObjectNode view = JsonResponseWriter.object();
        view.put("id", job.id());
        view.put("state", EnumWords.of(job.state()));
        view.put(ACTION, RERATE);
        view.putNull(PRIORITY);
        view.put(
                FILTER,
                (filter + " created:"
                                + job.request().period().from() + ".."
                                + job.request().period().to())
                        .strip());
        view.put(FilterText.ZONE, "UTC");
        view.put("createdAt", job.createdAt().toString());
        view.put("startsAt", job.createdAt().toString());
        view.put("endedAt", job.endedAt().map(Instant::toString).orElse(null));
        view.putNull(EXPECTED_COUNT);
        view.put("total", job.progress().total());
        view.put("done", job.progress().done());
        view.put("skipped", 0);
        view.putArray("skippedTasks");
        view.put("reason", job.failure().orElse(null));
        view.put("result", RERATE_PATH + "/" + job.id());
        return view;
    }
}
