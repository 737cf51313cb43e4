package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.JsonFields;
import dev.architect.planner.transfer.ArchiveFile;
import dev.architect.planner.transfer.ImportFile;
import dev.architect.planner.transfer.ImportFormat;
import dev.architect.planner.transfer.ImportOptions;
import dev.architect.planner.transfer.ProjectCsv;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.board.Stage;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportReport;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Projects that come from files of other programs and from archives, and go into archives and tables. */
public final class ProjectTransferApi {

    // Bodies that are sent there may be larger than others: see AccessFilter.
    static final String IMPORT = "/api/projects/import";

    private static final String EXPORT = "/api/projects/{key}/export";
    private static final String ARCHITECT = "architect";
    private static final String CSV = "csv";
    private static final Set<String> KNOWN =
            Set.of("from", "content", "into", "prefix", "only", "stages", "priorities");
    /** The most bytes that are unpacked, or packed, in memory. */
    private static final long MOST_BYTES = 50_000_000;

    private static final Schema REPORT = Schema.object()
            .required(
                    "projects",
                    Schema.list(Schema.object()
                            .required(List.of("project", "prefix"), Schema.text())
                            .required("new", Schema.truth())
                            .required("changes", Schema.truth())
                            .required("items", Schema.map(Schema.integer()))
                            .required("added", Schema.map(Schema.integer()))
                            .required("findings", Schema.list(Schema.text()))
                            .required("findingsInAll", Schema.integer())
                            .open()
                            .named("ImportReport")))
            .open();

    private final Architect architect;

    /** Creates the resources. */
    public ProjectTransferApi(Architect architect) {
        this.architect = architect;
    }

    private static Schema form() {
        return Schema.object()
                .required("from", Schema.words(ImportFormat.words()))
                .required("content", Schema.text())
                .optional("into", Schema.text(1, 63))
                .optional("prefix", Schema.text())
                .optional("only", Schema.text())
                .optional("stages", Schema.map(Schema.words(Stage.class)))
                .optional("priorities", Schema.map(Schema.text()))
                .closed();
    }

    /** Their operations. */
    public List<Operation> operations() {
        Permission read = Permission.read(ProjectRequest.AREA);
        Permission write = Permission.write(ProjectRequest.AREA);
        return List.of(
                ProjectRequest.writing(Operation.post(
                                "importProject", IMPORT, write, ProjectRequest.handler(request -> run(request, true))))
                        .summary(
                                "Imports a file of another program, or an archive; again, it changes what is new there.")
                        .body(form())
                        .answer(200, "What was done.", REPORT),
                ProjectRequest.writing(Operation.post(
                                "previewImport",
                                IMPORT + "/preview",
                                write,
                                ProjectRequest.handler(request -> run(request, false))))
                        .summary("Says what an import would do, and what the file holds that a project does not.")
                        .body(form())
                        .answer(200, "What would be done.", REPORT),
                ProjectRequest.reading(
                                Operation.get("exportProject", EXPORT, read, ProjectRequest.handler(this::export)))
                        .summary("Downloads a project as an archive, which loses nothing, or its items as a table.")
                        .query("to", Schema.words(ARCHITECT, CSV), "The format, architect by default.")
                        .refuses(409, "too-many")
                        .answer(200, "The file.", "application/octet-stream"));
    }

    private static byte[] content(JsonFields fields) {
        String text = fields.requiredText("content");
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue(
                    "content", "content is not base 64, expected the bytes of the file as that");
        }
    }

    private static <T> T checked(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (ImportException named) {
            throw named;
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue(field, field + ": " + wrong.getMessage());
        }
    }

    private static ImportOptions options(JsonFields fields) {
        Map<String, Stage> stages = new TreeMap<>();
        fields.textsByName("stages")
                .forEach((name, word) -> stages.put(name, ImportOptions.stage("stages." + name, word)));
        Map<String, Integer> priorities = new TreeMap<>();
        fields.textsByName("priorities").forEach((name, text) -> {
            if (!text.matches("[0-9]")) {
                throw ApiException.invalidValue(
                        "priorities." + name,
                        "priorities." + name + " is '" + JsonFields.shorten(text) + "', expected 0..9");
            }
            priorities.put(name, Integer.parseInt(text));
        });
        return new ImportOptions(
                fields.text("into").map(text -> checked("into", () -> new ProjectId(text))),
                fields.text("prefix").map(text -> checked("prefix", () -> Project.checkPrefix(text))),
                fields.text("only"),
                stages,
                priorities,
                MOST_BYTES);
    }

    private void run(Context request, boolean isReal) {
        JsonFields fields = ProjectRequest.body(request, KNOWN);
        ImportFormat format = fields.constant("from", ImportFormat.class)
                .orElseThrow(() -> fields.missing("from", "one of " + ImportFormat.words()));
        ImportOptions options = options(fields);
        byte[] content = content(fields);
        if (ImportFile.isSqlite(content)) {
            throw ApiException.invalidValue(
                    "content",
                    "content is a SQLite file, expected a zip or JSON: 'gaia project import' reads such files");
        }
        List<ImportReport> reports;
        try {
            ImportFile file = ImportFile.read(format, content, options);
            reports = isReal
                    ? file.run(architect.projects(), ProjectRequest.actor(request))
                    : file.preview(architect.projects(), ProjectRequest.actor(request));
        } catch (ImportException refused) {
            throw ApiException.invalidValue("content", String.valueOf(refused.getMessage()));
        }
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode projects = answer.putArray("projects");
        reports.forEach(report -> projects.add(json(report)));
        JsonResponseWriter.write(request, answer);
    }

    private static ObjectNode json(ImportReport report) {
        ObjectNode json = JsonResponseWriter.object()
                .put("project", report.project().name())
                .put("prefix", report.prefix())
                .put("new", report.isNew())
                .put("changes", report.isChange());
        json.putObject("items")
                .put("added", report.items().added())
                .put("changed", report.items().changed())
                .put("same", report.items().same())
                .put("gone", report.items().gone());
        json.putObject("added")
                .put("columns", report.added().columns())
                .put("labels", report.added().labels())
                .put("milestones", report.added().milestones())
                .put("links", report.added().links())
                .put("comments", report.added().comments())
                .put("files", report.added().files());
        ArrayNode findings = json.putArray("findings");
        report.findings().forEach(finding -> findings.add(finding.toString()));
        json.put("findingsInAll", report.findingsInAll());
        return json;
    }

    private void export(Context request) throws IOException {
        QueryParameters query = new QueryParameters(request, Set.of("to"));
        ProjectId project = ProjectRequest.project(request);
        Optional<String> to = query.text("to");
        if (to.isPresent() && !Set.of(ARCHITECT, CSV).contains(to.get())) {
            throw QueryParameters.invalid("to", to.get(), "architect or csv");
        }
        boolean isCsv = to.filter(CSV::equals).isPresent();
        byte[] content;
        if (isCsv) {
            StringBuilder csv = new StringBuilder();
            architect.projects().get(project);
            ProjectCsv.write(architect.projects(), project, csv);
            content = csv.toString().getBytes(StandardCharsets.UTF_8);
        } else {
            content = ArchiveFile.write(architect.projects().imports().export(project, MOST_BYTES));
        }
        request.header(
                        "Content-Disposition",
                        "attachment; filename=\"" + project.name() + (isCsv ? ".csv" : ".zip") + "\"")
                .header("X-Content-Type-Options", "nosniff")
                .contentType("application/octet-stream")
                .result(content);
    }
}
