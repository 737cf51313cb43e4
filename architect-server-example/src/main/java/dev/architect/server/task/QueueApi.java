package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.json.JsonFields;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStatus;
import dev.architect.lane.StartRate;
import dev.architect.server.rest.Access;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
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
    private static final String QUEUE = "queue";
    private static final String TENANT = "tenant";
    private static final String WEIGHT = "weight";
    private static final String MAX_RUNNING = "maxRunning";
    private static final String RATE = "rate";
    private static final String MAX_WAITING = "maxWaiting";
    private static final String PAUSED = "paused";

    private final Architect architect;

    /** Creates the resource. */
    public QueueApi(Architect architect) {
        this.architect = architect;
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        endpoints.add(Endpoint.get(PATH, this::list));
        addAll(endpoints, PATH + "/{queue}", request -> scope(() -> LaneScope.of(request.pathParam(QUEUE))));
        addAll(
                endpoints,
                PATH + "/{queue}/tenants/{tenant}",
                request -> scope(() -> LaneScope.of(request.pathParam(QUEUE), request.pathParam(TENANT))));
        return List.copyOf(endpoints);
    }

    private void addAll(List<Endpoint> endpoints, String one, Function<Context, LaneScope> scope) {
        endpoints.add(Endpoint.get(
                one, request -> write(request, architect.queues().settings(scope.apply(request)))));
        endpoints.add(new Endpoint(HandlerType.PUT, one, Access.TOKEN, request -> save(request, scope)));
        endpoints.add(new Endpoint(HandlerType.DELETE, one, Access.TOKEN, request -> remove(request, scope)));
        endpoints.add(Endpoint.post(
                one + "/pause", request -> write(request, architect.queues().pause(scope.apply(request)))));
        endpoints.add(Endpoint.post(
                one + "/resume", request -> write(request, architect.queues().resume(scope.apply(request)))));
    }

    private static LaneScope scope(Supplier<LaneScope> named) {
        try {
            return named.get();
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw ApiException.invalidValue(message.split(" ", 2)[0], message);
        }
    }

    private void list(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode lanes = answer.putArray("lanes");
        architect.queues().lanes().forEach(lane -> lanes.add(json(lane)));
        ArrayNode settings = answer.putArray("settings");
        architect.queues().settings().forEach(each -> settings.add(json(each)));
        JsonResponseWriter.write(request, answer);
    }

    private void save(Context request, Function<Context, LaneScope> of) {
        LaneScope scope = of.apply(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(WEIGHT, MAX_RUNNING, RATE, MAX_WAITING, PAUSED));
        LaneSettings settings = LaneSettings.of(scope);
        settings = with(fields, WEIGHT, fields.integer(WEIGHT), settings, LaneSettings::withWeight);
        settings = with(
                fields, MAX_RUNNING, fields.integer(MAX_RUNNING), settings, (all, most) -> all.withMaxRunning(most));
        settings = with(fields, RATE, fields.text(RATE), settings, (all, text) -> all.withRate(StartRate.parse(text)));
        settings = with(
                fields, MAX_WAITING, fields.integer(MAX_WAITING), settings, (all, most) -> all.withMaxWaiting(most));
        settings = with(fields, PAUSED, fields.truth(PAUSED), settings, LaneSettings::withPaused);
        architect.queues().save(settings);
        write(request, settings);
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

    private static ObjectNode json(LaneStatus status) {
        ObjectNode json = JsonResponseWriter.object()
                .put(QUEUE, status.lane().queue())
                .put(TENANT, status.lane().tenant())
                .put("sessionKind", status.lane().sessionKind())
                .put(WEIGHT, status.weight())
                .put(PAUSED, status.isPaused())
                .put("running", status.running())
                .put("waiting", status.waiting());
        ObjectNode tasks = json.putObject("tasks");
        new TreeMap<>(status.tasks()).forEach((state, count) -> tasks.put(JsonFields.wordOf(state), count));
        return json;
    }

    private static ObjectNode json(LaneSettings settings) {
        return JsonResponseWriter.object()
                .put(QUEUE, settings.scope().queue())
                .put(TENANT, settings.scope().tenant().orElse(null))
                .put(WEIGHT, settings.weight())
                .put(MAX_RUNNING, settings.maxRunning().orElse(null))
                .put(RATE, settings.rate().map(StartRate::toString).orElse(null))
                .put(MAX_WAITING, settings.maxWaiting().orElse(null))
                .put(PAUSED, settings.isPaused());
    }
}
