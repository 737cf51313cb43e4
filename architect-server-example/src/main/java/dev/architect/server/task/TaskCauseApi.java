package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.attempt.AttemptExplanation;
import dev.architect.attempt.TaskExplanation;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.project.ProjectId;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The resources {@code /api/tasks/causes} and {@code /api/tasks/outcomes}: why tasks are dead, and what lists of tasks show beside them. */
public final class TaskCauseApi {

    private static final String PROJECT = "project";
    private static final String TYPE = "type";
    private static final String FROM = "createdFrom";
    private static final String IDS = "ids";
    private static final String CAUSE = "cause";
    private static final int MAX_EXAMINED = 1_000;
    private static final int PAGE = 500;
    private static final int MAX_IDS = 100;

    private static final Schema OUTCOME = Schema.object()
            .required("id", Schema.text())
            .required(List.of(CAUSE, "model"), Schema.text().orNull())
            .required("startedAt", Schema.instant().orNull())
            .required("calls", Schema.integer())
            .required("costUsd", Schema.number())
            .required("unpricedCalls", Schema.integer())
            .required("isEstimated", Schema.truth())
            .open();

    private final Architect architect;

    /** Creates the resource. */
    public TaskCauseApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listTaskCauses", TaskApi.PATH + "/causes", Permission.read(TaskApi.AREA), this::causes)
                        .summary(
                                "Groups the newest thousand dead tasks by why they died, the most frequent cause first.")
                        .query(PROJECT, Schema.text(), "Only those of this project.")
                        .query(TYPE, Schema.text(), "Only those of this type.")
                        .query(FROM, Schema.instant(), "Only those accepted at this time or later.")
                        .answer(
                                200,
                                "The causes.",
                                Schema.object()
                                        .required("examined", Schema.integer())
                                        .required("complete", Schema.truth())
                                        .required(
                                                "causes",
                                                Schema.list(Schema.object()
                                                        .required(CAUSE, Schema.text())
                                                        .required("count", Schema.integer())
                                                        .required(List.of("since", "until"), Schema.instant())
                                                        .required(
                                                                "tasks",
                                                                Schema.list(Schema.object()
                                                                        .required("id", Schema.text())
                                                                        .required("endedAt", Schema.instant())
                                                                        .open()))
                                                        .open()))
                                        .open()),
                Operation.get(
                                "listTaskOutcomes",
                                TaskApi.PATH + "/outcomes",
                                Permission.read(TaskApi.AREA),
                                this::outcomes)
                        .summary(
                                "Says of up to a hundred tasks why they died, which model was asked last, and what they cost.")
                        .query(IDS, Schema.text(), "The ids of the tasks, with commas between them.")
                        .answer(
                                200,
                                "The outcomes of the tasks that exist, in the order of the ids.",
                                Schema.object()
                                        .required("outcomes", Schema.list(OUTCOME))
                                        .open()));
    }

    private void causes(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(PROJECT, TYPE, FROM));
        TaskQuery dead = TaskQuery.newest(PAGE).withStates(Set.of(TaskState.DEAD));
        dead = parameters.text(TYPE).map(dead::withType).orElse(dead);
        dead = parameters
                .text(PROJECT)
                .map(TaskCauseApi::project)
                .map(dead::withProject)
                .orElse(dead);
        dead = parameters.instant(FROM).map(dead::withCreatedFrom).orElse(dead);
        Map<String, List<Task>> byCause = new LinkedHashMap<>();
        Optional<TaskId> before = Optional.empty();
        int examined = 0;
        boolean complete = false;
        while (examined < MAX_EXAMINED && !complete) {
            int limit = Math.min(PAGE, MAX_EXAMINED - examined);
            TaskQuery query = dead.withLimit(limit);
            List<Task> page = architect.tasks().list(before.map(query::after).orElse(query));
            for (Task task : page) {
                byCause.computeIfAbsent(cause(task.id()).orElse("no longer known"), unseen -> new ArrayList<>())
                        .add(task);
            }
            examined += page.size();
            complete = page.size() < limit;
            before = page.isEmpty()
                    ? before
                    : Optional.of(page.get(page.size() - 1).id());
        }
        ObjectNode answer =
                JsonResponseWriter.object().put("examined", examined).put("complete", complete);
        ArrayNode causes = answer.putArray("causes");
        byCause.entrySet().stream()
                .sorted(Comparator.comparingInt(
                        (Map.Entry<String, List<Task>> each) -> -each.getValue().size()))
                .forEach(each -> write(causes.addObject(), each.getKey(), each.getValue()));
        JsonResponseWriter.write(request, answer);
    }

    private static ProjectId project(String name) {
        try {
            return new ProjectId(name);
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidParameter(PROJECT, String.valueOf(wrong.getMessage()));
        }
    }

    private Optional<String> cause(TaskId id) {
        return architect
                .tasks()
                .result(id)
                .flatMap(result -> FailureCause.of(result, architect.ledger().ofTask(id)));
    }

    private static void write(ObjectNode json, String cause, List<Task> tasks) {
        List<Instant> ends = tasks.stream()
                .map(task -> task.endedAt().orElse(task.createdAt()))
                .sorted()
                .toList();
        json.put(CAUSE, cause)
                .put("count", tasks.size())
                .put("since", ends.get(0).toString())
                .put("until", ends.get(ends.size() - 1).toString());
        ArrayNode list = json.putArray("tasks");
        tasks.forEach(task -> list.addObject()
                .put("id", task.id().toString())
                .put("endedAt", task.endedAt().orElse(task.createdAt()).toString()));
    }

    private void outcomes(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(IDS));
        String text = parameters
                .text(IDS)
                .orElseThrow(() -> ApiException.invalidParameter(IDS, "ids is missing, expected ids of tasks"));
        String[] ids = text.split(",", -1);
        if (ids.length > MAX_IDS) {
            throw ApiException.invalidParameter(IDS, "ids has " + ids.length + " of them, expected 1.." + MAX_IDS);
        }
        List<TaskId> wanted = new ArrayList<>();
        for (String id : ids) {
            wanted.add(TaskApi.parse(id).orElseThrow(() -> QueryParameters.invalid(IDS, id, "the id of a task")));
        }
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode outcomes = answer.putArray("outcomes");
        for (TaskId id : wanted) {
            if (architect.tasks().find(id).isPresent()) {
                write(outcomes.addObject(), id);
            }
        }
        JsonResponseWriter.write(request, answer);
    }

    private void write(ObjectNode json, TaskId id) {
        List<LedgerEntry> calls = architect.ledger().ofTask(id);
        json.put("id", id.toString())
                .put(CAUSE, cause(id).orElse(null))
                .put(
                        "model",
                        calls.isEmpty()
                                ? null
                                : calls.get(calls.size() - 1).route().answered().toString())
                .put("startedAt", startedAt(id).map(Instant::toString).orElse(null))
                .put("calls", calls.size());
        JsonResponseWriter.putUsd(
                json,
                "costUsd",
                MoneyTotal.sum(calls.stream()
                        .flatMap(call -> call.charge().cost().amount().stream())
                        .toList()));
        json.put("unpricedCalls", count(calls, CostStatus.UNPRICED))
                .put("isEstimated", count(calls, CostStatus.ESTIMATED) > 0);
    }

    /** When the attempt began that runs, or the last one that has run. */
    private Optional<Instant> startedAt(TaskId id) {
        List<AttemptExplanation> attempts =
                architect.tasks().explain(id).map(TaskExplanation::attempts).orElse(List.of());
        return attempts.isEmpty()
                ? Optional.empty()
                : attempts.get(attempts.size() - 1).startedAt();
    }

    private static long count(List<LedgerEntry> calls, CostStatus status) {
        return calls.stream()
                .filter(call -> call.charge().cost().status() == status)
                .count();
    }
}
