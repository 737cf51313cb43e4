package dev.architect.server.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.export.ExportJob;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.export.ExportView;
import dev.architect.server.ledger.RerateJobView;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.task.BulkJobView;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The resource {@code /api/jobs}: what goes on by itself, whatever began it. An export is shown to callers who may read what is in it. */
public final class JobApi {

    private static final String PATH = "/api/jobs";
    private static final String ONE = PATH + "/{id}";
    private static final String AREA = "jobs";

    private static final Schema JOB = Schema.anyOf(BulkJobView.JOB, RerateJobView.JOB, ExportView.JOB);

    private final Architect architect;

    /** Creates the resource. */
    public JobApi(Architect architect) {
        this.architect = architect;
    }

    /**
     * A job of any kind.
     *
     * @param createdAt when it was accepted
     * @param json as it is answered
     */
    private record AnyJob(Instant createdAt, ObjectNode json) {}

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listJobs", PATH, Permission.read(AREA), this::list)
                        .summary(
                                "Lists the last hundred operations on many tasks, the last ten ratings and the exports, newest first.")
                        .answer(
                                200,
                                "The jobs.",
                                Schema.object()
                                        .required("jobs", Schema.list(JOB))
                                        .open()),
                Operation.get("getJob", ONE, Permission.read(AREA), this::show)
                        .summary("Shows how far a job is.")
                        .answer(200, "The job.", JOB)
                        .refuses(404, "not-found"),
                Operation.post("stopJob", ONE + "/stop", Permission.act(AREA), this::stop)
                        .summary(
                                "Stops a job: one that waits changes nothing, one that runs ends after its chunk, and an export is deleted.")
                        .answer(200, "The job as it is now.", JOB)
                        .refuses(404, "not-found"));
    }

    private void list(Context request) {
        Principal caller = AccessFilter.principal(request);
        List<AnyJob> jobs = new ArrayList<>();
        architect.jobs().list().forEach(job -> jobs.add(new AnyJob(job.createdAt(), BulkJobView.json(job))));
        architect
                .rerateJobs()
                .list()
                .forEach(rating -> jobs.add(new AnyJob(rating.createdAt(), RerateJobView.json(rating))));
        architect.exports().list().stream()
                .filter(export -> ExportView.maySee(caller, export))
                .forEach(export -> jobs.add(new AnyJob(export.createdAt(), ExportView.jobJson(export))));
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode all = answer.putArray("jobs");
        // Stable, so that those of one kind keep the order of their list.
        jobs.sort(Comparator.comparing(AnyJob::createdAt).reversed());
        jobs.forEach(job -> all.add(job.json()));
        JsonResponseWriter.write(request, answer);
    }

    private void show(Context request) {
        String id = request.pathParam("id");
        ObjectNode found = architect
                .jobs()
                .find(id)
                .map(BulkJobView::json)
                .or(() -> architect.rerateJobs().find(id).map(RerateJobView::json))
                .or(() -> export(request, id).map(ExportView::jobJson))
                .orElseThrow(() -> missing(id));
        JsonResponseWriter.write(request, found);
    }

    /** What the caller may not have is not there. */
    private Optional<ExportJob> export(Context request, String id) {
        Principal caller = AccessFilter.principal(request);
        return architect.exports().find(id).filter(export -> ExportView.maySee(caller, export));
    }

    private void stop(Context request) {
        String id = request.pathParam("id");
        ObjectNode stopped = architect
                .jobs()
                .stop(id)
                .map(BulkJobView::json)
                .or(() -> architect.rerateJobs().stop(id).map(RerateJobView::json))
                .or(() -> export(request, id)
                        .flatMap(export -> architect.exports().stop(export.id()))
                        .map(ExportView::jobJson))
                .orElseThrow(() -> missing(id));
        JsonResponseWriter.write(request, stopped);
    }

    private static ApiException missing(String id) {
        return ApiException.notFound("job " + BodyFields.shorten(id)
                + " does not exist, expected one of the last, or an export that is there");
    }
}
