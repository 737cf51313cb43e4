package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleCodec;
import dev.architect.recurring.ScheduleNotFoundException;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.route.UnservableRequestException;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    private static final Set<String> KNOWN = Set.of(NAME, TASK, "cron", "zone", "every", "catchUp", "catchUpLimit");
    private static final int DEFAULT_LIMIT = 50;
    private static final int DEFAULT_COUNT = 10;

    private final Architect architect;

    /** Creates the resource. */
    public ScheduleApi(Architect architect) {
        this.architect = architect;
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(PATH, this::save),
                Endpoint.get(PATH, this::list),
                Endpoint.get(ONE, request -> write(request, architect.schedules()::get)),
                Endpoint.get(ONE + "/next", this::next),
                Endpoint.get(ONE + "/runs", this::runs),
                Endpoint.post(ONE + "/pause", request -> write(request, architect.schedules()::pause)),
                Endpoint.post(ONE + "/resume", request -> write(request, architect.schedules()::resume)),
                Endpoint.post(ONE + "/run", this::runNow),
                Endpoint.post(ONE + "/delete", this::delete));
    }

    private void save(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(KNOWN);
        String name = fields.requiredText(NAME);
        TaskRequest task = TaskRequestReader.readTemplate(fields.object(TASK));
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
        Schedule saved = save(wanted);
        request.status(isNew ? 201 : 200).header("Location", PATH + "/" + saved.name());
        JsonResponseWriter.write(request, json(saved));
    }

    private Schedule save(ScheduleRequest wanted) {
        try {
            return architect.schedules().save(wanted);
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
        TaskHandle handle = found(request, architect.schedules()::runNow);
        request.status(201).header("Location", TaskApi.PATH + "/" + handle.id());
        JsonResponseWriter.write(
                request,
                JsonResponseWriter.object()
                        .put("id", handle.id().toString())
                        .put("location", TaskApi.PATH + "/" + handle.id()));
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
        JsonResponseWriter.write(request, json(found(request, operation)));
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

    private static ObjectNode json(Schedule schedule) {
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
