package dev.architect.cli.launch;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import java.util.List;

/** The router of a command that performs no task: it has no models. */
public final class NoModels implements Router {

    private static final String MESSAGE = "this command has no models, expected no request";

    /** Creates the router. */
    public NoModels() {}

    @Override
    public ChatResponse chat(ChatRequest request, RoutingContext context) {
        throw new IllegalStateException(MESSAGE);
    }

    @Override
    public Route route(ChatRequest request) {
        throw new IllegalStateException(MESSAGE);
    }

    @Override
    public List<ProviderStatus> providers() {
        return List.of();
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
