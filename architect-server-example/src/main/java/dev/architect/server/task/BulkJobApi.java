package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.creation.CreatedAnswer;
import dev.architect.error.CapacityException;
import dev.architect.filter.Filter;
import dev.architect.job.BulkJob;
import dev.architect.job.BulkJobRequest;
import dev.architect.job.ExpectedCountException;
import dev.architect.job.Jobs;
import dev.architect.job.ledger.RerateJob;
import dev.architect.job.ledger.RerateJobs;
import dev.architect.maintenance.TaskAction;
import dev.architect.node.SharedDocument;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spend.SpendFilter;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What goes on by itself: {@code /api/jobs}, and {@code /api/tasks/bulk}, which begins it for many tasks. */
public final class BulkJobApi {

    private static final String PATH = JobView.PATH;
    private static final String ONE = PATH + "/{id}";
    private static final String AREA = "jobs";
    private static final String FILTER = JobView.FILTER;
    private static final String ACTION = JobView.ACTION;
    private static final String ARGUMENTS = "arguments";
    private static final String PRIORITY = JobView.PRIORITY;
    private static final String EXPECTED_COUNT = JobView.EXPECTED_COUNT;
    private static final String START_AFTER = "startAfterSeconds";
    private static final String DRY_RUN = "dryRun";
    private static final int MAX_START = (int) BulkJobRequest.LONGEST_START.toSeconds();

    private final Jobs jobs;
    private final RerateJobs ratings;
    private final Function<SpendFilter, String> calls;

    /** A job of any kind. */
    private record Shown(Instant createdAt, ObjectNode json) {}

    /** Creates the resource; {@code ratings} are jobs too, on calls whose filter {@code calls} writes. */
    public BulkJobApi(Jobs jobs, RerateJobs ratings, Function<SpendFilter, String> calls) {
        this.jobs = jobs;
        this.ratings = ratings;
        this.calls = calls;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("bulkTasks", TaskApi.PATH + "/bulk", Permission.act(TaskApi.AREA), this::submit)
                        .summary("Accepts a job that does the same to all tasks that pass a filter, or counts them.")
                        .body(Schema.object()
                                .required(FILTER, TaskFilterBody.TEXT)
                                .optional(FilterText.ZONE, Schema.text())
                                .required(ACTION, Schema.words(TaskAction.Kind.class))
                                .optional(
                                        ARGUMENTS,
                                        Schema.object()
                                                .optional(PRIORITY, TaskSchemas.PRIORITY)
                                                .closed())
                                .optional(EXPECTED_COUNT, Schema.integer(0, Integer.MAX_VALUE))
                                .optional(START_AFTER, Schema.integer(0, MAX_START))
                                .optional(DRY_RUN, Schema.truth())
                                .closed())
                        .answer(
                                200,
                                "How many it would be for.",
                                Schema.object()
                                        .required("total", Schema.integer())
                                        .required(DRY_RUN, Schema.truth())
                                        .open())
                        .creating()
                        .answer(202, "The job is accepted and durable.", JobView.JOB)
                        .refuses(400, "unknown-filter")
                        .refuses(422, "expected-count-differs")
                        .refuses(429, "too-many-jobs"),
                Operation.get("listJobs", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the last hundred jobs on tasks and the last ten on calls, newest first.")
                        .answer(
                                200,
                                "The jobs.",
                                Schema.object()
                                        .required("jobs", Schema.list(JobView.JOB))
                                        .open()),
                Operation.get("getJob", ONE, Permission.read(AREA), this::show)
                        .summary("Shows how far a job is.")
                        .answer(200, "The job.", JobView.JOB)
                        .refuses(404, "not-found"),
                Operation.post("stopJob", ONE + "/stop", Permission.act(AREA), this::stop)
                        .summary("Stops a job: one that waits changes nothing, one that runs ends after its chunk.")
                        .answer(200, "The job as it is now.", JobView.JOB)
                        .refuses(404, "not-found"));
    }

    private void submit(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(FILTER, FilterText.ZONE, ACTION, ARGUMENTS, EXPECTED_COUNT, START_AFTER, DRY_RUN));
        BulkJobRequest wanted = read(fields);
        if (fields.truth(DRY_RUN).orElse(false)) {
            long total = checked(fields, () -> jobs.count(wanted));
            JsonResponseWriter.write(
                    request, JsonResponseWriter.object().put("total", total).put(DRY_RUN, true));
            return;
        }
        BulkJob job = checked(fields, () -> jobs.prepare(wanted));
        CreatedAnswer answer = Creations.answer(202, Map.of("Location", PATH + "/" + job.id()), JobView.json(job));
        Creations.respond(
                request,
                made -> made instanceof SharedDocument document && Jobs.holds(document, job)
                        ? Optional.of(answer)
                        : Optional.empty(),
                () -> {
                    checked(fields, () -> jobs.accept(job));
                    return answer;
                },
                first -> {});
    }

    private static BulkJobRequest read(BodyFields fields) {
        Filter filter =
                FilterText.read(FILTER, ApiException.Place.BODY, () -> Filter.parse(fields.requiredText(FILTER)));
        ZoneId zone = FilterText.zone(fields.text(FilterText.ZONE), ApiException.Place.BODY);
        TaskAction action = TaskFilterBody.action(fields, arguments(fields), ACTION, PRIORITY);
        int startAfter = fields.integer(START_AFTER).orElse(0);
        if (startAfter < 0 || startAfter > MAX_START) {
            throw fields.invalid(START_AFTER, START_AFTER + " is " + startAfter + ", expected 0.." + MAX_START);
        }
        Optional<Long> expected = fields.integer(EXPECTED_COUNT).map(Integer::longValue);
        fields.truth(DRY_RUN);
        return fields.checked(
                EXPECTED_COUNT,
                () -> new BulkJobRequest(action, filter, zone, expected, Duration.ofSeconds(startAfter)));
    }

    private static BodyFields arguments(BodyFields fields) {
        BodyFields arguments = fields.has(ARGUMENTS)
                ? fields.object(ARGUMENTS)
                : new BodyFields(JsonResponseWriter.object(), ARGUMENTS + ".");
        arguments.rejectUnknown(Set.of(PRIORITY));
        return arguments;
    }

    private static <T> T checked(BodyFields fields, Supplier<T> made) {
        try {
            return FilterText.read(FILTER, ApiException.Place.BODY, made);
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid(FILTER, String.valueOf(wrong.getMessage()));
        } catch (ExpectedCountException differs) {
            throw new ApiException(
                    422, "expected-count-differs", String.valueOf(differs.getMessage()), EXPECTED_COUNT, null);
        } catch (CapacityException full) {
            throw new ApiException(
                    429, "too-many-jobs", String.valueOf(full.getMessage()), null, Duration.ofSeconds(1));
        }
    }

    private void list(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode all = answer.putArray("jobs");
        Stream.concat(
                        jobs.list().stream().map(job -> new Shown(job.createdAt(), JobView.json(job))),
                        ratings.list().stream().map(job -> new Shown(job.createdAt(), view(job))))
                // Stable, and each kind is in this order before.
                .sorted(Comparator.comparing(Shown::createdAt).reversed())
                .forEach(job -> all.add(job.json()));
        JsonResponseWriter.write(request, answer);
    }

    private void show(Context request) {
        String id = request.pathParam("id");
        JsonResponseWriter.write(
                request,
                jobs.find(id)
                        .map(JobView::json)
                        .or(() -> ratings.find(id).map(this::view))
                        .orElseThrow(() -> missing(id)));
    }

    private void stop(Context request) {
        String id = request.pathParam("id");
        JsonResponseWriter.write(
                request,
                jobs.stop(id)
                        .map(JobView::json)
                        .or(() -> ratings.stop(id).map(this::view))
                        .orElseThrow(() -> missing(id)));
    }

    private ObjectNode view(RerateJob job) {
        return JobView.json(job, calls.apply(job.request().filter()));
    }

    private static ApiException missing(String id) {
        return ApiException.notFound("job " + BodyFields.shorten(id) + " does not exist, expected one of the last");
    }
}
