package dev.architect.server.project;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.Project;
import dev.architect.project.ProjectDraft;
import dev.architect.project.ProjectId;
import dev.architect.project.ProjectState;
import dev.architect.project.board.ProjectTemplate;
import dev.architect.project.store.ProjectCodec;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The resource {@code /api/projects}. */
public final class ProjectApi {

    private static final String PATH = "/api/projects";
    private static final String ONE = PATH + "/{key}";
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 50;
    private static final String STATE = "state";

    private final Architect architect;

    /** Creates the resource. */
    public ProjectApi(Architect architect) {
        this.architect = architect;
    }

    private static Schema.Fields draft() {
        return Schema.object()
                .optional("description", Schema.text())
                .optional("lead", Schema.text())
                .optional(
                        "repositories",
                        Schema.list(Schema.object()
                                .required("location", Schema.text())
                                .optional("branch", Schema.text())
                                .open()))
                .optional("colour", Schema.text())
                .optional("reviewed", Schema.truth())
                .optional("defaultLabels", Schema.list(Schema.text()));
    }

    /** Its operations. */
    public List<Operation> operations() {
        Permission read = Permission.read(ProjectRequest.AREA);
        Permission write = Permission.write(ProjectRequest.AREA);
        return List.of(
                Operation.get("listProjects", PATH, read, ProjectRequest.handler(this::list))
                        .summary("Lists projects by their keys; deleted ones when their state is asked for.")
                        .query(STATE, Schema.words(ProjectState.class), "Only those in this state.")
                        .query("limit", Schema.integer(1, MAX_LIMIT), "The most projects, 50 by default.")
                        .query("cursor", Schema.text(), "Where the page before ended: its next.")
                        .answer(200, "Projects.", ProjectJson.page(ProjectJson.PROJECT)),
                Operation.get("listProjectTemplates", "/api/project-templates", read, ProjectApi::templates)
                        .summary("Lists the built-in templates of projects.")
                        .answer(200, "Templates.", ProjectJson.all(ProjectJson.TEMPLATE)),
                ProjectRequest.writing(
                                Operation.post("createProject", PATH, write, ProjectRequest.handler(this::create)))
                        .summary("Makes a project with six columns, or with what a template or another project has.")
                        .body(draft().required("key", Schema.text(1, 63))
                                .required("prefix", Schema.text())
                                .required("title", Schema.text(1, 200))
                                .optional("template", Schema.text(1, 100))
                                .closed())
                        .creating()
                        .answer(201, "The project.", ProjectJson.PROJECT),
                ProjectRequest.reading(Operation.get(
                                "getProject",
                                ONE,
                                read,
                                ProjectRequest.handler(request -> ProjectRequest.answer(
                                        request, 200, architect.projects().get(ProjectRequest.project(request))))))
                        .summary("Shows a project.")
                        .answer(200, "The project.", ProjectJson.PROJECT),
                ProjectRequest.writing(
                                Operation.patch("updateProject", ONE, write, ProjectRequest.handler(this::update)))
                        .summary("Changes some fields of a project; pauses it or lets it go on.")
                        .ifMatch()
                        .body(draft().optional("title", Schema.text(1, 200))
                                .optional(STATE, Schema.words("active", "paused"))
                                .closed())
                        .answer(200, "The project.", ProjectJson.PROJECT),
                ProjectRequest.writing(Operation.post(
                                "archiveProject",
                                ONE + "/archive",
                                write,
                                ProjectRequest.handler(request -> ProjectRequest.answer(
                                        request,
                                        200,
                                        architect
                                                .projects()
                                                .archive(
                                                        ProjectRequest.project(request),
                                                        ProjectRequest.actor(request))))))
                        .summary("Makes a project read only.")
                        .answer(200, "The project.", ProjectJson.PROJECT),
                ProjectRequest.writing(Operation.post(
                                "restoreProject",
                                ONE + "/restore",
                                write,
                                ProjectRequest.handler(request -> ProjectRequest.answer(
                                        request,
                                        200,
                                        architect
                                                .projects()
                                                .restore(
                                                        ProjectRequest.project(request),
                                                        ProjectRequest.actor(request))))))
                        .summary("Makes an archived project active again, or one that was deleted in the last 30 days.")
                        .answer(200, "The project.", ProjectJson.PROJECT),
                ProjectRequest.writing(
                                Operation.delete("deleteProject", ONE, write, ProjectRequest.handler(this::delete)))
                        .summary("Deletes an archived project; it can be restored for 30 days.")
                        .query("confirm", Schema.text(), "The key of the project once more.")
                        .ifMatch()
                        .answer(200, "The project.", ProjectJson.PROJECT));
    }

    private void list(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of(STATE, "limit", "cursor"));
        int limit = query.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        Optional<String> state = query.text(STATE);
        if (state.isPresent()
                && List.of(ProjectState.values()).stream()
                        .noneMatch(each -> JsonFields.wordOf(each).equals(state.get()))) {
            throw QueryParameters.invalid(
                    STATE,
                    state.get(),
                    "one of "
                            + List.of(ProjectState.values()).stream()
                                    .map(JsonFields::wordOf)
                                    .toList());
        }
        Optional<ProjectId> after = query.text("cursor").map(text -> {
            try {
                return new ProjectId(text);
            } catch (IllegalArgumentException wrong) {
                throw QueryParameters.invalid("cursor", text, "the next of the page before");
            }
        });
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode items = answer.putArray("items");
        Optional<ProjectId> last = after;
        boolean hasMore = true;
        while (hasMore && items.size() < limit) {
            List<Project> page = architect.projects().list(last, limit);
            hasMore = page.size() == limit;
            for (Project project : page) {
                if (items.size() == limit) {
                    hasMore = true;
                    break;
                }
                last = Optional.of(project.id());
                boolean isAsked = state.isPresent()
                        ? JsonFields.wordOf(project.state()).equals(state.get())
                        : project.state() != ProjectState.DELETED;
                if (isAsked && AccessFilter.principal(request).sees(project.id())) {
                    items.add(ProjectJson.of(project));
                }
            }
        }
        answer.put("next", hasMore ? last.map(ProjectId::name).orElse(null) : null);
        JsonResponseWriter.write(request, answer);
    }

    private void create(Context request) {
        Set<String> known = new HashSet<>(ProjectCodec.DRAFT_FIELDS);
        known.addAll(Set.of("key", "prefix", "template"));
        ObjectNode body = JsonBodyReader.read(request);
        JsonFields fields = ProjectRequest.fields(body, known);
        ProjectId id = checked("key", () -> new ProjectId(fields.requiredText("key")));
        String prefix = checked("prefix", () -> Project.checkPrefix(fields.requiredText("prefix")));
        Optional<String> template = fields.text("template");
        template.ifPresent(each -> requireSeen(request, each));
        ProjectDraft draft = draft(body, fields, template);
        Actor actor = ProjectRequest.actor(request);
        ProjectRequest.create(
                request, Project.class, () -> architect.projects().create(id, prefix, draft, template, actor));
    }

    /** What the body says, and for the rest what the template has. */
    private ProjectDraft draft(ObjectNode body, JsonFields fields, Optional<String> template) {
        // The title is that of the body, and is checked with the rest of it.
        fields.requiredText("title");
        ObjectNode own = body.deepCopy();
        own.remove(List.of("key", "prefix", "template"));
        ObjectNode merged = ProjectRequest.patched(
                ProjectCodec.fields(architect.projects().draft("any", template)), own, ProjectCodec.DRAFT_FIELDS);
        return ProjectCodec.draft(JsonFields.parse(merged.toString()));
    }

    /** A project that the caller does not see is no template. */
    private static void requireSeen(Context request, String template) {
        ProjectTemplate.projectOf(template).ifPresent(name -> {
            ProjectId source = checked("template", () -> new ProjectId(name));
            if (!AccessFilter.principal(request).sees(source)) {
                throw ApiException.invalidValue(
                        "template", "template is '" + template + "', expected a project that is there");
            }
        });
    }

    private static void templates(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode items = answer.putArray("items");
        ProjectTemplate.builtIn().forEach(each -> items.add(ProjectJson.of(each)));
        JsonResponseWriter.write(request, answer);
    }

    private static <T> T checked(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue(
                    field, String.valueOf(wrong.getMessage()).replaceFirst("^project is", field + " is"));
        }
    }

    private void update(Context request) {
        ProjectId id = ProjectRequest.project(request);
        long version = EntityTag.required(request);
        ObjectNode body = JsonBodyReader.read(request);
        Set<String> known = new HashSet<>(ProjectCodec.DRAFT_FIELDS);
        known.add(STATE);
        Project before = architect.projects().get(id);
        ObjectNode merged = ProjectRequest.patched(ProjectCodec.fields(before.draft()), body, known);
        Optional<String> state = JsonFields.parse(merged.toString()).text(STATE);
        if (state.isPresent() && !Set.of("active", "paused").contains(state.get())) {
            throw ApiException.invalidValue(
                    STATE, "state is '" + JsonFields.shorten(state.get()) + "', expected active or paused");
        }
        merged.remove(STATE);
        Project after = architect
                .projects()
                .edit(
                        id,
                        version,
                        ProjectCodec.draft(JsonFields.parse(merged.toString())),
                        ProjectRequest.actor(request));
        if (state.isPresent()) {
            after = state.get().equals("paused")
                    ? architect.projects().pause(id, ProjectRequest.actor(request))
                    : architect.projects().resume(id, ProjectRequest.actor(request));
        }
        ProjectRequest.answer(request, 200, after);
    }

    private void delete(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of("confirm"));
        long version = EntityTag.required(request);
        String confirmation = query.text("confirm")
                .orElseThrow(() -> ApiException.invalidParameter(
                        "confirm", "confirm is missing, expected the key of the project once more"));
        ProjectRequest.answer(
                request,
                200,
                architect
                        .projects()
                        .delete(ProjectRequest.project(request), version, confirmation, ProjectRequest.actor(request)));
    }
}
