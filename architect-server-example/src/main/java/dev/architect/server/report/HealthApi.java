package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.error.StoreException;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** The resource {@code /health}, for whoever watches the process: a load balancer, Kubernetes, a monitor. */
public final class HealthApi {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Architect architect;
    private final String version;
    private final Supplier<Duration> uptime;

    /** Creates the resource. */
    public HealthApi(Architect architect, String version, Supplier<Duration> uptime) {
        this.architect = architect;
        this.version = version;
        this.uptime = uptime;
    }

    /** Its operations. */
    public List<Operation> operations() {
        Schema up = Schema.object().required("status", Schema.words("up")).open();
        return List.of(
                Operation.get("getHealth", "/health", Permission.PUBLIC, this::health)
                        .summary("Says whether the server serves, and what is amiss.")
                        .answer(200, "It serves.", ReportSchemas.HEALTH),
                Operation.get("getLiveness", "/health/live", Permission.PUBLIC, HealthApi::live)
                        .summary("Says that the process answers; one that does not is to be restarted.")
                        .answer(200, "It answers.", up),
                Operation.get("getReadiness", "/health/ready", Permission.PUBLIC, this::ready)
                        .summary("Says whether requests should be sent to this node: its store is read and written.")
                        .answer(200, "They should.", up)
                        .refuses(503, "not-ready"));
    }

    private void health(Context request) {
        ObjectNode answer = up();
        ArrayNode reasons = answer.putArray("reasons");
        architect.health().reasons().forEach(reasons::add);
        // With status 200 all the same: the server serves.
        answer.put("status", reasons.isEmpty() ? "up" : "degraded");
        JsonResponseWriter.write(request, answer);
    }

    /** What every report of the state begins with. */
    ObjectNode up() {
        return JsonResponseWriter.object()
                .put("status", "up")
                .put("version", version)
                .put("uptimeSeconds", uptime.get().toSeconds());
    }

    private static void live(Context request) {
        JsonResponseWriter.write(request, JsonResponseWriter.object().put("status", "up"));
    }

    private void ready(Context request) {
        if (architect.health().storeWaiting() || !isStoreRead()) {
            throw new ApiException(
                    503, "not-ready", "the store is not read and written, expected that it is", null, RETRY);
        }
        live(request);
    }

    private boolean isStoreRead() {
        try {
            architect.activity().newest(1);
            return true;
        } catch (StoreException | IllegalStateException unreadable) {
            return false;
        }
    }
}
