package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.job.BulkJob;
import dev.architect.job.ledger.RerateJob;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.List;

/** Jobs that rate calls anew, in JSON; {@code result} is where the report of one is. */
public final class RerateJobView {

    /** The kind of these jobs. */
    public static final String KIND = "rerate";

    /** A job. */
    public static final Schema JOB = Schema.object()
            .required("id", Schema.text())
            .required("kind", Schema.words(KIND))
            .required("state", Schema.words(BulkJob.State.class))
            .required("filter", Schema.text())
            .required(List.of("createdAt", "startsAt"), Schema.instant())
            .required("endedAt", Schema.instant().orNull())
            .required(List.of("total", "done"), Schema.integer())
            .required("reason", Schema.text().orNull())
            .required(List.of("result", "purpose"), Schema.text())
            .open()
            .named("RerateJob");

    static final String PATH = "/api/prices/rerate";

    private RerateJobView() {}

    /** Returns a job. */
    public static ObjectNode json(RerateJob job) {
        ObjectNode view = JsonResponseWriter.object();
        view.put("id", job.id());
        view.put("kind", KIND);
        view.put("state", EnumWords.of(job.state()));
        view.put(
                "filter",
                (job.request().filter().text() + " created:"
                                + job.request().period().from() + ".."
                                + job.request().period().to())
                        .strip());
        view.put("createdAt", job.createdAt().toString());
        // They wait for nothing but their turn.
        view.put("startsAt", job.createdAt().toString());
        view.put("endedAt", job.endedAt().map(Instant::toString).orElse(null));
        view.put("total", job.progress().total());
        view.put("done", job.progress().done());
        view.put("reason", job.failure().orElse(null));
        view.put("result", PATH + "/" + job.id());
        // The reason of a job is why it failed.
        view.put("purpose", job.request().reason());
        return view;
    }
}
