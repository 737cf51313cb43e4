package dev.architect.server.task;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.Quality;
import dev.architect.chat.ReasoningEffort;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import dev.architect.server.operation.Schema;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.UniqueKey;
import dev.architect.usage.UsageSource;
import java.util.List;

/** The forms of what is sent and answered about tasks. */
public final class TaskSchemas {

    /** An exact amount in dollars. */
    private static final Schema USD = Schema.number();

    private static final int MAX_TYPE = 64;
    private static final int MAX_PROJECT = 63;
    private static final int MAX_NAME = 64;
    private static final int MAX_USER = 128;
    private static final int MAX_KEY = 255;
    private static final int MAX_ATTEMPTS = 20;

    static final Schema PRIORITY = Schema.anyOf(
            Schema.integer(0, 9), Schema.text().described("urgent, high, normal, low, or a level from 0 to 9."));

    static final Schema DURATION = Schema.text()
            .described("A number with a unit, such as 500ms, 30s, 15m, 2h or 7d.")
            .example("30s");

    /** A call of a provider with what it cost. */
    public static final Schema CALL = Schema.object()
            .required(List.of("callId", "requestId"), Schema.text())
            .required("epoch", Schema.integer())
            .required("complexity", Schema.words(Complexity.class))
            .required("position", Schema.integer())
            .required(List.of("askedModel", "answeredModel"), Schema.text())
            .required("startedAt", Schema.instant())
            .required("durationMs", Schema.number())
            .required("outcome", Schema.words(CallOutcome.class))
            .required("failure", Schema.words(FailureKind.class).orNull())
            .required("stopReason", Schema.words(StopReason.class).orNull())
            .required(List.of("inputTokens", "outputTokens"), Schema.integer())
            .required("usageSource", Schema.words(UsageSource.class))
            .required("costStatus", Schema.words(CostStatus.class))
            .required(List.of("costUsd", "baselineUsd"), USD.orNull())
            .required(List.of("catalogueVersion", "serviceTier", "region"), Schema.text())
            .required(
                    List.of("providerRequestId", "taskType", "key"),
                    Schema.text().orNull())
            .open()
            .named("Call");

    private static final Schema SUMMARY_FIELDS = Schema.object()
            .required(List.of("id", "type"), Schema.text())
            .required("title", Schema.text().orNull().described("The first words of a prompt."))
            .required("state", Schema.words(TaskState.class))
            .required("priority", Schema.integer(0, 9))
            .required("project", Schema.text())
            .required(List.of("attempt", "maxAttempts"), Schema.integer())
            .required("timeoutSeconds", Schema.number())
            .required("cancelRequested", Schema.truth())
            .required("createdAt", Schema.instant())
            .required(List.of("dueAt", "endedAt"), Schema.instant().orNull())
            .required("stopReason", Schema.words(StopReason.class).orNull())
            .open();

    /** A task without its request. */
    public static final Schema SUMMARY = SUMMARY_FIELDS.named("TaskSummary");

    /** A task with its request. */
    static final Schema DETAIL = Schema.object()
            .all(SUMMARY_FIELDS)
            .required("user", Schema.text().orNull())
            .required(List.of("tags", "attributes"), Schema.map(Schema.text()))
            .optional("payload", Schema.text())
            .optional("prompt", Schema.text())
            .optional("request", Schema.map(Schema.any()))
            .open()
            .named("Task");

    /** An attempt. */
    static final Schema ATTEMPT = Schema.object()
            .required("epoch", Schema.integer())
            .required("session", Schema.text())
            .required(List.of("startedAt", "endedAt"), Schema.instant())
            .required("outcome", Schema.words(AttemptOutcome.class))
            .required("error", Schema.text().orNull())
            .open()
            .named("Attempt");

    /** What came of a task. */
    static final Schema RESULT = Schema.object()
            .required("state", Schema.words(TaskState.class))
            .required(List.of("output", "error"), Schema.text().orNull())
            .required("stopReason", Schema.words(StopReason.class).orNull())
            .open()
            .named("TaskResult");

    /** The other end of a dependency. */
    static final Schema LINK = Schema.object()
            .required("id", Schema.text())
            .required("state", Schema.words(TaskState.class).orNull())
            .required("onFailure", Schema.words(OnFailure.class))
            .required("released", Schema.truth())
            .open()
            .named("TaskLink");

    /** A task with everything that belongs to it. */
    static final Schema WHOLE = Schema.object()
            .required("task", DETAIL)
            .required("question", Schema.text().orNull())
            .required("attempts", Schema.list(ATTEMPT))
            .required("result", RESULT.orNull())
            .required(List.of("parents", "children"), Schema.list(LINK))
            .required("calls", Schema.list(CALL))
            .open();

    /** Where a task that was accepted is found. */
    static final Schema ACCEPTED = Schema.object()
            .required(List.of("id", "location"), Schema.text())
            .open()
            .named("AcceptedTask");

    /** What is sent for one task. */
    static final Schema REQUEST = requestFields(true).named("TaskRequest");

    /** What a schedule submits each time. */
    static final Schema TEMPLATE = requestFields(false).named("TaskTemplate");

    private TaskSchemas() {}

    private static Schema requestFields(boolean isKeyed) {
        Schema.Fields fields = Schema.object()
                .optional("type", Schema.text(1, MAX_TYPE))
                .optional("payload", Schema.text(0, TaskRequest.MAX_PAYLOAD_CHARACTERS))
                .optional("attributes", Schema.map(Schema.text()))
                .optional("priority", PRIORITY)
                .optional("project", Schema.text(1, MAX_PROJECT))
                .optional("user", Schema.text(1, MAX_USER))
                .optional("tags", Schema.map(Schema.text()))
                .optional("timeout", DURATION)
                .optional("maxAttempts", Schema.integer(1, MAX_ATTEMPTS))
                .optional("delay", DURATION)
                .optional("queue", Schema.text(1, MAX_NAME))
                .optional("tenant", Schema.text(1, MAX_NAME))
                .optional("sessionKind", Schema.text(1, MAX_NAME))
                .optional("limitKey", Schema.text(1, MAX_KEY))
                .optional("uniqueKey", Schema.text(1, MAX_KEY))
                .optional("onConflict", Schema.words(UniqueKey.OnConflict.class))
                .optional("affinity", Schema.text(1, MAX_KEY))
                .optional("pinned", Schema.truth())
                .optional("expiresAfter", DURATION)
                .optional("softTimeout", DURATION)
                .optional("totalTimeout", DURATION)
                .optional("heartbeatTimeout", DURATION)
                .optional(
                        "parents",
                        Schema.list(
                                Schema.object()
                                        .required("task", Schema.text())
                                        .optional("onFailure", Schema.words(OnFailure.class))
                                        .open(),
                                0,
                                TaskOptions.MAX_PARENTS));
        chat(fields);
        if (isKeyed) {
            fields.optional("idempotencyKey", Schema.text(1, MAX_KEY));
        }
        return fields.closed();
    }

    /** Adds the fields of a chat request. */
    public static Schema.Fields chat(Schema.Fields fields) {
        return fields.optional("prompt", Schema.text())
                .optional("messages", Schema.list(Schema.map(Schema.any())))
                .optional("system", Schema.text())
                .optional("quality", Schema.words(Quality.class))
                .optional("needs", Schema.list(Schema.words(Capability.class)))
                .optional("model", Schema.text())
                .optional("provider", Schema.words(ModelSelection.Provider.class))
                .optional("preference", Schema.words(ModelSelection.Preference.class))
                .optional("maxCostUsd", Schema.number())
                .optional("onRefusal", Schema.words(ModelSelection.OnRefusal.class))
                .optional("maxOutputTokens", Schema.integer(1, Integer.MAX_VALUE))
                .optional("temperature", Schema.number())
                .optional("stopSequences", Schema.list(Schema.text()))
                .optional("effort", Schema.words(ReasoningEffort.class))
                .optional("outputSchema", Schema.map(Schema.any()))
                .optional("tools", Schema.list(Schema.map(Schema.any())))
                .optional("toolChoice", Schema.anyOf(Schema.text(), Schema.map(Schema.any())))
                .optional("parallelToolCalls", Schema.truth())
                .optional("options", Schema.map(Schema.text()))
                .optional("accepted", Schema.map(Schema.any()));
    }
}
