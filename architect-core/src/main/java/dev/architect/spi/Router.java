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

    /**
     * Checks whether {@code request} could ever be answered, before it is stored or a provider is called. What passes by itself,
     * such as an open circuit breaker or a model that is gone for now, is no reason to refuse it. Neither blocks nor calls
     * anybody. A router that does not know what its models can do accepts everything, as this default does.
     *
     * @throws dev.architect.route.UnservableRequestException when it could not
     */
    default void check(ChatRequest request) {}

    /** Returns the route that the request would take now, without calling anybody. */
    Route route(ChatRequest request);

    /**
     * Returns how many more calls could be made now, zero or more. Tasks that make requests are claimed only as far as this goes.
     * Does not block. Without a limit by default.
     */
    default int freeCalls() {
        return Integer.MAX_VALUE;
    }

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
