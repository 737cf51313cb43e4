package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.creation.CreatedAnswer;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.recurring.CatchUp;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleCodec;
import dev.architect.recurring.ScheduleNotFoundException;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.route.UnservableRequestException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The resource {@code /api/schedules}: tasks that come again and again. */
public final class ScheduleApi {

    private static final String PATH = "/api/schedules";
    private static final String ONE = PATH + "/{name}";
    private static final String NAME = "name";
    private static final String TASK = "task";
    private static final String COUNT = "count";
    private static final String LIMIT = "limit";
    private static final String AFTER = "after";
    private static final Set<String> TIMES = Set.of("cron", "zone", "every", "catchUp", "catchUpLimit");
    private static final Set<String> CHANGEABLE = Set.of(TASK, "cron", "zone", "every", "catchUp", "catchUpLimit");
    private static final Set<String> KNOWN = Set.of(NAME, TASK, "cron", "zone", "every", "catchUp", "catchUpLimit");
    private static final int DEFAULT_LIMIT = 50;
    private static final int DEFAULT_COUNT = 10;

    private static final int MAX_NAME = 64;
    private static final String AREA = "schedules";

    private static final Schema SCHEDULE = Schema.object()
            .required(List.of(NAME, "type", "project"), Schema.text())
            .required(List.of("cron", "zone", "every", "catchUp"), Schema.text().orNull())
            .optional("catchUpLimit", Schema.integer())
            .required("paused", Schema.truth())
            .required("next", Schema.instant().orNull())
            .required("createdAt", Schema.instant())
            .open()
            .named("Schedule");

    private final Architect architect;

    /** Creates the resource. */
    public ScheduleApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("saveSchedule", PATH, Permission.write(AREA), this::save)
                        .summary("Makes a schedule, or changes the one of that name.")
                        .body(Schema.object()
                                .required(NAME, Schema.text(1, MAX_NAME))
                                .required(TASK, TaskSchemas.TEMPLATE)
                                .optional("cron", Schema.text())
                                .optional("zone", Schema.text())
                                .optional("every", TaskSchemas.DURATION)
                                .optional("catchUp", Schema.words("none", "last", "all"))
                                .optional("catchUpLimit", Schema.integer(1, CatchUp.MAX_LIMIT))
                                .closed())
                        .answer(200, "The schedule, changed.", SCHEDULE)
                        .creating()
                        .answer(201, "The schedule, new.", SCHEDULE),
                Operation.get("listSchedules", PATH, Permission.read(AREA), this::list)
                        .summary("Lists schedules by name.")
                        .query(AFTER, Schema.text(), "Only names after this one: next of the page before.")
                        .query(LIMIT, Schema.integer(1, ScheduleStore.MAX_PAGE), "How many at most.")
                        .answer(
                                200,
                                "A page of schedules.",
                                Schema.object()
                                        .required("schedules", Schema.list(SCHEDULE))
                                        .required("next", Schema.text().orNull())
                                        .open()),
                ofOne(Operation.get(
                                "getSchedule",
                                ONE,
                                Permission.read(AREA),
                                request -> write(request, architect.schedules()::get)))
                        .summary("Shows a schedule."),
                Operation.get("listScheduleInstants", ONE + "/next", Permission.read(AREA), this::next)
                        .summary("Lists when a schedule fires next.")
                        .query(COUNT, Schema.integer(1, Schedule.MAX_PREVIEW), "How many at most.")
                        .answer(
                                200,
                                "The instants.",
                                Schema.object()
                                        .required("next", Schema.list(Schema.instant()))
                                        .open())
                        .refuses(404, "not-found"),
                Operation.get("listScheduleRuns", ONE + "/runs", Permission.read(AREA), this::runs)
                        .summary("Lists when a schedule has fired, the newest first.")
                        .query(LIMIT, Schema.integer(1, ScheduleStore.KEPT_RUNS), "How many at most.")
                        .answer(
                                200,
                                "Its last runs.",
                                Schema.object()
                                        .required(
                                                "runs",
                                                Schema.list(Schema.object()
                                                        .required(List.of("instant", "firedAt"), Schema.instant())
                                                        .required(
                                                                TASK,
                                                                Schema.text().orNull())
                                                        .required("note", Schema.text())
                                                        .open()))
                                        .open())
                        .refuses(404, "not-found"),
                ofOne(Operation.post(
                                "pauseSchedule",
                                ONE + "/pause",
                                Permission.act(AREA),
                                request -> write(request, architect.schedules()::pause)))
                        .summary("Lets a schedule fire no more."),
                ofOne(Operation.post(
                                "resumeSchedule",
                                ONE + "/resume",
                                Permission.act(AREA),
                                request -> write(request, architect.schedules()::resume)))
                        .summary("Lets a schedule fire again, from its next instant on."),
                Operation.post("runSchedule", ONE + "/run", Permission.act(AREA), this::runNow)
                        .summary("Submits the task of a schedule now.")
                        .creating()
                        .answer(201, "The task is accepted.", TaskSchemas.ACCEPTED)
                        .refuses(404, "not-found")
                        .refuses(409, "queue-draining")
                        .refuses(429, "queue-full"),
                ofOne(Operation.patch("updateSchedule", ONE, Permission.write(AREA), this::update))
                        .summary("Changes what a schedule does or when, and leaves the rest as it is.")
                        .body(Schema.object()
                                .optional(TASK, TaskSchemas.TEMPLATE)
                                .optional("cron", Schema.text().orNull())
                                .optional("zone", Schema.text().orNull())
                                .optional("every", Schema.text().orNull())
                                .optional("catchUp", Schema.text().orNull())
                                .optional(
                                        "catchUpLimit",
                                        Schema.integer(1, CatchUp.MAX_LIMIT).orNull())
                                .closed())
                        .ifMatch(),
                ofOne(Operation.delete("removeSchedule", ONE, Permission.write(AREA), this::remove))
                        .summary("Deletes a schedule of which nobody has changed anything since.")
                        .ifMatch(),
                ofOne(Operation.post("deleteSchedule", ONE + "/delete", Permission.write(AREA), this::delete))
                        .summary("Deletes a schedule; the tasks that it has submitted stay."));
    }

    private static Operation ofOne(Operation operation) {
        return operation.answer(200, "The schedule.", SCHEDULE).refuses(404, "not-found");
    }

    private void save(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(KNOWN);
        String name = fields.requiredText(NAME);
        TaskRequest task = TaskRequestReader.readTemplate(fields.object(TASK), AccessFilter.principal(request));
        ScheduleRequest wanted;
        try {
            JsonFields times = JsonFields.parse(fields.json(TIMES));
            wanted = new ScheduleRequest(name, ScheduleCodec.recurrence(times), task, ScheduleCodec.catchUp(times));
        } catch (InvalidFieldException wrong) {
            throw ApiException.invalidValue(wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue(NAME, String.valueOf(wrong.getMessage()));
        }
        boolean isNew = architect.schedules().find(name).isEmpty();
        Creations.respond(
                request,
                Schedule.class,
                () -> save(wanted),
                saved -> Creations.answer(
                        isNew ? 201 : 200, Map.of("Location", PATH + "/" + saved.name()), json(saved)));
    }

    /** Changes some fields of a schedule; whoever asks it to fire in another way need not remove the fields of the way before. */
    private void update(Context request) {
        ObjectNode patch = JsonBodyReader.read(request);
        BodyFields fields = new BodyFields(patch, "");
        fields.rejectUnknown(CHANGEABLE);
        long seen = EntityTag.required(request);
        Schedule before = found(request, architect.schedules()::get);
        TaskRequest task = patch.has(TASK)
                ? TaskRequestReader.readTemplate(fields.object(TASK), AccessFilter.principal(request))
                : before.request().task();
        ScheduleRequest wanted;
        try {
            JsonFields times = JsonFields.parse(merged(before, patch).toString());
            wanted = new ScheduleRequest(
                    before.name(), ScheduleCodec.recurrence(times), task, ScheduleCodec.catchUp(times));
        } catch (InvalidFieldException wrong) {
            throw ApiException.invalidValue(wrong.field(), String.valueOf(wrong.getMessage()));
        }
        Optional<Schedule> changed =
                checked(() -> found(request, name -> architect.schedules().change(wanted, seen)));
        write(request, changed.orElseThrow(() -> stale(request, seen)));
    }

    private static ObjectNode merged(Schedule schedule, ObjectNode patch) {
        ObjectNode times =
                (ObjectNode) JsonResponseWriter.parsed(JsonText.write(ScheduleCodec.when(schedule.request())))
                        .orElseThrow();
        if (patch.hasNonNull("cron") || patch.hasNonNull("every")) {
            times.remove(patch.hasNonNull("cron") ? List.of("every") : List.of("cron", "zone"));
        }
        if (patch.has("catchUp")) {
            times.remove("catchUpLimit");
        }
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                times.remove(field.getKey());
            } else if (TIMES.contains(field.getKey())) {
                times.set(field.getKey(), field.getValue());
            }
        });
        return times;
    }

    private void remove(Context request) {
        long seen = EntityTag.required(request);
        Optional<Schedule> removed =
                found(request, name -> architect.schedules().delete(name, seen));
        JsonResponseWriter.write(request, json(removed.orElseThrow(() -> stale(request, seen))));
    }

    private ApiException stale(Context request, long seen) {
        Schedule now = found(request, architect.schedules()::get);
        return EntityTag.stale(seen, now.version(), json(now), List.of());
    }

    private Schedule save(ScheduleRequest wanted) {
        return checked(() -> architect.schedules().save(wanted));
    }

    /** Returns what {@code change} returns, and names the field of a request that cannot be. */
    private static <T> T checked(Supplier<T> change) {
        try {
            return change.get();
        } catch (UnservableRequestException unservable) {
            throw ApiException.invalidValue(unservable.field(), String.valueOf(unservable.getMessage()));
        } catch (InvalidFieldException wrong) {
            throw ApiException.invalidValue(wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue(TASK, String.valueOf(wrong.getMessage()));
        }
    }

    private void list(Context request) {
        QueryParameters parameters = new QueryParameters(request, Set.of(AFTER, LIMIT));
        int limit = parameters.integer(LIMIT, 1, ScheduleStore.MAX_PAGE, DEFAULT_LIMIT);
        List<Schedule> schedules = architect.schedules().list(parameters.text(AFTER), limit);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("schedules");
        schedules.forEach(schedule -> list.add(json(schedule)));
        answer.put(
                "next",
                schedules.size() < limit ? null : schedules.get(limit - 1).name());
        JsonResponseWriter.write(request, answer);
    }

    private void next(Context request) {
        int count = new QueryParameters(request, Set.of(COUNT)).integer(COUNT, 1, Schedule.MAX_PREVIEW, DEFAULT_COUNT);
        List<Instant> instants = found(request, name -> architect.schedules().next(name, count));
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("next");
        instants.forEach(instant -> list.add(instant.toString()));
        JsonResponseWriter.write(request, answer);
    }

    private void runs(Context request) {
        int limit =
                new QueryParameters(request, Set.of(LIMIT)).integer(LIMIT, 1, ScheduleStore.KEPT_RUNS, DEFAULT_LIMIT);
        List<ScheduleRun> runs = found(request, name -> architect.schedules().runs(name, limit));
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("runs");
        runs.forEach(run -> list.addObject()
                .put("instant", run.instant().toString())
                .put("firedAt", run.firedAt().toString())
                .put(TASK, run.task().map(Object::toString).orElse(null))
                .put("note", run.note()));
        JsonResponseWriter.write(request, answer);
    }

    private void runNow(Context request) {
        Creations.respond(
                request,
                // A firing by hand is one run, which has the task.
                made -> made instanceof List<?> runs && runs.size() == 1 && runs.get(0) instanceof ScheduleRun run
                        ? run.task().map(ScheduleApi::accepted)
                        : Optional.empty(),
                () -> accepted(found(request, architect.schedules()::runNow).id()),
                first -> {});
    }

    private static CreatedAnswer accepted(TaskId task) {
        return Creations.at(TaskApi.PATH + "/" + task, TaskApi.accepted(task));
    }

    private void delete(Context request) {
        Schedule deleted = found(request, name -> {
            Schedule schedule = architect.schedules().get(name);
            architect.schedules().delete(name);
            return schedule;
        });
        JsonResponseWriter.write(request, json(deleted));
    }

    private void write(Context request, Function<String, Schedule> operation) {
        write(request, found(request, operation));
    }

    private static void write(Context request, Schedule schedule) {
        EntityTag.put(request, schedule.version());
        JsonResponseWriter.write(request, json(schedule));
    }

    private static <T> T found(Context request, Function<String, T> operation) {
        String name = request.pathParam(NAME);
        try {
            return operation.apply(name);
        } catch (ScheduleNotFoundException missing) {
            throw ApiException.notFound(
                    "schedule '" + BodyFields.shorten(name) + "' does not exist, expected the name of one");
        }
    }

    /** Returns a schedule as the lists show it. */
    public static ObjectNode json(Schedule schedule) {
        ObjectNode json = JsonResponseWriter.object()
                .put(NAME, schedule.name())
                .put("type", schedule.request().task().type())
                .put(
                        "project",
                        schedule.request().task().attribution().project().name());
        JsonFields when = JsonFields.parse(JsonText.write(ScheduleCodec.when(schedule.request())));
        for (String field : List.of("cron", "zone", "every", "catchUp")) {
            json.put(field, when.text(field).orElse(null));
        }
        when.integer("catchUpLimit", 1, Integer.MAX_VALUE).ifPresent(limit -> json.put("catchUpLimit", limit));
        return json.put("paused", schedule.isPaused())
                .put("next", text(schedule.next()))
                .put("createdAt", schedule.createdAt().toString());
    }

    private static @Nullable String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }
}
