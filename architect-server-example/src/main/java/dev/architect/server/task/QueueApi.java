package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.JsonFields;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStatus;
import dev.architect.lane.StartRate;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The resource {@code /api/queues}: what waits in queues, and the settings of queues and of their tenants. */
public final class QueueApi {

    private static final String PATH = "/api/queues";
    private static final String LANE_PATH = "/api/lanes/{key}";
    private static final String QUEUE = "queue";
    private static final String TENANT = "tenant";
    private static final String WEIGHT = "weight";
    private static final String MAX_RUNNING = "maxRunning";
    private static final String RATE = "rate";
    private static final String MAX_WAITING = "maxWaiting";
    private static final String PAUSED = "paused";
    private static final String DRAINING = "draining";
    private static final String KEY = "key";
    private static final Set<String> KNOWN = Set.of(WEIGHT, MAX_RUNNING, RATE, MAX_WAITING, PAUSED, DRAINING);

    /** Stands between queue and tenant in the key of a lane; neither has it. */
    private static final char BETWEEN = ':';

    private static final String AREA = "queues";

    private static final Schema SETTINGS = Schema.object()
            .required(QUEUE, Schema.text())
            .required(TENANT, Schema.text().orNull())
            .required(WEIGHT, Schema.integer())
            .required(MAX_RUNNING, Schema.integer().orNull())
            .required(RATE, Schema.text().orNull())
            .required(MAX_WAITING, Schema.integer().orNull())
            .required(List.of(PAUSED, DRAINING), Schema.truth())
            .open()
            .named("QueueSettings");

    private static final Schema CHANGE = Schema.object()
            .optional(WEIGHT, Schema.integer(1, LaneSettings.MAX_WEIGHT).orNull())
            .optional(MAX_RUNNING, Schema.integer(1, Integer.MAX_VALUE).orNull())
            .optional(RATE, Schema.text().orNull())
            .optional(MAX_WAITING, Schema.integer(1, Integer.MAX_VALUE).orNull())
            .optional(PAUSED, Schema.truth().orNull())
            .optional(DRAINING, Schema.truth().orNull())
            .closed();

    private static final Schema LANE = Schema.object()
            .required(List.of(KEY, QUEUE, TENANT, "sessionKind"), Schema.text())
            .required(List.of(WEIGHT, "running", "waiting"), Schema.integer())
            .required(List.of(PAUSED, DRAINING), Schema.truth())
            .required("tasks", Schema.map(Schema.integer()))
            .open()
            .named("Lane");

    private final Architect architect;

    /** Creates the resource. */
    public QueueApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        operations.add(Operation.get("listQueues", PATH, Permission.read(AREA), this::list)
                .summary("Lists the lanes that have unfinished tasks, and what is set for queues and tenants.")
                .answer(
                        200,
                        "Lanes and settings.",
                        Schema.object()
                                .required("lanes", Schema.list(LANE))
                                .required("settings", Schema.list(SETTINGS))
                                .open()));
        operations.add(Operation.get("listLanes", "/api/lanes", Permission.read(AREA), this::listLanes)
                .summary("Lists the lanes that have unfinished tasks.")
                .answer(
                        200,
                        "The lanes.",
                        Schema.object().required("lanes", Schema.list(LANE)).open()));
        operations.add(ofOne(Operation.get(
                        "getLane", LANE_PATH, Permission.read(AREA), request -> show(request, QueueApi::lane)))
                .summary("Shows what is set for a lane: for its tenant within its queue."));
        operations.add(changing(Operation.patch(
                        "updateLane", LANE_PATH, Permission.write(AREA), request -> patch(request, QueueApi::lane)))
                .summary("Changes some of what is set for a lane: for its tenant within its queue."));
        addAll(
                operations,
                "Queue",
                "a queue",
                PATH + "/{queue}",
                request -> scope(() -> LaneScope.of(request.pathParam(QUEUE))));
        addAll(
                operations,
                "Tenant",
                "one tenant of a queue",
                PATH + "/{queue}/tenants/{tenant}",
                request -> scope(() -> LaneScope.of(request.pathParam(QUEUE), request.pathParam(TENANT))));
        return List.copyOf(operations);
    }

    private void addAll(
            List<Operation> operations, String name, String of, String one, Function<Context, LaneScope> scope) {
        operations.add(ofOne(Operation.get(
                        "get" + name + "Settings", one, Permission.read(AREA), request -> show(request, scope)))
                .summary("Shows what is set for " + of + "."));
        operations.add(ofOne(Operation.put(
                        "save" + name + "Settings", one, Permission.write(AREA), request -> save(request, scope)))
                .summary("Replaces what is set for " + of + ".")
                .body(Schema.object()
                        .optional(WEIGHT, Schema.integer(1, LaneSettings.MAX_WEIGHT))
                        .optional(MAX_RUNNING, Schema.integer())
                        .optional(RATE, Schema.text())
                        .optional(MAX_WAITING, Schema.integer())
                        .optional(PAUSED, Schema.truth())
                        .optional(DRAINING, Schema.truth())
                        .closed()));
        operations.add(changing(Operation.patch(
                        "update" + name + "Settings", one, Permission.write(AREA), request -> patch(request, scope)))
                .summary("Changes some of what is set for " + of + "."));
        operations.add(ofOne(Operation.delete(
                        "delete" + name + "Settings", one, Permission.write(AREA), request -> remove(request, scope)))
                .summary("Removes what is set for " + of + "; its tasks stay.")
                .refuses(404, "not-found"));
        operations.add(ofOne(Operation.post(
                        "pause" + name,
                        one + "/pause",
                        Permission.act(AREA),
                        request -> write(request, architect.queues().pause(scope.apply(request)))))
                .summary("Starts no task of " + of + "; those that run go on."));
        operations.add(ofOne(Operation.post(
                        "drain" + name,
                        one + "/drain",
                        Permission.act(AREA),
                        request -> write(request, architect.queues().drain(scope.apply(request)))))
                .summary("Refuses further tasks of " + of + "; those that wait and run are worked off."));
        operations.add(ofOne(Operation.post(
                        "resume" + name,
                        one + "/resume",
                        Permission.act(AREA),
                        request -> write(request, architect.queues().resume(scope.apply(request)))))
                .summary("Starts tasks of " + of + " again, and takes further ones."));
    }

    private static Operation changing(Operation operation) {
        return ofOne(operation).ifMatch().body(CHANGE);
    }

    private static Operation ofOne(Operation operation) {
        return operation.answer(200, "The settings.", SETTINGS).refuses(400, "invalid-value");
    }

    private static LaneScope scope(Supplier<LaneScope> named) {
        try {
            return named.get();
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw ApiException.invalidParameter(message.split(" ", 2)[0], message);
        }
    }

    /** The tenant of a queue that the key of a lane names. */
    private static LaneScope lane(Context request) {
        String key = request.pathParam(KEY);
        int between = key.indexOf(BETWEEN);
        if (between < 0) {
            throw ApiException.invalidParameter(
                    KEY,
                    KEY + " is '" + BodyFields.shorten(key) + "', expected a queue and a tenant, such as reports:acme");
        }
        return scope(() -> LaneScope.of(key.substring(0, between), key.substring(between + 1)));
    }

    private void show(Context request, Function<Context, LaneScope> of) {
        write(request, architect.queues().settings(of.apply(request)));
    }

    private void patch(Context request, Function<Context, LaneScope> of) {
        LaneScope scope = of.apply(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(KNOWN);
        long seen = EntityTag.required(request);
        LaneSettings before = architect.queues().settings(scope);
        LaneSettings wanted = merged(fields, before);
        if (before.version() != seen) {
            throw stale(seen, before);
        }
        if (!architect.queues().change(wanted, before)) {
            throw stale(seen, architect.queues().settings(scope));
        }
        write(request, wanted);
    }

    private static ApiException stale(long seen, LaneSettings now) {
        return EntityTag.stale(seen, now.version(), json(now), List.of());
    }

    private void listLanes(Context request) {
        JsonResponseWriter.write(request, lanes());
    }

    private ObjectNode lanes() {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode lanes = answer.putArray("lanes");
        architect.queues().lanes().forEach(lane -> lanes.add(json(lane)));
        return answer;
    }

    private void list(Context request) {
        ObjectNode answer = lanes();
        ArrayNode settings = answer.putArray("settings");
        architect.queues().settings().forEach(each -> settings.add(json(each)));
        JsonResponseWriter.write(request, answer);
    }

    private void save(Context request, Function<Context, LaneScope> of) {
        LaneScope scope = of.apply(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(KNOWN);
        LaneSettings settings = merged(fields, LaneSettings.of(scope));
        architect.queues().save(settings);
        write(request, settings);
    }

    /** What is absent stays, and what is null is as if it were never set. */
    private static LaneSettings merged(BodyFields fields, LaneSettings before) {
        LaneSettings settings = cleared(fields, before);
        settings = with(fields, WEIGHT, fields.integer(WEIGHT), settings, LaneSettings::withWeight);
        settings = with(
                fields, MAX_RUNNING, fields.integer(MAX_RUNNING), settings, (all, most) -> all.withMaxRunning(most));
        settings = with(fields, RATE, fields.text(RATE), settings, (all, text) -> all.withRate(StartRate.parse(text)));
        settings = with(
                fields, MAX_WAITING, fields.integer(MAX_WAITING), settings, (all, most) -> all.withMaxWaiting(most));
        settings = with(fields, PAUSED, fields.truth(PAUSED), settings, LaneSettings::withPaused);
        return with(fields, DRAINING, fields.truth(DRAINING), settings, LaneSettings::withDraining);
    }

    private static LaneSettings cleared(BodyFields fields, LaneSettings before) {
        LaneSettings none = LaneSettings.of(before.scope());
        return new LaneSettings(
                before.scope(),
                fields.isRemoved(WEIGHT) ? none.weight() : before.weight(),
                fields.isRemoved(MAX_RUNNING) ? none.maxRunning() : before.maxRunning(),
                fields.isRemoved(RATE) ? none.rate() : before.rate(),
                fields.isRemoved(MAX_WAITING) ? none.maxWaiting() : before.maxWaiting(),
                fields.isRemoved(PAUSED) ? none.isPaused() : before.isPaused(),
                fields.isRemoved(DRAINING) ? none.isDraining() : before.isDraining());
    }

    private static <T> LaneSettings with(
            BodyFields fields,
            String name,
            Optional<T> value,
            LaneSettings settings,
            BiFunction<LaneSettings, T, LaneSettings> change) {
        return value.map(given -> fields.checked(name, () -> change.apply(settings, given)))
                .orElse(settings);
    }

    private static void write(Context request, LaneSettings settings) {
        EntityTag.put(request, settings.version());
        JsonResponseWriter.write(request, json(settings));
    }

    private void remove(Context request, Function<Context, LaneScope> of) {
        LaneScope scope = of.apply(request);
        LaneSettings settings = architect.queues().settings(scope);
        if (!architect.queues().remove(scope)) {
            throw ApiException.notFound("queue " + scope + " has no settings, expected one that has");
        }
        JsonResponseWriter.write(request, json(settings));
    }

    /** Returns a lane as the lists show it. */
    public static ObjectNode json(LaneStatus status) {
        ObjectNode json = JsonResponseWriter.object()
                .put(KEY, status.lane().queue() + BETWEEN + status.lane().tenant())
                .put(QUEUE, status.lane().queue())
                .put(TENANT, status.lane().tenant())
                .put("sessionKind", status.lane().sessionKind())
                .put(WEIGHT, status.weight())
                .put(PAUSED, status.isPaused())
                .put(DRAINING, status.isDraining())
                .put("running", status.running())
                .put("waiting", status.waiting());
        ObjectNode tasks = json.putObject("tasks");
        new TreeMap<>(status.tasks()).forEach((state, count) -> tasks.put(JsonFields.wordOf(state), count));
        return json;
    }

    /** Returns settings as the lists show them. */
    public static ObjectNode json(LaneSettings settings) {
        return JsonResponseWriter.object()
                .put(QUEUE, settings.scope().queue())
                .put(TENANT, settings.scope().tenant().orElse(null))
                .put(WEIGHT, settings.weight())
                .put(MAX_RUNNING, settings.maxRunning().orElse(null))
                .put(RATE, settings.rate().map(StartRate::toString).orElse(null))
                .put(MAX_WAITING, settings.maxWaiting().orElse(null))
                .put(PAUSED, settings.isPaused())
                .put(DRAINING, settings.isDraining());
    }
}
