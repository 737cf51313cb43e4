package dev.architect.server.metrics;

import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/** The resource {@code /metrics}: every meter of the registry. */
public final class MetricsApi {

    private final PrometheusMeterRegistry registry;

    /** Creates the resource. */
    public MetricsApi(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("getMetrics", "/metrics", Permission.read("metrics"), this::scrape)
                .summary("Shows the meters in the form of Prometheus.")
                .answer(200, "The meters.", "text/plain"));
    }

    private void scrape(Context request) {
        request.contentType("text/plain; version=0.0.4; charset=utf-8").result(registry.scrape());
    }
}
