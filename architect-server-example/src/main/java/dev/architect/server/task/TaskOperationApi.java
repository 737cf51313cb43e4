package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Tasks;
import dev.architect.maintenance.TaskAction;
import dev.architect.maintenance.TaskFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What an operator does with tasks: cancels them by force, holds, resumes and redrives them. */
public final class TaskOperationApi {

    private static final String ONE = TaskApi.PATH + "/{id}";
    private static final String INPUT = "input";
    private static final String STATES = TaskFilterBody.STATES;
    private static final String TYPE = TaskFilterBody.TYPE;
    private static final String PROJECT = TaskFilterBody.PROJECT;
    private static final String DRY_RUN = "dryRun";

    private final Architect architect;
    private final TaskEditApi edits;

    private final TimeSource time;

    /** Creates the resource; {@code time} is what times such as {@code -7d} in filters are before. */
    public TaskOperationApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.edits = new TaskEditApi(architect, time);
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                changing("forceCancelTask", "/force-cancel", this::forceCancel)
                        .summary("Cancels a task at once, also one whose worker or node does not answer.")
                        .refuses(409, "already-ended"),
                changing("holdTask", "/hold", request -> write(request, architect.tasks()::hold))
                        .summary("Holds back a task that waits."),
                changing("resumeTask", "/resume", this::resume)
                        .summary("Makes a held task ready, with what its worker asked for.")
                        .optionalBody(Schema.object()
                                .optional(INPUT, Schema.text(0, Tasks.MAX_INPUT_CHARACTERS))
                                .closed()),
                changing("redriveTask", "/redrive", request -> write(request, architect.tasks()::redrive))
                        .summary("Makes a dead, cancelled or expired task ready again, its tries counted from zero.")
                        .refuses(409, "unique-key-taken"),
                changing("runTaskNow", "/run-now", request -> write(request, architect.tasks()::runNow))
                        .summary("Makes a waiting task the next one of its type."),
                Operation.post("editTask", ONE + "/edit", Permission.write(TaskApi.AREA), edits::edit)
                        .summary("Changes a task that waits.")
                        .body(TaskEditApi.EDIT)
                        .answer(200, "The task as it is now.", TaskSchemas.SUMMARY)
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"),
                Operation.patch("updateTask", ONE, Permission.write(TaskApi.AREA), edits::patch)
                        .summary("Changes some of a task that waits and that nobody has changed since.")
                        .ifMatch()
                        .body(TaskEditApi.PATCH)
                        .answer(200, "The task as it is now.", TaskSchemas.DETAIL)
                        .refuses(404, "not-found")
                        .refuses(409, "not-editable"),
                Operation.post("changeTasks", TaskApi.PATH + "/actions", Permission.act(TaskApi.AREA), edits::actions)
                        .summary("Does the same to all tasks that pass a filter, or counts them.")
                        .body(TaskEditApi.ACTIONS)
                        .answer(200, "How many were changed.", TaskEditApi.PROGRESS)
                        .refuses(400, "unknown-filter"),
                Operation.post(
                                "redriveTasks",
                                TaskApi.PATH + "/redrive",
                                Permission.act(TaskApi.AREA),
                                this::redriveAll)
                        .summary("Makes all ended tasks ready again that pass a filter, or counts them.")
                        .body(Schema.object()
                                .optional(FilterText.Q, TaskFilterBody.TEXT)
                                .optional(FilterText.ZONE, Schema.text())
                                .optional(STATES, Schema.list(Schema.words("dead", "cancelled", "expired")))
                                .optional(TYPE, Schema.text())
                                .optional(PROJECT, Schema.text())
                                .optional(DRY_RUN, Schema.truth())
                                .closed())
                        .answer(
                                200,
                                "How many were changed.",
                                Schema.object()
                                        .required("tasks", Schema.integer())
                                        .required(DRY_RUN, Schema.truth())
                                        .open())
                        .refuses(400, "unknown-filter"));
    }

    private static Operation changing(String id, String action, Handler handler) {
        return Operation.post(id, ONE + action, Permission.act(TaskApi.AREA), handler)
                .answer(200, "The task as it is now.", TaskSchemas.SUMMARY)
                .refuses(404, "not-found")
                .refuses(409, "wrong-state");
    }

    private void forceCancel(Context request) {
        write(request, id -> {
            Task after = architect.tasks().forceCancel(id).orElseThrow(() -> new TaskNotFoundException(id));
            if (after.state() != TaskState.CANCELLED) {
                throw TaskApi.alreadyEnded(after);
            }
            return after;
        });
    }

    private void resume(Context request) {
        Optional<String> input = JsonBodyReader.readOptional(request).flatMap(body -> {
            BodyFields fields = new BodyFields(body, "");
            fields.rejectUnknown(Set.of(INPUT));
            Optional<String> text = fields.text(INPUT);
            if (text.isPresent() && text.get().length() > Tasks.MAX_INPUT_CHARACTERS) {
                throw fields.invalid(
                        INPUT,
                        "input has " + text.get().length() + " characters, expected at most "
                                + Tasks.MAX_INPUT_CHARACTERS);
            }
            return text;
        });
        write(
                request,
                id -> input.map(text -> architect.tasks().resume(id, text))
                        .orElseGet(() -> architect.tasks().resume(id)));
    }

    static void write(Context request, Function<TaskId, Task> operation) {
        String text = request.pathParam("id");
        try {
            TaskId id = TaskApi.parse(text).orElseThrow(() -> TaskApi.missing(text));
            JsonResponseWriter.write(request, TaskView.summary(operation.apply(id)));
        } catch (TaskNotFoundException missing) {
            throw TaskApi.missing(text);
        } catch (UniqueKeyTakenException taken) {
            throw TaskApi.uniqueKeyTaken(taken);
        } catch (TaskStateException wrong) {
            throw new ApiException(409, "wrong-state", String.valueOf(wrong.getMessage()), null, null);
        }
    }

    private void redriveAll(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(FilterText.Q, FilterText.ZONE, STATES, TYPE, PROJECT, DRY_RUN));
        TaskFilter filter = TaskFilterBody.read(fields, TaskAction.REDRIVE, time.wallTime());
        boolean isDryRun = fields.truth(DRY_RUN).orElse(false);
        long tasks = isDryRun
                ? architect.tasks().countRedrivable(filter)
                : architect.tasks().redriveAll(filter);
        ObjectNode answer = JsonResponseWriter.object();
        JsonResponseWriter.write(request, answer.put("tasks", tasks).put(DRY_RUN, isDryRun));
    }
}
