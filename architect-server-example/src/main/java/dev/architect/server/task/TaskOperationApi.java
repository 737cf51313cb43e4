package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Tasks;
import dev.architect.maintenance.TaskFilter;
import dev.architect.project.ProjectId;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskState;
import dev.architect.task.TaskStateException;
import io.javalin.http.Context;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an operator does with tasks: cancels them by force, holds, resumes and redrives them. */
public final class TaskOperationApi {

    private static final String ONE = TaskApi.PATH + "/{id}";
    private static final String INPUT = "input";
    private static final String STATES = "states";
    private static final String TYPE = "type";
    private static final String PROJECT = "project";
    private static final String DRY_RUN = "dryRun";

    private final Architect architect;
    private final TaskEditApi edits;

    /** Creates the resource. */
    public TaskOperationApi(Architect architect) {
        this.architect = architect;
        this.edits = new TaskEditApi(architect);
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(ONE + "/force-cancel", this::forceCancel),
                Endpoint.post(ONE + "/hold", request -> write(request, architect.tasks()::hold)),
                Endpoint.post(ONE + "/resume", this::resume),
                Endpoint.post(ONE + "/redrive", request -> write(request, architect.tasks()::redrive)),
                Endpoint.post(ONE + "/run-now", request -> write(request, architect.tasks()::runNow)),
                Endpoint.post(ONE + "/edit", edits::edit),
                Endpoint.post(TaskApi.PATH + "/actions", edits::actions),
                Endpoint.post(TaskApi.PATH + "/redrive", this::redriveAll));
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
        fields.rejectUnknown(Set.of(STATES, TYPE, PROJECT, DRY_RUN));
        TaskFilter filter = new TaskFilter(
                states(fields),
                fields.text(TYPE),
                fields.text(PROJECT)
                        .map(name -> fields.checked(PROJECT, () -> new ProjectId(BodyFields.shorten(name)))));
        boolean isDryRun = fields.truth(DRY_RUN).orElse(false);
        long tasks = isDryRun
                ? architect.tasks().countRedrivable(filter)
                : architect.tasks().redriveAll(filter);
        ObjectNode answer = JsonResponseWriter.object();
        JsonResponseWriter.write(request, answer.put("tasks", tasks).put(DRY_RUN, isDryRun));
    }

    /** A bulk redrive names its states, because a cancelled task was ended on purpose. */
    private static Set<TaskState> states(BodyFields fields) {
        List<String> words = fields.texts(STATES);
        if (words.isEmpty()) {
            throw fields.invalid(STATES, STATES + " are missing, expected a list of 'dead', 'cancelled', 'expired'");
        }
        Set<TaskState> states = EnumSet.noneOf(TaskState.class);
        for (String word : words) {
            @Nullable TaskState state = EnumWords.parse(TaskState.class, word).orElse(null);
            if (state != TaskState.DEAD && state != TaskState.CANCELLED && state != TaskState.EXPIRED) {
                throw fields.invalid(
                        STATES,
                        STATES + " have '" + BodyFields.shorten(word)
                                + "', expected 'dead', 'cancelled' and 'expired' only"
                                + (state == TaskState.DONE ? ": what is done is run again as a new task" : ""));
            }
            states.add(state);
        }
        return states;
    }
}
