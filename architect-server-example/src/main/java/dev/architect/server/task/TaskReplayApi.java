package dev.architect.server.task;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.creation.CreatedAnswer;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.prompt.PromptTasks;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The same work once more as a new task, on another model where one is named. */
public final class TaskReplayApi {

    private static final String MODEL = "model";
    private static final String QUALITY = "quality";
    private static final String AUTO = "auto";

    private final Architect architect;

    /** Creates the resource. */
    public TaskReplayApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("replayTask", TaskApi.PATH + "/{id}/replay", Permission.act(TaskApi.AREA), this::replay)
                        .summary("Accepts the same work as a new task, on another model or of another quality.")
                        .optionalBody(Schema.object()
                                .optional(MODEL, Schema.text())
                                .optional(QUALITY, Schema.words(Quality.class))
                                .closed())
                        .creating()
                        .answer(201, "The new task is accepted.", TaskSchemas.ACCEPTED)
                        .refuses(404, "not-found")
                        .refuses(409, "queue-draining")
                        .refuses(429, "queue-full"));
    }

    private void replay(Context request) {
        String id = request.pathParam("id");
        TaskRequest before = TaskApi.parse(id)
                .flatMap(architect.tasks()::find)
                .orElseThrow(() -> TaskApi.missing(id))
                .request();
        BodyFields fields =
                new BodyFields(JsonBodyReader.readOptional(request).orElseGet(JsonResponseWriter::object), "");
        fields.rejectUnknown(Set.of(MODEL, QUALITY));
        TaskRequest wanted = new TaskRequest(
                before.type(),
                payload(before, fields),
                before.attributes(),
                before.priority(),
                attribution(AccessFilter.principal(request), before),
                before.timeout(),
                before.maxAttempts(),
                Duration.ZERO,
                withoutUniqueKey(before.options()));
        Creations.respond(
                request,
                made -> made instanceof List<?> ids && ids.size() == 1 && ids.get(0) instanceof TaskId task
                        ? Optional.of(accepted(task))
                        : Optional.empty(),
                () -> accepted(
                        TaskApi.submitted(() -> architect.tasks().submit(wanted).id())),
                first -> {});
    }

    /** What an agent replays is its own; a person replays the work of whoever it was. */
    private static Attribution attribution(Principal caller, TaskRequest before) {
        return caller.agent().isPresent() ? caller.attributed(before.attribution()) : before.attribution();
    }

    private static CreatedAnswer accepted(TaskId task) {
        return Creations.at(TaskApi.PATH + "/" + task, TaskApi.accepted(task));
    }

    private static String payload(TaskRequest before, BodyFields fields) {
        Optional<String> model = fields.text(MODEL);
        Optional<Quality> quality = fields.text(QUALITY)
                .map(word -> EnumWords.parse(Quality.class, word)
                        .orElseThrow(() -> fields.invalid(
                                QUALITY,
                                QUALITY + " is '" + BodyFields.shorten(word) + "', expected one of "
                                        + EnumWords.list(Quality.class))));
        if (model.isEmpty() && quality.isEmpty()) {
            return before.payload();
        }
        if (!before.type().equals(TaskRequest.PROMPT)) {
            String given = model.isPresent() ? MODEL : QUALITY;
            throw fields.invalid(
                    given, given + " is given for a task of type " + before.type() + ", expected one of a prompt only");
        }
        ChatRequest.Builder changed = PromptTasks.requestOf(before).toBuilder();
        model.ifPresent(name -> fields.checked(
                MODEL, () -> changed.model(name.equals(AUTO) ? null : ModelId.parse(BodyFields.shorten(name)))));
        quality.ifPresent(changed::quality);
        return PromptTasks.of(fields.checked(MODEL, changed::build)).payload();
    }

    /** The task that had the key may still be there. */
    private static TaskOptions withoutUniqueKey(TaskOptions options) {
        return new TaskOptions(
                options.queue(),
                options.tenant(),
                options.sessionKind(),
                options.limitKey(),
                Optional.empty(),
                options.expiresAfter(),
                options.timeLimits(),
                options.parents(),
                options.affinity(),
                options.isPinned(),
                options.item());
    }
}
