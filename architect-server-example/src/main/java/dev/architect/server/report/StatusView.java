package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.event.ActivityEntry;
import dev.architect.maintenance.EngineHealth;
import dev.architect.route.ProviderStatus;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskState;
import java.util.List;
import java.util.Map;

/** Counts, sessions, providers and activity as JSON. */
public final class StatusView {

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
        }
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
