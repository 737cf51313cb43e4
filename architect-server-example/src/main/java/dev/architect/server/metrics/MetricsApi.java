package dev.architect.server.metrics;

import dev.architect.server.rest.Endpoint;
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

    /** Its endpoints. */
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/metrics", this::scrape));
    }

    private void scrape(Context request) {
        request.contentType("text/plain; version=0.0.4; charset=utf-8").result(registry.scrape());
    }
}
