package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.graph.ParentRefusedException;
import dev.architect.json.InvalidFieldException;
import dev.architect.route.UnservableRequestException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.IdempotencyKeyReusedException;
import dev.architect.submission.TaskSubmission;
import dev.architect.submission.UniqueKeyTakenException;
import dev.architect.task.Task;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskState;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The resource {@code /api/tasks}: submits, shows and cancels tasks. */
public final class TaskApi {

    private static final int MAX_BATCH = 1_000;
    static final String PATH = "/api/tasks";
    private static final String KEY_HEADER = Creations.HEADER;
    static final String AREA = "tasks";
    private static final int MAX_KEY = 255;
    private static final String ONE = PATH + "/{id}";

    private static final Pattern TYPE_MESSAGE =
            Pattern.compile("(?:(?<element>tasks\\[\\d+]): )?task type(?<rest> .*)", Pattern.DOTALL);

    private final Architect architect;

    /** Creates the resource. */
    public TaskApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("submitTasks", PATH, Permission.write(AREA), this::submit)
                        .summary("Accepts one task, or up to 1,000, all or none.")
                        .header(KEY_HEADER, Schema.text(1, MAX_KEY), "Accepts one task for this key within a day.")
                        .body(Schema.anyOf(
                                TaskSchemas.REQUEST,
                                Schema.object()
                                        .required(
                                                TaskRequestReader.TASKS, Schema.list(TaskSchemas.REQUEST, 1, MAX_BATCH))
                                        .closed()))
                        .answer(
                                201,
                                "The task is accepted and durable, or all of them are.",
                                Schema.anyOf(
                                        TaskSchemas.ACCEPTED,
                                        Schema.object()
                                                .required(TaskRequestReader.TASKS, Schema.list(TaskSchemas.ACCEPTED))
                                                .open()))
                        .refuses(409, "queue-draining", "unique-key-taken")
                        .refuses(422, "key-reused")
                        .refuses(429, "queue-full"),
                Operation.get("getTask", ONE, Permission.read(AREA), this::show)
                        .summary("Shows a task with its request, attempts, result, relatives and calls.")
                        .answer(200, "The task.", TaskSchemas.WHOLE)
                        .refuses(404, "not-found"),
                Operation.post("cancelTask", ONE + "/cancel", Permission.act(AREA), this::cancel)
                        .summary("Cancels a task; one that runs is interrupted.")
                        .answer(200, "It is cancelled.", TaskSchemas.SUMMARY)
                        .answer(202, "It is being interrupted.", TaskSchemas.SUMMARY)
                        .refuses(404, "not-found")
                        .refuses(409, "already-ended"));
    }

    private void submit(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        Optional<IdempotencyKey> key = key(request);
        if (fields.has(TaskRequestReader.TASKS)) {
            fields.rejectUnknown(Set.of(TaskRequestReader.TASKS));
            if (key.isPresent()) {
                throw ApiException.invalidHeader(
                        KEY_HEADER,
                        KEY_HEADER + " is given beside 'tasks', expected '" + TaskRequestReader.IDEMPOTENCY_KEY
                                + "' in each task");
            }
            List<TaskSubmission> wanted = fields.objects(TaskRequestReader.TASKS, 1, MAX_BATCH).stream()
                    .map(each -> TaskRequestReader.readElement(each, AccessFilter.principal(request)))
                    .toList();
            ArrayNode accepted = JsonResponseWriter.array();
            submit(wanted).forEach(handle -> accepted.add(accepted(handle.id())));
            ObjectNode answer = JsonResponseWriter.object();
            answer.set(TaskRequestReader.TASKS, accepted);
            request.status(201).header("Location", PATH);
            JsonResponseWriter.write(request, answer);
            return;
        }
        TaskSubmission submission = TaskRequestReader.read(fields, AccessFilter.principal(request));
        if (key.isPresent() && submission.key().isPresent() && !key.equals(submission.key())) {
            throw ApiException.invalidHeader(
                    KEY_HEADER,
                    KEY_HEADER + " differs from '" + TaskRequestReader.IDEMPOTENCY_KEY
                            + "' in the body, expected one of them");
        }
        TaskHandle handle = submit(List.of(new TaskSubmission(
                        submission.request(), submission.key().or(() -> key))))
                .get(0);
        if (!handle.isNew() && submission.request().options().uniqueKey().isEmpty()) {
            request.header(Creations.REPLAYED, "true");
        }
        request.status(201).header("Location", PATH + "/" + handle.id());
        JsonResponseWriter.write(request, accepted(handle.id()));
    }

    private static Optional<IdempotencyKey> key(Context request) {
        return Optional.ofNullable(request.header(KEY_HEADER)).map(text -> {
            try {
                return new IdempotencyKey(text);
            } catch (IllegalArgumentException wrong) {
                throw ApiException.invalidHeader(
                        KEY_HEADER, String.valueOf(wrong.getMessage()).replaceFirst("^idempotencyKey", KEY_HEADER));
            }
        });
    }

    private List<TaskHandle> submit(List<TaskSubmission> wanted) {
        try {
            return submitted(() -> wanted.stream()
                            .allMatch(submission -> submission.key().isEmpty())
                    ? architect
                            .tasks()
                            .submitAll(
                                    wanted.stream().map(TaskSubmission::request).toList())
                    : architect.tasks().submitOnce(wanted));
        } catch (IdempotencyKeyReusedException reused) {
            throw new ApiException(
                    422,
                    "key-reused",
                    String.valueOf(reused.getMessage()),
                    keyField(reused.key(), wanted),
                    wanted.size() == 1 ? ApiException.Place.HEADER : ApiException.Place.BODY,
                    null);
        }
    }

    /** Returns what was submitted, or throws the error to respond with. */
    static <T> T submitted(Supplier<T> submit) {
        try {
            return submit.get();
        } catch (UniqueKeyTakenException taken) {
            throw uniqueKeyTaken(taken);
        } catch (ParentRefusedException refused) {
            throw rejected("parents", String.valueOf(refused.getMessage()));
        } catch (UnservableRequestException unservable) {
            throw ApiException.invalidValue(unservable.field(), String.valueOf(unservable.getMessage()));
        } catch (InvalidFieldException wrong) {
            throw rejected(wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (IllegalArgumentException wrong) {
            throw rejected(TaskRequestReader.TASKS, String.valueOf(wrong.getMessage()));
        }
    }

    static ApiException uniqueKeyTaken(UniqueKeyTakenException taken) {
        return new ApiException(409, "unique-key-taken", String.valueOf(taken.getMessage()), null, null);
    }

    /** Where the key stood in the request: the header is for one task only. */
    private static String keyField(IdempotencyKey key, List<TaskSubmission> wanted) {
        List<Optional<IdempotencyKey>> keys =
                wanted.stream().map(TaskSubmission::key).toList();
        return wanted.size() == 1
                ? KEY_HEADER
                : "tasks[" + keys.lastIndexOf(Optional.of(key)) + "]." + TaskRequestReader.IDEMPOTENCY_KEY;
    }

    /** The engine names the element of a batch, and the type of a task that no worker performs. */
    private static ApiException rejected(String path, String message) {
        Matcher type = TYPE_MESSAGE.matcher(message);
        if (!type.matches()) {
            return ApiException.invalidValue(path, message);
        }
        String field = type.group("element") == null
                ? TaskRequestReader.TYPE
                : type.group("element") + "." + TaskRequestReader.TYPE;
        return ApiException.invalidValue(field, field + type.group("rest"));
    }

    static ObjectNode accepted(TaskId task) {
        return JsonResponseWriter.object().put("id", task.toString()).put("location", PATH + "/" + task);
    }

    private void show(Context request) {
        Task task = task(request);
        EntityTag.put(request, task.version());
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("task", TaskView.detail(task));
        answer.put("question", architect.tasks().question(task.id()).orElse(null));
        answer.set("attempts", TaskView.attempts(architect.tasks().attempts(task.id())));
        answer.set(
                "result",
                architect.tasks().result(task.id()).map(TaskView::result).orElse(null));
        answer.set("parents", TaskView.links(architect.tasks().parents(task.id())));
        answer.set("children", TaskView.links(architect.tasks().children(task.id())));
        answer.set("calls", TaskView.calls(architect.ledger().ofTask(task.id())));
        JsonResponseWriter.write(request, answer);
    }

    private void cancel(Context request) {
        TaskId id = task(request).id();
        Task after = architect.tasks().cancel(id).orElseThrow(() -> missing(id.toString()));
        if (after.state() == TaskState.DONE || after.state() == TaskState.DEAD) {
            throw alreadyEnded(after);
        }
        request.status(after.state() == TaskState.CANCELLED ? 200 : 202);
        JsonResponseWriter.write(request, TaskView.summary(after));
    }

    static ApiException alreadyEnded(Task task) {
        return new ApiException(
                409,
                "already-ended",
                "task " + task.id() + " is " + EnumWords.of(task.state()) + ", expected one that has not ended",
                null,
                null);
    }

    private Task task(Context request) {
        String text = request.pathParam("id");
        return parse(text).flatMap(architect.tasks()::find).orElseThrow(() -> missing(text));
    }

    static ApiException missing(String id) {
        return ApiException.notFound("task " + BodyFields.shorten(id) + " does not exist, expected the id of a task");
    }

    static Optional<TaskId> parse(String text) {
        try {
            return Optional.of(TaskId.parse(text));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }
}
