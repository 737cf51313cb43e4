package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.InvalidFieldException;
import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Changes to a task that waits, and the same action for many tasks. */
final class TaskEditApi {

    private static final String PRIORITY = "priority";
    private static final String DELAY = "delay";
    private static final String PAYLOAD = "payload";
    private static final String ATTRIBUTES = "attributes";
    private static final String ACTION = "action";
    private static final String STATES = TaskFilterBody.STATES;
    private static final String TYPE = TaskFilterBody.TYPE;
    private static final String PROJECT = TaskFilterBody.PROJECT;
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final String DRY_RUN = "dryRun";

    /** So many tasks take a few seconds; a caller goes on after the last one. */
    private static final int MAX_TASKS = 100_000;

    /** What is sent to change a task. */
    static final Schema EDIT = Schema.object()
            .optional(PRIORITY, TaskSchemas.PRIORITY)
            .optional(DELAY, TaskSchemas.DURATION)
            .optional(PAYLOAD, Schema.text(0, TaskRequest.MAX_PAYLOAD_CHARACTERS))
            .optional(ATTRIBUTES, Schema.map(Schema.text()))
            .closed();

    /** What is sent to change many. */
    static final Schema ACTIONS = Schema.object()
            .required(ACTION, Schema.words(TaskAction.Kind.class))
            .optional(PRIORITY, TaskSchemas.PRIORITY)
            .optional(FilterText.Q, TaskFilterBody.TEXT)
            .optional(FilterText.ZONE, Schema.text())
            .optional(STATES, Schema.list(Schema.words(TaskState.class)))
            .optional(TYPE, Schema.text())
            .optional(PROJECT, Schema.text())
            .optional(AFTER, Schema.text())
            .optional(LIMIT, Schema.integer(1, MAX_TASKS))
            .optional(DRY_RUN, Schema.truth())
            .closed();

    /** How far many were changed. */
    static final Schema PROGRESS = Schema.object()
            .required("tasks", Schema.integer())
            .optional("skipped", Schema.integer())
            .optional("last", Schema.text().orNull())
            .optional("complete", Schema.truth())
            .required(DRY_RUN, Schema.truth())
            .open();

    private final Architect architect;
    private final TimeSource time;

    TaskEditApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    void edit(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(PRIORITY, DELAY, PAYLOAD, ATTRIBUTES));
        TaskEdit edit = TaskEdit.NONE;
        edit = fields.textOrInteger(PRIORITY)
                .map(text -> TaskRequestReader.priority(fields, text))
                .map(edit::withPriority)
                .orElse(edit);
        Optional<Duration> delay = TaskRequestReader.duration(fields, DELAY);
        edit = delay.isPresent() ? edit.withDelay(delay.get()) : edit;
        edit = fields.has(PAYLOAD) ? edit.withPayload(fields.text(PAYLOAD).orElse("")) : edit;
        TaskEdit whole = fields.has(ATTRIBUTES) ? edit.withAttributes(fields.textsByName(ATTRIBUTES)) : edit;
        TaskOperationApi.write(request, id -> {
            try {
                return architect.tasks().edit(id, whole);
            } catch (InvalidFieldException wrong) {
                throw ApiException.invalidValue(wrong.field(), String.valueOf(wrong.getMessage()));
            } catch (IllegalArgumentException wrong) {
                String message = String.valueOf(wrong.getMessage());
                throw ApiException.invalidValue(message.split(" ", 2)[0], message);
            }
        });
    }

    void actions(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(
                Set.of(ACTION, PRIORITY, FilterText.Q, FilterText.ZONE, STATES, TYPE, PROJECT, AFTER, LIMIT, DRY_RUN));
        TaskAction action = TaskFilterBody.action(fields, ACTION, PRIORITY);
        TaskFilter filter = TaskFilterBody.read(fields, action, time.wallTime());
        Optional<TaskId> after = fields.text(AFTER).map(text -> fields.checked(AFTER, () -> TaskId.parse(text)));
        int limit = fields.integer(LIMIT).orElse(MAX_TASKS);
        if (limit < 1 || limit > MAX_TASKS) {
            throw fields.invalid(LIMIT, LIMIT + " is " + limit + ", expected 1.." + MAX_TASKS);
        }
        ObjectNode answer = JsonResponseWriter.object();
        if (fields.truth(DRY_RUN).orElse(false)) {
            answer.put("tasks", architect.tasks().count(action, filter)).put(DRY_RUN, true);
        } else {
            BulkProgress progress =
                    architect.tasks().changeAll(action, filter, after, each -> each.done() + each.skipped() < limit);
            answer.put("tasks", progress.done())
                    .put("skipped", progress.skipped())
                    .put("last", progress.last().map(TaskId::toString).orElse(null))
                    .put("complete", progress.isComplete())
                    .put(DRY_RUN, false);
        }
        JsonResponseWriter.write(request, answer);
    }
}
