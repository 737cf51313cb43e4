package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.architect.attempt.Attempt;
import dev.architect.cost.LedgerEntry;
import dev.architect.graph.TaskLink;
import dev.architect.prompt.PromptTasks;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.task.Task;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tasks, attempts, results and calls as JSON. Ids are text. */
public final class TaskView {

    private TaskView() {}

    /** Returns a task without its request, of which the first words of a prompt are its title. */
    public static ObjectNode summary(Task task) {
        return summary(task, TaskTitle.of(task.request()));
    }

    private static ObjectNode summary(Task task, Optional<String> title) {
        TaskRequest request = task.request();
        ObjectNode json = JsonResponseWriter.object()
                .put("id", task.id().toString())
                .put("type", request.type())
                .put("title", title.orElse(null))
                .put("state", EnumWords.of(task.state()))
                .put("priority", request.priority().level())
                .put("project", request.attribution().project().name())
                .put("attempt", task.attempt())
                .put("maxAttempts", request.maxAttempts())
                .put("timeoutSeconds", JsonResponseWriter.seconds(request.timeout()))
                .put("cancelRequested", task.cancelRequested())
                .put("createdAt", task.createdAt().toString());
        json.put("dueAt", task.dueAt().map(Object::toString).orElse(null));
        json.put("endedAt", task.endedAt().map(Object::toString).orElse(null));
        json.put("stopReason", task.stopReason().map(EnumWords::of).orElse(null));
        return json;
    }

    /** Returns tasks in their order, each without its request. */
    public static ArrayNode summary(List<Task> tasks) {
        return summary(tasks, task -> TaskTitle.of(task.request()));
    }

    /** As {@link #summary(List)}, with titles that are known already. */
    public static ArrayNode summary(List<Task> tasks, Function<Task, Optional<String>> titles) {
        ArrayNode json = JsonResponseWriter.array();
        tasks.forEach(task -> json.add(summary(task, titles.apply(task))));
        return json;
    }

    /** Returns a task with its request. */
    static ObjectNode detail(Task task) {
        TaskRequest request = task.request();
        ObjectNode json = summary(task);
        json.put("user", request.attribution().user().orElse(null));
        JsonResponseWriter.putTexts(json, "tags", request.attribution().tags());
        putWork(json, request);
        JsonResponseWriter.putTexts(json, TaskRequestReader.ATTRIBUTES, request.attributes());
        return json;
    }

    /** A chat request has its last text as {@code prompt} and all of it as {@code request}; other tasks have a payload. */
    private static void putWork(ObjectNode json, TaskRequest request) {
        if (!request.type().equals(TaskRequest.PROMPT)) {
            json.put(TaskRequestReader.PAYLOAD, request.payload());
            return;
        }
        try {
            json.put(TaskRequestReader.PROMPT, PromptTasks.requestOf(request).prompt());
            // As it is stored: a number that stands for many digits must not be written with all of them.
            json.putRawValue("request", new RawValue(request.payload()));
        } catch (IllegalArgumentException unreadable) {
            // Another version wrote it, or it is not valid: the payload is shown as it is.
            json.put(TaskRequestReader.PAYLOAD, request.payload());
        }
    }

    static ArrayNode attempts(List<Attempt> attempts) {
        ArrayNode json = JsonResponseWriter.array();
        for (Attempt attempt : attempts) {
            json.addObject()
                    .put("epoch", attempt.epoch())
                    .put("session", attempt.session())
                    .put("startedAt", attempt.startedAt().toString())
                    .put("endedAt", attempt.endedAt().toString())
                    .put("outcome", EnumWords.of(attempt.outcome()))
                    .put("error", attempt.error().orElse(null));
        }
        return json;
    }

    /** The other ends of dependencies; the state is null when the other task is deleted. */
    static ArrayNode links(List<TaskLink> links) {
        ArrayNode json = JsonResponseWriter.array();
        for (TaskLink link : links) {
            json.addObject()
                    .put("id", link.task().toString())
                    .put("state", link.state().map(EnumWords::of).orElse(null))
                    .put("onFailure", EnumWords.of(link.onFailure()))
                    .put("released", link.isReleased());
        }
        return json;
    }

    static ObjectNode result(TaskResult result) {
        return JsonResponseWriter.object()
                .put("state", EnumWords.of(result.state()))
                .put("output", result.output().orElse(null))
                .put("error", result.error().orElse(null))
                .put("stopReason", result.stopReason().map(EnumWords::of).orElse(null));
    }

    /** Returns calls with what they cost. */
    public static ArrayNode calls(List<LedgerEntry> calls) {
        ArrayNode json = JsonResponseWriter.array();
        calls.forEach(call -> json.add(call(call)));
        return json;
    }

    private static ObjectNode call(LedgerEntry call) {
        ObjectNode json = JsonResponseWriter.object()
                .put("callId", call.callId())
                .put("requestId", call.origin().requestId())
                .put("epoch", call.origin().epoch())
                .put("complexity", EnumWords.of(call.route().complexity()))
                .put("position", call.route().position())
                .put("askedModel", call.route().requested().toString())
                .put("answeredModel", call.route().answered().toString())
                .put("startedAt", call.timing().startedAt().toString());
        JsonResponseWriter.putMillis(json, "durationMs", call.timing().duration());
        json.put("outcome", EnumWords.of(call.outcome()))
                .put("failure", call.failure().map(EnumWords::of).orElse(null))
                .put("stopReason", call.stopReason().map(EnumWords::of).orElse(null))
                .put("inputTokens", call.metering().usage().promptTokens())
                .put("outputTokens", call.metering().usage().completionTokens())
                .put("usageSource", EnumWords.of(call.metering().source()))
                .put("costStatus", EnumWords.of(call.charge().cost().status()));
        JsonResponseWriter.putUsd(json, "costUsd", call.charge().cost().amount());
        JsonResponseWriter.putUsd(json, "baselineUsd", call.charge().baseline().amount());
        return json.put("catalogueVersion", call.charge().catalogueVersion())
                .put("serviceTier", call.route().serviceTier())
                .put("region", call.route().region())
                .put("providerRequestId", call.route().providerRequestId().orElse(null))
                .put("taskType", call.origin().taskType().orElse(null))
                .put("key", call.origin().attribution().key().orElse(null));
    }
}
