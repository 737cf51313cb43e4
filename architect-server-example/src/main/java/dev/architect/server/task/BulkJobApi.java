package dev.architect.server.task;

import dev.architect.creation.CreatedAnswer;
import dev.architect.error.CapacityException;
import dev.architect.filter.Filter;
import dev.architect.job.BulkJob;
import dev.architect.job.BulkJobRequest;
import dev.architect.job.ExpectedCountException;
import dev.architect.job.Jobs;
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
import io.javalin.http.Context;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Operations on many tasks that go on by themselves: {@code /api/tasks/bulk}. */
public final class BulkJobApi {

    private static final String JOBS = "/api/jobs";
    private static final String FILTER = "filter";
    private static final String ACTION = "action";
    private static final String ARGUMENTS = "arguments";
    private static final String PRIORITY = "priority";
    private static final String EXPECTED_COUNT = "expectedCount";
    private static final String START_AFTER = "startAfterSeconds";
    private static final String DRY_RUN = "dryRun";
    private static final int MAX_START = (int) BulkJobRequest.LONGEST_START.toSeconds();

    private final Jobs jobs;

    /** Creates the resource. */
    public BulkJobApi(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.post("bulkTasks", TaskApi.PATH + "/bulk", Permission.act(TaskApi.AREA), this::submit)
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
                .answer(202, "The job is accepted and durable.", BulkJobView.JOB)
                .refuses(400, "unknown-filter")
                .refuses(422, "expected-count-differs")
                .refuses(429, "too-many-jobs"));
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
        CreatedAnswer answer = Creations.answer(202, Map.of("Location", JOBS + "/" + job.id()), BulkJobView.json(job));
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
}
