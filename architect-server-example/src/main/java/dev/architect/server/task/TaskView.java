package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cost.LedgerEntry;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.task.Attempt;
import dev.architect.task.Task;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import java.util.List;
import java.util.Map;

/** Tasks, attempts, results and calls as JSON. Ids are text. */
public final class TaskView {

    private TaskView() {}

    /** Returns a task without what was asked. */
    public static ObjectNode brief(Task task) {
        TaskRequest request = task.request();
        ObjectNode json = JsonResponseWriter.object()
                .put("id", task.id().toString())
                .put("type", request.type())
                .put("state", JsonResponseWriter.word(task.state()))
                .put("priority", request.priority().level())
                .put("project", request.project().name())
                .put("attempt", task.attempt())
                .put("maxAttempts", request.maxAttempts())
                .put("timeoutSeconds", JsonResponseWriter.seconds(request.timeout()))
                .put("cancelRequested", task.cancelRequested())
                .put("createdAt", task.createdAt().toString());
        json.put("dueAt", task.dueAt().map(Object::toString).orElse(null));
        json.put("endedAt", task.endedAt().map(Object::toString).orElse(null));
        return json;
    }

    /** Returns tasks in their order, each without what was asked. */
    public static ArrayNode brief(List<Task> tasks) {
        ArrayNode json = JsonResponseWriter.array();
        tasks.forEach(task -> json.add(brief(task)));
        return json;
    }

    /** Returns a task with what was asked. */
    static ObjectNode whole(Task task) {
        TaskRequest request = task.request();
        ObjectNode json = brief(task);
        json.put(
                request.type().equals(TaskRequest.PROMPT) ? TaskRequestReader.PROMPT : TaskRequestReader.PAYLOAD,
                request.payload());
        ObjectNode attributes = json.putObject(TaskRequestReader.ATTRIBUTES);
        request.attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> attributes.put(entry.getKey(), entry.getValue()));
        return json;
    }

    static ArrayNode attempts(List<Attempt> attempts) {
        ArrayNode json = JsonResponseWriter.array();
        for (Attempt attempt : attempts) {
            json.addObject()
                    .put("epoch", attempt.epoch())
                    .put("session", attempt.session())
                    .put("startedAt", attempt.startedAt().toString())
                    .put("endedAt", attempt.endedAt().toString())
                    .put("outcome", JsonResponseWriter.word(attempt.outcome()))
                    .put("error", attempt.error().orElse(null));
        }
        return json;
    }

    static ObjectNode result(TaskResult result) {
        return JsonResponseWriter.object()
                .put("state", JsonResponseWriter.word(result.state()))
                .put("output", result.output().orElse(null))
                .put("error", result.error().orElse(null));
    }

    static ArrayNode calls(List<LedgerEntry> calls) {
        ArrayNode json = JsonResponseWriter.array();
        calls.forEach(call -> json.add(call(call)));
        return json;
    }

    private static ObjectNode call(LedgerEntry call) {
        ObjectNode json = JsonResponseWriter.object()
                .put("callId", call.callId())
                .put("requestId", call.requestId())
                .put("epoch", call.epoch())
                .put("complexity", JsonResponseWriter.word(call.complexity()))
                .put("position", call.position())
                .put("askedModel", call.askedModel().toString())
                .put("answeredModel", call.answeredModel().toString())
                .put("startedAt", call.startedAt().toString());
        JsonResponseWriter.putMillis(json, "durationMs", call.duration());
        json.put("outcome", JsonResponseWriter.word(call.outcome()))
                .put("failure", call.failure().map(JsonResponseWriter::word).orElse(null))
                .put("inputTokens", call.usage().promptTokens())
                .put("outputTokens", call.usage().completionTokens())
                .put("usageSource", JsonResponseWriter.word(call.usageSource()))
                .put("costStatus", JsonResponseWriter.word(call.cost().status()));
        JsonResponseWriter.putUsd(json, "costUsd", call.cost().amount());
        JsonResponseWriter.putUsd(json, "baselineUsd", call.baseline().amount());
        return json.put("catalogueVersion", call.catalogueVersion());
    }
}
