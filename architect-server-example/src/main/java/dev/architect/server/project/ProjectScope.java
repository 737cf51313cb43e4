package dev.architect.server.project;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.Architect;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.ProjectId;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.record.DecisionRecord;
import dev.architect.recurring.Schedule;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Operation;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.task.TaskId;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps agents whose tokens are for some projects to those. What belongs to another project is not there for them: 404. What an operation is about
 * stands in its path, its query or its body; one that is about more than the projects of a token, or of which it is not known, is refused with
 * 403. So a new operation is refused until it is named here. Safe for use by several threads.
 */
public final class ProjectScope {

    private static final String PROJECT = "project";
    private static final String ID = "id";

    /** What is filed under the project that the caller states, which its handler checks, or is about the caller alone. */
    private static final Set<String> CHECKED_AREAS = Set.of("gateway", "self");

    /** What belongs to no project may be looked at. */
    private static final Set<String> SHARED_AREAS = Set.of("metrics", "nodes", "providers", "queues", "sessions");

    /** Operations whose handlers compare each task or project with the token. */
    private static final Set<String> CHECKED = Set.of("listProjects", "listProjectTemplates");

    private final Architect architect;
    private final Map<String, Finder> byPath = new LinkedHashMap<>();

    /** Finds the projects that a request is about; none of those that do not exist, of which its handler tells. */
    @FunctionalInterface
    private interface Finder {
        List<ProjectId> find(Context request);
    }

    /** Creates the scope of things in {@code architect}. */
    public ProjectScope(Architect architect) {
        this.architect = architect;
        byPath.put("/api/projects/{key}", request -> named(request.pathParam("key")));
        byPath.put("/api/items/{id}", this::items);
        byPath.put(
                "/api/milestones/{id}",
                request -> found(() -> architect
                        .projects()
                        .milestones()
                        .get(MilestoneId.parse(request.pathParam(ID)))
                        .project()));
        byPath.put(
                "/api/labels/{id}",
                request -> found(
                        () -> architect.projects().parts().label(part(request)).project()));
        byPath.put(
                "/api/fields/{id}",
                request -> found(
                        () -> architect.projects().parts().field(part(request)).project()));
        byPath.put(
                "/api/views/{id}",
                request -> found(() -> architect
                        .projects()
                        .parts()
                        .view(part(request), ProjectRequest.actor(request))
                        .project()));
        byPath.put(
                "/api/comments/{id}",
                request -> found(
                        () -> architect.projects().comments().get(part(request)).project()));
        byPath.put(
                "/api/attachments/{id}",
                request -> found(() ->
                        architect.projects().attachments().get(part(request)).project()));
        byPath.put("/api/tasks/{id}", request -> task(request.pathParam(ID)));
        byPath.put("/api/ledger/tasks/{id}", request -> task(request.pathParam(ID)));
        byPath.put("/api/calls/{id}", request -> call(request.pathParam(ID)));
        byPath.put("/api/schedules/{name}", request -> schedule(request.pathParam("name")));
    }

    /** Returns what does the same as {@code operation} for whoever may do that in the project that it is about. */
    public Operation around(Operation operation) {
        if (!operation.permission().name().contains(":")) {
            return operation;
        }
        String area = operation.permission().area();
        boolean isOpen = CHECKED_AREAS.contains(area)
                || (SHARED_AREAS.contains(area) && operation.method().equals(HandlerType.GET));
        if (isOpen || CHECKED.contains(operation.id())) {
            return operation;
        }
        Optional<Finder> finder = finder(operation);
        Handler handler = operation.handler();
        return operation.handledBy(request -> {
            Principal caller = AccessFilter.principal(request);
            if (!caller.projects().isEmpty()) {
                check(request, caller, finder);
            }
            handler.handle(request);
        });
    }

    /**
     * Refuses a caller that is limited to some projects.
     *
     * @throws ApiException 403 when it is
     */
    public static void requireAll(Principal caller) {
        if (!caller.projects().isEmpty()) {
            throw limited();
        }
    }

    private static ApiException limited() {
        return ApiException.forbidden(
                "the token is for some projects, expected one without projects for what is about all");
    }

    private static void check(Context request, Principal caller, Optional<Finder> finder) {
        List<ProjectId> about = finder.orElseThrow(ProjectScope::limited).find(request);
        if (!caller.projects().containsAll(about)) {
            throw ApiException.notFound("there is no such thing in a project of the token, expected one");
        }
    }

    private Optional<Finder> finder(Operation operation) {
        switch (operation.id()) {
            case "createProject":
                return Optional.of(request -> required(bodyText(request, "key")));
            case "createView", "bulkUpdateItems":
                return Optional.of(request -> required(bodyText(request, PROJECT)));
            case "listViews", "listTasks":
                return Optional.of(request -> required(Optional.ofNullable(request.queryParam(PROJECT))));
            case "getRoute":
                return Optional.of(request -> architect.records().ofRequest(request.pathParam("request")).stream()
                        .map(DecisionRecord::project)
                        .toList());
            case "submitTasks", "submitGraph":
                // The handler checks for which project the tasks are; what they would read are results of their
                // parents.
                return Optional.of(request -> JsonBodyReader.read(request).findValues("parents").stream()
                        .flatMap(parents -> parents.findValuesAsText("task").stream())
                        .flatMap(id -> task(id).stream())
                        .toList());
            case "saveSchedule":
                // The task in its body is for a project of the token, which its handler checks.
                return Optional.of(
                        request -> bodyText(request, "name").map(this::schedule).orElse(List.of()));
            case "listTaskOutcomes":
                return Optional.of(request -> Optional.ofNullable(request.queryParam("ids")).stream()
                        .flatMap(ids -> List.of(ids.split(",", -1)).stream())
                        .flatMap(id -> task(id).stream())
                        .toList());
            default:
                return byPath.entrySet().stream()
                        .filter(each -> operation.path().equals(each.getKey())
                                || operation.path().startsWith(each.getKey() + "/"))
                        .findFirst()
                        .map(Map.Entry::getValue);
        }
    }

    /** What a request must say to be about one project. */
    private static List<ProjectId> required(Optional<String> name) {
        return name.map(ProjectScope::named)
                .orElseThrow(() -> ApiException.forbidden(
                        "the token is for some projects, expected a request that names one of them as its project"));
    }

    private static List<ProjectId> named(String name) {
        try {
            return List.of(new ProjectId(name));
        } catch (IllegalArgumentException none) {
            return List.of();
        }
    }

    private static Optional<String> bodyText(Context request, String field) {
        JsonNode value = JsonBodyReader.read(request).path(field);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    private List<ProjectId> items(Context request) {
        List<ProjectId> all = new ArrayList<>(item(request.pathParam(ID)));
        Optional.ofNullable(request.pathParamMap().get("other")).ifPresent(other -> all.addAll(item(other)));
        return all;
    }

    private List<ProjectId> item(String text) {
        return found(() -> ProjectRequest.item(architect, text).project());
    }

    private static PartId part(Context request) {
        return PartId.parse(request.pathParam(ID));
    }

    private List<ProjectId> task(String id) {
        return found(() -> architect
                .tasks()
                .find(TaskId.parse(id))
                .map(task -> task.request().attribution().project())
                .orElseThrow(() -> PlanningException.notFound("there is no task " + id)));
    }

    private List<ProjectId> call(String id) {
        return architect
                .ledger()
                .call(id)
                .map(List::of)
                .orElseGet(() -> architect.ledger().ofRequest(id))
                .stream()
                .map(call -> call.origin().attribution().project())
                .distinct()
                .toList();
    }

    private List<ProjectId> schedule(String name) {
        return architect.schedules().find(name).map(Schedule::request).stream()
                .map(request -> request.task().attribution().project())
                .toList();
    }

    /** Finds the project of a thing. */
    @FunctionalInterface
    private interface ThingFinder {
        ProjectId find();
    }

    private static List<ProjectId> found(ThingFinder finder) {
        try {
            return List.of(finder.find());
        } catch (IllegalArgumentException missing) {
            return List.of();
        } catch (ApiException missing) {
            if (missing.status() == 404) {
                return List.of();
            }
            throw missing;
        }
    }
}
