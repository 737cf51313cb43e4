package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.InvalidFieldException;
import dev.architect.maintenance.BulkProgress;
import dev.architect.maintenance.StaleTaskException;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskEdit;
import dev.architect.maintenance.TaskFilter;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Changes to a task that waits, and the same action for many tasks. */
final class TaskEditApi {

    private static final String PRIORITY = "priority";
    private static final String DELAY = "delay";
    private static final String DUE_AT = "dueAt";
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

    /** What is sent to change some of a task that nobody has changed since. */
    static final Schema PATCH = Schema.object()
            .optional(PRIORITY, TaskSchemas.PRIORITY)
            .optional(DUE_AT, Schema.instant().orNull().described("When it is due; null makes it due now."))
            .optional(DELAY, TaskSchemas.DURATION)
            .optional(PAYLOAD, Schema.text(0, TaskRequest.MAX_PAYLOAD_CHARACTERS))
            .optional(ATTRIBUTES, Schema.map(Schema.text().orNull()).described("Those to set; null removes one."))
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

    /** Changes some of a task that waits, if nobody has changed it since its version was read. */
    void patch(Context request) {
        ObjectNode body = JsonBodyReader.read(request);
        BodyFields fields = new BodyFields(body, "");
        fields.rejectUnknown(Set.of(PRIORITY, DUE_AT, DELAY, PAYLOAD, ATTRIBUTES));
        long seen = EntityTag.required(request);
        String text = request.pathParam("id");
        Task before = TaskApi.parse(text).flatMap(architect.tasks()::find).orElseThrow(() -> TaskApi.missing(text));
        TaskEdit edit = merged(fields, body, before.request()).ofVersion(seen);
        requireEditable(before);
        if (before.version() != seen) {
            throw stale(seen, before);
        }
        try {
            write(request, edit.isEmpty() ? before : architect.tasks().edit(before.id(), edit));
        } catch (StaleTaskException changed) {
            throw stale(seen, changed.current());
        } catch (IllegalArgumentException wrong) {
            // The fields of the body are right: it is the worker that does not take what they make of the task.
            String message = String.valueOf(wrong.getMessage());
            String named = message.split(" ", 2)[0];
            String meant = edit.payload().isPresent() ? PAYLOAD : ATTRIBUTES;
            throw ApiException.invalidValue(edit.fields().contains(named) ? named : meant, message);
        } catch (TaskStateException wrong) {
            requireEditable(architect.tasks().find(before.id()).orElseThrow(() -> TaskApi.missing(text)));
            throw notEditable(String.valueOf(wrong.getMessage()));
        }
    }

    private TaskEdit merged(BodyFields fields, ObjectNode body, TaskRequest before) {
        TaskEdit edit = fields.textOrInteger(PRIORITY)
                .map(text -> TaskEdit.NONE.withPriority(TaskRequestReader.priority(fields, text)))
                .orElse(TaskEdit.NONE);
        for (String name : List.of(PRIORITY, DELAY, PAYLOAD, ATTRIBUTES)) {
            if (fields.isRemoved(name)) {
                throw fields.invalid(name, name + " is null, expected a value: every task has one");
            }
        }
        Optional<Duration> delay = delay(fields);
        edit = delay.isPresent() ? edit.withDelay(delay.get()) : edit;
        Optional<String> payload = fields.text(PAYLOAD);
        edit = payload.isPresent() ? edit.withPayload(payload.get()) : edit;
        return fields.has(ATTRIBUTES) ? edit.withAttributes(attributes(fields, body, before)) : edit;
    }

    private Optional<Duration> delay(BodyFields fields) {
        Optional<Duration> delay = TaskRequestReader.duration(fields, DELAY);
        if (!fields.names().contains(DUE_AT)) {
            return delay;
        }
        if (delay.isPresent()) {
            throw fields.invalid(DELAY, DELAY + " is given beside " + DUE_AT + ", expected one of them");
        }
        Instant dueAt = fields.text(DUE_AT).map(text -> instant(fields, text)).orElse(Instant.MIN);
        Instant now = time.wallTime();
        Duration left = dueAt.isAfter(now) ? Duration.between(now, dueAt) : Duration.ZERO;
        if (left.compareTo(TaskRequest.MAX_DELAY) > 0) {
            throw fields.invalid(
                    DUE_AT,
                    DUE_AT + " is in " + left.toDays() + " days, expected at most " + TaskRequest.MAX_DELAY.toDays()
                            + " days");
        }
        return Optional.of(left);
    }

    private static Instant instant(BodyFields fields, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw fields.invalid(
                    DUE_AT,
                    DUE_AT + " is '" + BodyFields.shorten(text) + "', expected a time such as 2026-11-27T12:00:00Z");
        }
    }

    private static Map<String, String> attributes(BodyFields fields, ObjectNode body, TaskRequest before) {
        Map<String, String> merged = new TreeMap<>(before.attributes());
        if (!(body.get(ATTRIBUTES) instanceof ObjectNode changes)) {
            // Its kind is named as that of every other field.
            return fields.textsByName(ATTRIBUTES);
        }
        ObjectNode kept = changes.deepCopy();
        changes.properties().stream().filter(each -> each.getValue().isNull()).forEach(each -> {
            merged.remove(each.getKey());
            kept.remove(each.getKey());
        });
        ObjectNode whole = JsonResponseWriter.object();
        whole.set(ATTRIBUTES, kept);
        merged.putAll(new BodyFields(whole, "").textsByName(ATTRIBUTES));
        return merged;
    }

    private static void requireEditable(Task task) {
        if (task.state().isTerminal() || task.state() == TaskState.RUNNING) {
            throw notEditable("task " + task.id() + " is " + EnumWords.of(task.state()) + ", expected one that waits");
        }
    }

    private static ApiException notEditable(String message) {
        return new ApiException(409, "not-editable", message, null, null);
    }

    private static ApiException stale(long seen, Task now) {
        return EntityTag.stale(seen, now.version(), TaskView.detail(now), List.of());
    }

    private static void write(Context request, Task task) {
        EntityTag.put(request, task.version());
        JsonResponseWriter.write(request, TaskView.detail(task));
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
