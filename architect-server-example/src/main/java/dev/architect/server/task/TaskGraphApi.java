package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.creation.CreatedAnswer;
import dev.architect.graph.ParentRefusedException;
import dev.architect.graph.TaskCycleException;
import dev.architect.graph.TaskGraph;
import dev.architect.graph.TaskLink;
import dev.architect.maintenance.StaleTaskException;
import dev.architect.project.ProjectId;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spi.TaskStore;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskStateException;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Tasks that wait for each other: the resource {@code /api/tasks/graphs}, and the parents and children of a task. */
public final class TaskGraphApi {

    private static final int MAX_TASKS = 1_000;
    private static final int MAX_EDGES = 10_000;

    private static final String GRAPHS = TaskApi.PATH + "/graphs";
    private static final String EDGES = "edges";
    private static final String NAME = "name";
    private static final String TASK = "task";
    private static final String PARENT = "parent";
    private static final String PARENTS = "parents";
    private static final String CHILD = "child";
    private static final String ON_FAILURE = "onFailure";
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";

    private final Architect architect;

    /** Creates the resource. */
    public TaskGraphApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("submitGraph", GRAPHS, Permission.write(TaskApi.AREA), this::submit)
                        .summary("Accepts tasks that wait for each other, all or none.")
                        .body(Schema.object()
                                .required(
                                        TaskRequestReader.TASKS,
                                        Schema.list(
                                                Schema.object()
                                                        .required(NAME, Schema.text())
                                                        .required(TASK, TaskSchemas.TEMPLATE)
                                                        .closed(),
                                                1,
                                                MAX_TASKS))
                                .optional(
                                        EDGES,
                                        Schema.list(
                                                Schema.object()
                                                        .required(List.of(PARENT, CHILD), Schema.text())
                                                        .optional(ON_FAILURE, Schema.words(OnFailure.class))
                                                        .closed(),
                                                0,
                                                MAX_EDGES))
                                .closed())
                        .creating()
                        .answer(
                                201,
                                "All are accepted and durable.",
                                Schema.object()
                                        .required(
                                                TaskRequestReader.TASKS,
                                                Schema.list(Schema.object()
                                                        .all(TaskSchemas.ACCEPTED)
                                                        .required(NAME, Schema.text())
                                                        .open()))
                                        .open())
                        .refuses(409, "queue-draining", "unique-key-taken")
                        .refuses(429, "queue-full"),
                Operation.get(
                                "listTaskParents",
                                TaskApi.PATH + "/{id}/parents",
                                Permission.read(TaskApi.AREA),
                                this::parents)
                        .summary("Lists the tasks that a task waits for.")
                        .answer(
                                200,
                                "The parents.",
                                Schema.object()
                                        .required("parents", Schema.list(TaskSchemas.LINK))
                                        .open())
                        .refuses(404, "not-found"),
                Operation.get(
                                "listTaskChildren",
                                TaskApi.PATH + "/{id}/children",
                                Permission.read(TaskApi.AREA),
                                this::children)
                        .summary("Lists the tasks that wait for a task.")
                        .query(AFTER, Schema.text(), "Only those after this one: next of the page before.")
                        .query(LIMIT, Schema.integer(1, TaskStore.MAX_BATCH), "How many at most.")
                        .answer(
                                200,
                                "A page of children.",
                                Schema.object()
                                        .required("children", Schema.list(TaskSchemas.LINK))
                                        .required("next", Schema.text().orNull())
                                        .open())
                        .refuses(404, "not-found"),
                Operation.get(
                                "listTaskDependencies",
                                TaskApi.PATH + "/{id}/dependencies",
                                Permission.read(TaskApi.AREA),
                                this::dependencies)
                        .summary("Lists the tasks that a task waits for, and those that wait for it.")
                        .query(AFTER, Schema.text(), "Only children after this one: next of the page before.")
                        .query(LIMIT, Schema.integer(1, TaskStore.MAX_BATCH), "How many children at most.")
                        .answer(
                                200,
                                "All parents, and a page of children.",
                                Schema.object()
                                        .required(List.of("parents", "children"), Schema.list(TaskSchemas.LINK))
                                        .required("next", Schema.text().orNull())
                                        .open())
                        .refuses(404, "not-found"),
                Operation.put(
                                "saveTaskDependencies",
                                TaskApi.PATH + "/{id}/dependencies",
                                Permission.write(TaskApi.AREA),
                                this::replace)
                        .summary("Has a task that has not begun wait for other tasks than before.")
                        .ifMatch()
                        .body(Schema.object()
                                .required(
                                        PARENTS,
                                        Schema.list(
                                                Schema.object()
                                                        .required(TASK, Schema.text())
                                                        .optional(ON_FAILURE, Schema.words(OnFailure.class))
                                                        .closed(),
                                                0,
                                                TaskOptions.MAX_PARENTS))
                                .closed())
                        .answer(
                                200,
                                "All parents, and the first page of children.",
                                Schema.object()
                                        .required(List.of(PARENTS, "children"), Schema.list(TaskSchemas.LINK))
                                        .required("next", Schema.text().orNull())
                                        .open())
                        .refuses(404, "not-found")
                        .refuses(409, "not-editable")
                        .refuses(422, "cycle"));
    }

    private void submit(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TaskRequestReader.TASKS, EDGES));
        TaskGraph graph = read(fields, AccessFilter.principal(request));
        Creations.respond(
                request,
                made -> made instanceof List<?> ids ? accepted(graph, ids) : Optional.empty(),
                () -> {
                    Map<String, TaskHandle> accepted =
                            TaskApi.submitted(() -> architect.tasks().submit(graph));
                    List<TaskId> ids = graph.nodes().stream()
                            .map(node -> Objects.requireNonNull(accepted.get(node.name()))
                                    .id())
                            .toList();
                    return accepted(graph, ids).orElseThrow();
                },
                first -> {});
    }

    /** The answer when the store has returned one task for each node, in order; empty when it has returned something else. */
    private static Optional<CreatedAnswer> accepted(TaskGraph graph, List<?> ids) {
        if (ids.size() != graph.nodes().size()) {
            return Optional.empty();
        }
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode tasks = answer.putArray(TaskRequestReader.TASKS);
        for (int i = 0; i < ids.size(); i++) {
            if (!(ids.get(i) instanceof TaskId id)) {
                return Optional.empty();
            }
            tasks.add(TaskApi.accepted(id).put(NAME, graph.nodes().get(i).name()));
        }
        return Optional.of(Creations.at(TaskApi.PATH, answer));
    }

    private static TaskGraph read(BodyFields fields, Principal caller) {
        TaskGraph.Builder graph = TaskGraph.builder();
        for (BodyFields node : fields.objects(TaskRequestReader.TASKS, 1, MAX_TASKS)) {
            node.rejectUnknown(Set.of(NAME, TASK));
            String name = node.requiredText(NAME);
            BodyFields task = node.object(TASK);
            if (task.has(TaskRequestReader.IDEMPOTENCY_KEY)) {
                throw task.invalid(
                        TaskRequestReader.IDEMPOTENCY_KEY,
                        task.path(TaskRequestReader.IDEMPOTENCY_KEY + " is given, expected none in a graph"));
            }
            TaskRequest wanted = TaskRequestReader.readElement(task, caller).request();
            node.checked(NAME, () -> graph.task(name, wanted));
        }
        if (fields.has(EDGES)) {
            for (BodyFields edge : fields.objects(EDGES, 0, MAX_EDGES)) {
                edge.rejectUnknown(Set.of(PARENT, CHILD, ON_FAILURE));
                String parent = edge.requiredText(PARENT);
                String child = edge.requiredText(CHILD);
                OnFailure onFailure = onFailure(edge);
                edge.checked(PARENT, () -> graph.edge(parent, child, onFailure));
            }
        }
        try {
            return graph.build();
        } catch (TaskCycleException cycle) {
            throw fields.invalid(EDGES, String.valueOf(cycle.getMessage()));
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid(EDGES, String.valueOf(wrong.getMessage()));
        }
    }

    private static OnFailure onFailure(BodyFields edge) {
        return edge.text(ON_FAILURE)
                .map(word -> EnumWords.parse(OnFailure.class, word)
                        .orElseThrow(() -> edge.invalid(
                                ON_FAILURE,
                                edge.path(ON_FAILURE + " is '" + BodyFields.shorten(word) + "', expected one of "
                                        + EnumWords.list(OnFailure.class)))))
                .orElse(OnFailure.BLOCK);
    }

    private void parents(Context request) {
        TaskId id = task(request);
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("parents", TaskView.links(architect.tasks().parents(id)));
        JsonResponseWriter.write(request, answer);
    }

    private void dependencies(Context request) {
        // Before what it stands for: a change after that was made with no less known.
        EntityTag.put(request, find(request).version());
        ObjectNode answer = page(request);
        answer.set(PARENTS, TaskView.links(architect.tasks().parents(task(request))));
        JsonResponseWriter.write(request, answer);
    }

    private void replace(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(PARENTS));
        long seen = EntityTag.required(request);
        Task before = find(request);
        List<ParentTask> wanted = new ArrayList<>();
        for (BodyFields parent : fields.objects(PARENTS, 0, TaskOptions.MAX_PARENTS)) {
            parent.rejectUnknown(Set.of(TASK, ON_FAILURE));
            OnFailure onFailure = onFailure(parent);
            wanted.add(new ParentTask(visible(request, parent.requiredText(TASK)), onFailure));
        }
        try {
            Task changed = architect.tasks().replaceParents(before.id(), wanted, seen);
            EntityTag.put(request, changed.version());
        } catch (StaleTaskException changed) {
            Task now = changed.current();
            throw EntityTag.stale(seen, now.version(), TaskView.detail(now), List.of());
        } catch (TaskStateException wrong) {
            throw new ApiException(409, "not-editable", String.valueOf(wrong.getMessage()), null, null);
        } catch (TaskCycleException cycle) {
            throw new ApiException(422, "cycle", String.valueOf(cycle.getMessage()), PARENTS, null);
        } catch (ParentRefusedException refused) {
            throw TaskApi.missing(refused.parent().toString());
        } catch (IllegalArgumentException wrong) {
            throw fields.invalid(PARENTS, String.valueOf(wrong.getMessage()));
        }
        ObjectNode answer = children(before.id(), Optional.empty(), TaskStore.MAX_BATCH);
        answer.set(PARENTS, TaskView.links(architect.tasks().parents(before.id())));
        JsonResponseWriter.write(request, answer);
    }

    /** A parent that the caller may see; what belongs to other projects is not there for an agent that is limited to some. */
    private TaskId visible(Context request, String text) {
        Set<ProjectId> projects = AccessFilter.principal(request).projects();
        return TaskApi.parse(text)
                .flatMap(architect.tasks()::find)
                .filter(task -> projects.isEmpty()
                        || projects.contains(task.request().attribution().project()))
                .map(Task::id)
                .orElseThrow(() -> TaskApi.missing(text));
    }

    private void children(Context request) {
        JsonResponseWriter.write(request, page(request));
    }

    private ObjectNode page(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(AFTER, LIMIT));
        int limit = parameters.integer(LIMIT, 1, TaskStore.MAX_BATCH, TaskStore.MAX_BATCH);
        Optional<TaskId> after = parameters
                .text(AFTER)
                .map(text -> TaskApi.parse(text)
                        .orElseThrow(() -> QueryParameters.invalid(AFTER, text, "the id of a task")));
        return children(task(request), after, limit);
    }

    private ObjectNode children(TaskId id, Optional<TaskId> after, int limit) {
        List<TaskLink> children = architect.tasks().children(id, after.orElse(new TaskId(0)), limit);
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("children", TaskView.links(children));
        answer.put(
                "next",
                children.size() < limit ? null : children.get(limit - 1).task().toString());
        return answer;
    }

    private TaskId task(Context request) {
        return find(request).id();
    }

    private Task find(Context request) {
        String text = request.pathParam("id");
        return TaskApi.parse(text).flatMap(architect.tasks()::find).orElseThrow(() -> TaskApi.missing(text));
    }
}
