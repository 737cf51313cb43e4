package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.event.ActivityEntry;
import dev.architect.maintenance.EngineHealth;
import dev.architect.model.ModelId;
import dev.architect.route.BreakerTransition;
import dev.architect.route.BreakerTrip;
import dev.architect.route.ModelHealth;
import dev.architect.route.ProviderStatus;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts, sessions, providers and activity as JSON. */
public final class StatusView {

    /** A report shows so many changes of circuit breakers at most. */
    private static final int MAX_CHANGES = 100;

    private StatusView() {}

    /** Returns how many tasks are in each state, all states named. */
    public static ObjectNode counts(Map<TaskState, Long> counts) {
        ObjectNode json = JsonResponseWriter.object();
        for (TaskState state : TaskState.values()) {
            json.put(EnumWords.of(state), counts.getOrDefault(state, 0L));
        }
        return json;
    }

    /** Returns how the engine fares. */
    static ObjectNode engine(EngineHealth health) {
        ObjectNode json = JsonResponseWriter.object();
        JsonResponseWriter.putMillis(json, "longestSilenceMs", health.longestSilence());
        return json.put("writtenOffWorkers", health.writtenOff())
                .put("unrecordedEnds", health.unrecordedEnds())
                .put("keptCalls", health.keptCalls());
    }

    /** Returns the sessions of the pool. */
    public static ArrayNode sessions(List<SessionInfo> sessions) {
        ArrayNode json = JsonResponseWriter.array();
        for (SessionInfo session : sessions) {
            json.addObject()
                    .put("name", session.name())
                    .put("kind", session.kind())
                    .put("slots", session.slots())
                    .put("busy", session.busy());
        }
        return json;
    }

    /** Returns the state of the providers. */
    public static ArrayNode providers(List<ProviderStatus> providers) {
        ArrayNode json = JsonResponseWriter.array();
        for (ProviderStatus provider : providers) {
            ObjectNode row = json.addObject()
                    .put("name", provider.name())
                    .put("breaker", EnumWords.of(provider.breaker()))
                    .put("inFlight", provider.inFlight());
            ArrayNode models = row.putArray("models");
            provider.models().forEach(models::add);
            ArrayNode goneModels = row.putArray("goneModels");
            provider.goneModels()
                    .forEach(gone -> goneModels
                            .addObject()
                            .put("model", gone.model())
                            .put("since", gone.since().toString())
                            .put("nextCheck", gone.nextCheck().toString()));
            ArrayNode breakers = row.putArray("breakers");
            provider.health().forEach(model -> breaker(breakers.addObject(), model));
        }
        return json;
    }

    private static void breaker(ObjectNode row, ModelHealth health) {
        row.put("model", health.model())
                .put("state", EnumWords.of(health.state()))
                .put("reason", health.cause().map(EnumWords::of).orElse(null))
                .put("since", health.since().toString())
                .put("nextTrial", time(health.nextTrial()))
                .put("suspect", health.suspect())
                .put("trip", health.trip().map(BreakerTrip::reason).orElse(null))
                .put("tripUntil", time(health.trip().map(BreakerTrip::until)));
    }

    /** A time as text, null for one that never comes. */
    private static @Nullable String time(Optional<Instant> at) {
        return at.filter(stated -> !stated.equals(Instant.MAX))
                .map(Instant::toString)
                .orElse(null);
    }

    /** Returns the last changes of the circuit breakers of all models, the newest first. */
    static ArrayNode breakerHistory(List<ProviderStatus> providers) {
        record Change(ModelId model, BreakerTransition transition) {}
        ArrayNode json = JsonResponseWriter.array();
        providers.stream()
                .flatMap(provider -> provider.health().stream()
                        .flatMap(health -> health.history().stream()
                                .map(change -> new Change(new ModelId(provider.name(), health.model()), change))))
                .sorted(Comparator.comparing(
                                (Change change) -> change.transition().at())
                        .reversed())
                .limit(MAX_CHANGES)
                .forEach(change -> json.addObject()
                        .put("at", change.transition().at().toString())
                        .put("model", change.model().toString())
                        .put("from", EnumWords.of(change.transition().from()))
                        .put("to", EnumWords.of(change.transition().to()))
                        .put("reason", EnumWords.of(change.transition().cause()))
                        .put("note", change.transition().note()));
        return json;
    }

    /** Returns lines of the activity log in their order. */
    public static ArrayNode activities(List<ActivityEntry> entries) {
        ArrayNode json = JsonResponseWriter.array();
        for (ActivityEntry entry : entries) {
            json.addObject()
                    .put("sequence", entry.sequence())
                    .put("at", entry.at().toString())
                    .put("kind", entry.kind())
                    .put("task", entry.task().map(Object::toString).orElse(null))
                    .put("text", entry.text());
        }
        return json;
    }
}
