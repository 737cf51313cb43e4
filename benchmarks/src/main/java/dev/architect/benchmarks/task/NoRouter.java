package dev.architect.benchmarks.task;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import java.util.List;

/** The router of tasks that call no model. */
public final class NoRouter implements Router {

    @Override
    public ChatResponse chat(ChatRequest request, RoutingContext context) {
        throw new UnsupportedOperationException("a model was called, expected tasks that call none");
    }

    @Override
    public Route route(ChatRequest request) {
        throw new UnsupportedOperationException("a route was requested, expected tasks that call no model");
    }

    @Override
    public List<ProviderStatus> providers() {
        return List.of();
    }

    @Override
    public void close() {}
}
