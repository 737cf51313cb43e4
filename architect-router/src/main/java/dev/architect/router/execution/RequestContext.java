package dev.architect.router.execution;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.ResponseCost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.router.admission.BreakerChange;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.planning.RoutePlan;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request while it is executed.
 *
 * @param requestId groups its calls in the ledger
 * @param request the request
 * @param routing on whose behalf, and where calls, answers and events go
 * @param plan its route
 * @param verification the checks of its answers
 * @param clock adds up how long it is at providers
 * @param calls how many calls it has made so far
 */
record RequestContext(
        String requestId,
        ChatRequest request,
        RoutingContext routing,
        RoutePlan plan,
        RequestVerification verification,
        RequestClock clock,
        CallCount calls) {

    private static final Logger LOG = LoggerFactory.getLogger(RequestContext.class);

    /** Returns this request with other places for calls, answers and events. */
    RequestContext with(RoutingContext changed) {
        return new RequestContext(requestId, request, changed, plan, verification, clock, calls);
    }

    /** The task behind it, empty for a direct request. */
    Optional<TaskId> task() {
        return routing.fencingToken().map(FencingToken::id);
    }

    /** The answer of a call, for which the request has {@code spent} so much so far. */
    ChatResponse response(ProviderAnswer answer, AnswerRelay relay, LedgerEntry entry, MoneyTotal spent) {
        return new ChatResponse(
                relay.content(answer),
                answer.stopReason(),
                entry.route().answered(),
                entry.metering().usage(),
                new ResponseCost(entry.charge().cost(), entry.charge().baseline(), spent),
                plan.route(),
                entry.route().position(),
                answer.citations(),
                relay.finish(),
                requestId,
                verification.verdictOf(entry),
                calls.count(),
                answer.wire());
    }

    /** Publishes an event to the request's listener. Whatever it throws, errors included, is logged, and the request goes on. */
    void publish(Event event) {
        publish(routing, event);
    }

    /** Publishes an event to the listener of {@code routing} in the same way. */
    static void publish(RoutingContext routing, Event event) {
        try {
            routing.events().onEvent(event);
        } catch (Throwable failure) {
            LOG.warn("an event listener failed on {}", event.getClass().getSimpleName(), failure);
        }
    }

    /** Publishes what the call of {@code permit} changed about circuit breakers since the last time. */
    void publish(CallPermit permit, TimeSource time) {
        List<BreakerChange> changes = permit.takeChanges();
        for (int i = 0; i < changes.size(); i++) {
            publish(new Event.BreakerChanged(
                    time.wallTime(), changes.get(i).model(), changes.get(i).state()));
        }
    }
}
