package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.report.ReportSchemas;
import dev.architect.server.report.StatusView;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.step.OutputChunk;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Parts of what {@link TaskApi} shows of a task at once, and how many tasks there are. */
public final class TaskPartApi {

    private static final String ONE = TaskApi.PATH + "/{id}";
    private static final String AFTER = "after";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Architect architect;

    /** Creates the resource. */
    public TaskPartApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get(
                                "getTaskCounts",
                                TaskApi.PATH + "/counts",
                                Permission.read(TaskApi.AREA),
                                request -> JsonResponseWriter.write(
                                        request,
                                        StatusView.counts(architect.tasks().counts())))
                        .summary("Counts the tasks in each state.")
                        .answer(200, "The counts.", ReportSchemas.COUNTS),
                Operation.get("listTaskAttempts", ONE + "/attempts", Permission.read(TaskApi.AREA), this::attempts)
                        .summary("Lists the attempts of a task, the oldest first.")
                        .answer(
                                200,
                                "The attempts.",
                                Schema.object()
                                        .required("attempts", Schema.list(TaskSchemas.ATTEMPT))
                                        .open())
                        .refuses(404, "not-found"),
                Operation.get("listTaskCalls", ONE + "/calls", Permission.read("costs"), this::calls)
                        .summary("Lists the calls of a task, the oldest first.")
                        .answer(
                                200,
                                "The calls.",
                                Schema.object()
                                        .required("calls", Schema.list(TaskSchemas.CALL))
                                        .open())
                        .refuses(404, "not-found"),
                Operation.get("listTaskLogs", ONE + "/logs", Permission.read(TaskApi.AREA), this::logs)
                        .summary("Lists what the last attempt at a task has written so far, in order.")
                        .query(AFTER, Schema.text(), "Only what was written after this: next of the page before.")
                        .answer(
                                200,
                                "A page of what was written.",
                                Schema.object()
                                        .required(
                                                "logs",
                                                Schema.list(Schema.object()
                                                        .required("number", Schema.text())
                                                        .required("epoch", Schema.integer())
                                                        .required("text", Schema.text())
                                                        .open()))
                                        .required("next", Schema.text().orNull())
                                        .open())
                        .refuses(404, "not-found"),
                Operation.get("getTaskResult", ONE + "/result", Permission.read(TaskApi.AREA), this::result)
                        .summary("Shows what came of a task that has ended.")
                        .answer(200, "The result.", TaskSchemas.RESULT)
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"));
    }

    private void attempts(Context request) {
        TaskId id = find(request).id();
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("attempts", TaskView.attempts(architect.tasks().attempts(id)));
        JsonResponseWriter.write(request, answer);
    }

    private void calls(Context request) {
        TaskId id = find(request).id();
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("calls", TaskView.calls(architect.ledger().ofTask(id)));
        JsonResponseWriter.write(request, answer);
    }

    private void logs(Context request) {
        long after = new QueryParameters(request, Set.of(AFTER))
                .text(AFTER)
                .map(TaskPartApi::number)
                .orElse(0L);
        List<OutputChunk> chunks = architect.tasks().output(find(request).id(), after);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode logs = answer.putArray("logs");
        chunks.forEach(chunk -> logs.addObject()
                .put("number", Long.toString(chunk.number()))
                .put("epoch", chunk.epoch())
                .put("text", chunk.text()));
        answer.put(
                "next",
                chunks.isEmpty()
                        ? null
                        : Long.toString(chunks.get(chunks.size() - 1).number()));
        JsonResponseWriter.write(request, answer);
    }

    private static long number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw QueryParameters.invalid(AFTER, text, "next of the page before");
        }
        return Long.parseLong(text);
    }

    private void result(Context request) {
        Task task = find(request);
        JsonResponseWriter.write(
                request,
                architect
                        .tasks()
                        .result(task.id())
                        .map(TaskView::result)
                        .orElseThrow(() -> new ApiException(
                                409,
                                "wrong-state",
                                "task " + task.id() + " has no result yet, expected one that has ended",
                                null,
                                null)));
    }

    private Task find(Context request) {
        String text = request.pathParam("id");
        return TaskApi.parse(text).flatMap(architect.tasks()::find).orElseThrow(() -> TaskApi.missing(text));
    }
}
