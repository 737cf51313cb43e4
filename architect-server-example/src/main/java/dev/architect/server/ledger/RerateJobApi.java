package dev.architect.server.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.creation.CreatedAnswer;
import dev.architect.error.CapacityException;
import dev.architect.error.InvalidFileException;
import dev.architect.job.BulkJob;
import dev.architect.job.ledger.OtherPrices;
import dev.architect.job.ledger.RerateJob;
import dev.architect.job.ledger.RerateJobs;
import dev.architect.job.ledger.RerateRequest;
import dev.architect.node.SharedDocument;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What recorded calls would have cost by other prices, as a job: {@code /api/prices/rerate}. The ledger stays as it is. */
public final class RerateJobApi {

    private static final String JOBS = "/api/jobs";
    private static final String BY = "by";
    private static final String REASON = "reason";
    private static final int CONFLICT = 409;

    private static final Schema RATING = Schema.object()
            .required(List.of("id", REASON, "job", BY), Schema.text())
            .required("state", Schema.words(BulkJob.State.class))
            .required(List.of("from", "until", "createdAt"), Schema.instant())
            .required("endedAt", Schema.instant().orNull())
            .required(List.of("total", "done"), Schema.integer())
            .required("failure", Schema.text().orNull())
            .required("report", LedgerRerate.REPORT.orNull())
            .open()
            .named("Rerating");

    private final Architect architect;
    private final TimeSource time;

    /** Creates the resource; {@code time} is what periods are resolved by. */
    public RerateJobApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("ratePrices", RerateJobView.PATH, Permission.write("prices"), this::submit)
                        .summary(
                                "Accepts a job that says what calls would have cost by other prices, and changes none.")
                        .query(BY, Schema.words(SpendDimension.class), "The dimension of the groups.")
                        .query(LedgerParameters.described())
                        .body(Schema.object()
                                .required(REASON, Schema.text(1, RerateRequest.MAX_REASON))
                                .all(LedgerRerate.RERATING)
                                .closed())
                        .creating()
                        .answer(202, "The job is accepted and durable.", RerateJobView.JOB)
                        .refuses(CONFLICT, "wrong-state", "too-many"),
                Operation.get("getRerating", RerateJobView.PATH + "/{id}", Permission.read("costs"), this::show)
                        .summary("Shows what calls would have cost, as far as the job has come.")
                        .answer(200, "The report with its reason.", RATING)
                        .refuses(404, "not-found"));
    }

    private void submit(Context request) {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(BY));
        SpendDimension dimension = LedgerApi.dimension(
                parameters.query().text(BY).orElse(EnumWords.of(SpendDimension.MODEL)),
                EnumWords.list(SpendDimension.class));
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        Set<String> known = new HashSet<>(LedgerRerate.FIELDS);
        known.add(REASON);
        fields.rejectUnknown(known);
        String reason = fields.requiredText(REASON);
        OtherPrices prices = LedgerRerate.prices(fields);
        SpendFilter filter = parameters.filter();
        ReportPeriod.Between period = parameters.period().resolve(time.wallTime());
        RerateRequest wanted =
                fields.checked(REASON, () -> new RerateRequest(reason, prices, dimension, filter, period));
        RerateJob job = prepared(fields, wanted, AccessFilter.principal(request).actor());
        CreatedAnswer answer = Creations.answer(202, Map.of("Location", JOBS + "/" + job.id()), job(job));
        Creations.respond(
                request,
                made -> made instanceof SharedDocument document && RerateJobs.holds(document, job)
                        ? Optional.of(answer)
                        : Optional.empty(),
                () -> {
                    accept(job);
                    return answer;
                },
                first -> {});
    }

    private RerateJob prepared(BodyFields fields, RerateRequest wanted, String by) {
        try {
            return architect.rerateJobs().prepare(wanted, by);
        } catch (InvalidFileException wrong) {
            throw LedgerRerate.invalid(fields, wrong);
        } catch (UnsupportedOperationException none) {
            throw new ApiException(
                    CONFLICT,
                    "wrong-state",
                    "the router of this server stays as it was made, expected one with a control",
                    null,
                    null);
        }
    }

    private void accept(RerateJob job) {
        try {
            architect.rerateJobs().accept(job);
        } catch (CapacityException full) {
            throw new ApiException(
                    CONFLICT, "too-many", full.getMessage() + ": stop one first", null, Duration.ofSeconds(1));
        }
    }

    private static ObjectNode job(RerateJob job) {
        return RerateJobView.json(job);
    }

    private void show(Context request) {
        String id = request.pathParam("id");
        RerateJob job = architect
                .rerateJobs()
                .find(id)
                .orElseThrow(() -> ApiException.notFound(
                        "rating " + BodyFields.shorten(id) + " does not exist, expected one of the last ten"));
        RerateRequest wanted = job.request();
        ObjectNode json = JsonResponseWriter.object()
                .put("id", job.id())
                .put(REASON, wanted.reason())
                .put("job", JOBS + "/" + job.id())
                .put(BY, job.by())
                .put("state", EnumWords.of(job.state()))
                .put("from", wanted.period().from().toString())
                .put("until", wanted.period().to().toString())
                .put("createdAt", job.createdAt().toString())
                .put("endedAt", job.endedAt().map(Instant::toString).orElse(null))
                .put("total", job.progress().total())
                .put("done", job.progress().done())
                .put("failure", job.failure().orElse(null));
        json.set(
                "report",
                job.progress()
                        .report()
                        .map(report -> LedgerRerate.json(EnumWords.of(wanted.dimension()), wanted.dimension(), report))
                        .orElse(null));
        JsonResponseWriter.write(request, json);
    }
}
