package dev.architect.cluster;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import java.util.List;

/** A router for engines whose workers make no requests. */
final class UnusedRouter implements Router {
    @Override
    public ChatResponse chat(ChatRequest request, RoutingContext context) {
        throw new IllegalStateException("a request was made, expected none");
    }

    @Override
    public Route route(ChatRequest request) {
        throw new IllegalStateException("a route was asked for, expected none");
    }

    @Override
    public List<ProviderStatus> providers() {
        return List.of();
    }

    @Override
    public void close() {}
}
