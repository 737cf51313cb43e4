package dev.architect.router.execution;

import dev.architect.chat.ChatRequest;
import dev.architect.event.Event;
import dev.architect.router.planning.RoutePlan;
import dev.architect.spi.RequestScope;
import dev.architect.task.TaskId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request while it is executed.
 *
 * @param requestId groups its calls in the ledger
 * @param request the request
 * @param scope the caller's scope
 * @param plan its route
 */
record RequestContext(String requestId, ChatRequest request, RequestScope scope, RoutePlan plan) {

    private static final Logger LOG = LoggerFactory.getLogger(RequestContext.class);

    /** The task behind it, null for a direct request. */
    @Nullable
    TaskId taskOrNull() {
        return scope.fencingToken().map(fencingToken -> fencingToken.id()).orElse(null);
    }

    /** Publishes an event to the scope's listener. A listener that fails is logged, and the request goes on. */
    void publish(Event event) {
        try {
            scope.events().onEvent(event);
        } catch (RuntimeException failure) {
            LOG.warn("an event listener failed on {}", event.getClass().getSimpleName(), failure);
        }
    }
}
