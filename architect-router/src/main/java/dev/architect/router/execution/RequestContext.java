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
 * One request on its way.
 *
 * @param requestId groups its calls in the ledger
 * @param request what is asked
 * @param scope on whose behalf
 * @param plan where it may go
 */
record RequestContext(String requestId, ChatRequest request, RequestScope scope, RoutePlan plan) {

    private static final Logger LOG = LoggerFactory.getLogger(RequestContext.class);

    /** The task behind it, null for a direct request. */
    @Nullable
    TaskId taskOrNull() {
        return scope.fencingToken().map(fencingToken -> fencingToken.id()).orElse(null);
    }

    /** Tells the scope's listener; one that fails does no harm. */
    void publish(Event event) {
        try {
            scope.events().onEvent(event);
        } catch (RuntimeException failure) {
            LOG.warn("an event listener failed on {}", event.getClass().getSimpleName(), failure);
        }
    }
}
