package dev.architect.spi;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.error.ArchitectException;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import java.util.List;

/**
 * Turns a request into an answer through one or more providers. Blocks, is cancelled by interruption, and is safe for use by
 * several threads.
 */
public interface Router extends AutoCloseable {

    /**
     * Answers {@code request}. Every call made on the way is handed to {@code context} when it ends.
     *
     * @throws ArchitectException a {@link dev.architect.route.NoRouteException} when no candidate answered, or the
     *     {@link dev.architect.model.ProviderException} of a failure that must not be tried elsewhere
     */
    ChatResponse chat(ChatRequest request, RoutingContext context);

    /** Returns the route that the request would take now, without calling anybody. */
    Route route(ChatRequest request);

    /** Returns how each provider stands. */
    List<ProviderStatus> providers();

    /** Closes the providers. */
    @Override
    void close();

    /** Makes a router for the providers of one {@link dev.architect.Architect}. */
    @FunctionalInterface
    interface Factory {

        /** Returns a router that owns {@code providers} from now on. */
        Router create(List<ModelProvider> providers, TimeSource time);
    }
}
