package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;

/** The resource {@code /api/types}: types of tasks that are paused on all nodes. */
public final class TypeApi {

    private static final String PATH = "/api/types";
    private static final String TYPE = "type";

    private final Architect architect;

    /** Creates the resource. */
    public TypeApi(Architect architect) {
        this.architect = architect;
    }

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(PATH, this::list),
                Endpoint.post(PATH + "/{type}/pause", request -> set(request, true)),
                Endpoint.post(PATH + "/{type}/resume", request -> set(request, false)));
    }

    private void list(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode paused = answer.putArray("paused");
        architect.queues().pausedTypes().forEach(paused::add);
        JsonResponseWriter.write(request, answer);
    }

    private void set(Context request, boolean isPaused) {
        String type = request.pathParam(TYPE);
        boolean isChanged;
        try {
            isChanged = isPaused
                    ? architect.queues().pauseType(type)
                    : architect.queues().resumeType(type);
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue(TYPE, String.valueOf(wrong.getMessage()));
        }
        JsonResponseWriter.write(
                request,
                JsonResponseWriter.object()
                        .put(TYPE, type)
                        .put("paused", isPaused)
                        .put("changed", isChanged));
    }
}
