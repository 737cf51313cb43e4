package dev.architect.server.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.creation.CreatedAnswer;
import dev.architect.error.CapacityException;
import dev.architect.event.ActivityEntry;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportSubject;
import dev.architect.filter.Filter;
import dev.architect.job.export.Exports;
import dev.architect.node.SharedDocument;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.ledger.CallFilters;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The resource {@code /api/exports}: lists as files, made in the background. Whoever may read a list may export it. */
public final class ExportApi {

    private static final String PATH = ExportView.PATH;
    private static final String ONE = PATH + "/{id}";
    private static final String AREA = "exports";

    private final Architect architect;
    private final TimeSource time;

    /** Creates the resource; {@code time} is what times such as {@code -7d} in filters are before. */
    public ExportApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("createExport", PATH, Permission.act(AREA), this::create)
                        .summary("Begins to write a list under a filter to a file.")
                        .body(Schema.object()
                                .required(
                                        ExportView.OF,
                                        Schema.words(ExportView.CALLS, ExportView.TASKS, ExportView.ACTIVITY))
                                .optional(ExportView.FORMAT, Schema.words(ExportView.CSV, ExportView.JSON_LINES))
                                .optional(ExportView.FILTER, Schema.text(0, Filter.MAX_CHARACTERS))
                                .optional(FilterText.ZONE, Schema.text())
                                .closed())
                        .creating()
                        .answer(202, "The export is accepted and durable.", ExportView.EXPORT)
                        .refuses(400, "unknown-filter")
                        .refuses(409, "wrong-state", "too-many"),
                Operation.get("listExports", PATH, Permission.act(AREA), this::list)
                        .summary("Lists the exports of what the caller may read, the newest first.")
                        .answer(
                                200,
                                "The exports.",
                                Schema.object()
                                        .required("exports", Schema.list(ExportView.EXPORT))
                                        .open()),
                Operation.get("getExport", ONE, Permission.act(AREA), this::show)
                        .summary("Shows how far an export is.")
                        .answer(200, "The export.", ExportView.EXPORT)
                        .refuses(404, "not-found"),
                Operation.get(
                                "getExportContent",
                                ONE + "/content",
                                Permission.act(AREA),
                                request -> new ExportContent(architect.exports(), find(request)).write(request))
                        .summary("Sends the file of an export.")
                        .answer(200, "The file.", "text/csv")
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"),
                Operation.delete("deleteExport", ONE, Permission.act(AREA), this::remove)
                        .summary("Deletes an export with its file, also one that is being written.")
                        .answer(204, "It is there no more.")
                        .refuses(404, "not-found"));
    }

    private void create(Context request) {
        if (!architect.exports().isPossible()) {
            throw new ApiException(
                    409, "wrong-state", "the store keeps no exports, expected one that does", null, null);
        }
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(ExportView.OF, ExportView.FORMAT, ExportView.FILTER, FilterText.ZONE));
        Principal caller = AccessFilter.principal(request);
        ExportSubject subject = subject(fields);
        if (!ExportView.mayRead(caller, subject)) {
            throw ApiException.forbidden(
                    "the caller may not read this list, expected " + ExportView.permission(subject));
        }
        ExportForm form = form(fields);
        ExportJob job = FilterText.read(
                ExportView.FILTER,
                ApiException.Place.BODY,
                () -> architect.exports().prepare(subject, form, caller.actor()));
        CreatedAnswer answer = Creations.answer(202, Map.of("Location", PATH + "/" + job.id()), ExportView.json(job));
        Creations.respond(
                request,
                made -> made instanceof SharedDocument document && Exports.holds(document, job)
                        ? Optional.of(answer)
                        : Optional.empty(),
                () -> {
                    accept(job);
                    return answer;
                },
                first -> {});
    }

    private void accept(ExportJob job) {
        try {
            architect.exports().accept(job);
        } catch (CapacityException full) {
            throw new ApiException(
                    409, "too-many", full.getMessage() + ": delete one first", null, Duration.ofSeconds(1));
        }
    }

    private ExportSubject subject(BodyFields fields) {
        String of = fields.requiredText(ExportView.OF);
        String filter = fields.text(ExportView.FILTER).orElse("");
        if (filter.length() > Filter.MAX_CHARACTERS) {
            throw fields.invalid(
                    ExportView.FILTER,
                    ExportView.FILTER + " has " + filter.length() + " characters, expected at most "
                            + Filter.MAX_CHARACTERS);
        }
        ZoneId zone = FilterText.zone(fields.text(FilterText.ZONE), ApiException.Place.BODY);
        return switch (of) {
            case ExportView.CALLS -> CallFilters.read(ExportView.FILTER, filter, zone, time.wallTime());
            case ExportView.TASKS ->
                new ExportSubject.Tasks(
                        FilterText.read(ExportView.FILTER, ApiException.Place.BODY, () -> Filter.parse(filter)), zone);
            case ExportView.ACTIVITY -> new ExportSubject.Activities(kinds(fields, filter));
            default ->
                throw fields.invalid(
                        ExportView.OF,
                        ExportView.OF + " is '" + BodyFields.shorten(of) + "', expected " + ExportView.CALLS + ", "
                                + ExportView.TASKS + " or " + ExportView.ACTIVITY);
        };
    }

    /** Of the activity the kinds, with commas. */
    private static Set<String> kinds(BodyFields fields, String filter) {
        Set<String> kinds = new TreeSet<>();
        if (!filter.isBlank()) {
            kinds.addAll(List.of(filter.strip().replaceFirst("^kind:", "").split(",", -1)));
        }
        for (String kind : kinds) {
            if (!ActivityEntry.KINDS.contains(kind)) {
                throw fields.invalid(
                        ExportView.FILTER,
                        ExportView.FILTER + " has the kind '" + BodyFields.shorten(kind) + "', expected some of "
                                + String.join(", ", ActivityEntry.KINDS));
            }
        }
        return kinds;
    }

    private static ExportForm form(BodyFields fields) {
        String word = fields.text(ExportView.FORMAT).orElse(ExportView.CSV);
        return switch (word) {
            case ExportView.CSV -> ExportForm.CSV;
            case ExportView.JSON_LINES -> ExportForm.JSON_LINES;
            default ->
                throw fields.invalid(
                        ExportView.FORMAT,
                        ExportView.FORMAT + " is '" + BodyFields.shorten(word) + "', expected " + ExportView.CSV
                                + " or " + ExportView.JSON_LINES);
        };
    }

    private void list(Context request) {
        Principal caller = AccessFilter.principal(request);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode exports = answer.putArray("exports");
        architect.exports().list().stream()
                .filter(job -> ExportView.mayRead(caller, job.subject()))
                .forEach(job -> exports.add(ExportView.json(job)));
        JsonResponseWriter.write(request, answer);
    }

    /** What the caller may not read is not there. */
    private ExportJob find(Context request) {
        String id = request.pathParam("id");
        return architect
                .exports()
                .find(id)
                .filter(job -> ExportView.mayRead(AccessFilter.principal(request), job.subject()))
                .orElseThrow(() -> missing(id));
    }

    private static ApiException missing(String id) {
        return ApiException.notFound(
                "export " + BodyFields.shorten(id) + " does not exist, expected one of the last days");
    }

    private void show(Context request) {
        JsonResponseWriter.write(request, ExportView.json(find(request)));
    }

    private void remove(Context request) {
        ExportJob job = find(request);
        if (!architect.exports().delete(job.id())) {
            throw missing(job.id());
        }
        request.status(204);
    }
}
