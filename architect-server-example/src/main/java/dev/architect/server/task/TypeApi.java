package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;

/** The resource {@code /api/types}: types of tasks that are paused on all nodes. */
public final class TypeApi {

    private static final String PATH = "/api/types";
    private static final String TYPE = "type";

    private static final String AREA = "queues";

    private static final Schema CHANGE = Schema.object()
            .required(TYPE, Schema.text())
            .required(List.of("paused", "changed"), Schema.truth())
            .open();

    private final Architect architect;

    /** Creates the resource. */
    public TypeApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listPausedTypes", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the types of tasks that are paused on all nodes.")
                        .answer(
                                200,
                                "The types.",
                                Schema.object()
                                        .required("paused", Schema.list(Schema.text()))
                                        .open()),
                Operation.post("pauseType", PATH + "/{type}/pause", Permission.act(AREA), request -> set(request, true))
                        .summary("Starts no task of a type on any node; those that run go on.")
                        .answer(200, "Whether that changed something.", CHANGE)
                        .refuses(400, "invalid-value"),
                Operation.post(
                                "resumeType",
                                PATH + "/{type}/resume",
                                Permission.act(AREA),
                                request -> set(request, false))
                        .summary("Starts tasks of a type again.")
                        .answer(200, "Whether that changed something.", CHANGE)
                        .refuses(400, "invalid-value"));
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
            throw ApiException.invalidParameter(TYPE, String.valueOf(wrong.getMessage()));
        }
        JsonResponseWriter.write(
                request,
                JsonResponseWriter.object()
                        .put(TYPE, type)
                        .put("paused", isPaused)
                        .put("changed", isChanged));
    }
}
