package dev.architect.router.execution;

import dev.architect.chat.ChatResponse;
import dev.architect.chat.ResponseCost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.route.Exclusion;
import dev.architect.route.NoRouteException;
import dev.architect.route.Route;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Follows the route of one request: each candidate is called at most once, the next one only after a failure that another
 * model may not have, and none after the deadline. Used by one thread.
 */
final class FailoverLoop {

    private final RequestContext context;
    private final TimeSource time;
    private final CallExecutor executor;
    private final CandidateSelector selector;
    private final long deadline;
    private final List<ProviderException> failures = new ArrayList<>();
    private MoneyTotal spent = MoneyTotal.ZERO;
    private boolean anyDelivered;

    FailoverLoop(
            RequestContext context, Duration timeout, TimeSource time, CallExecutor executor, RouterMetrics metrics) {
        this.context = context;
        this.time = time;
        this.executor = executor;
        this.selector = new CandidateSelector(context, time, metrics);
        this.deadline = time.nanoTime() + timeout.toNanos();
    }

    ChatResponse run() {
        Route route = context.plan().route();
        context.publish(new Event.RouteChosen(time.wallTime(), context.task(), route));
        Optional<CallPermit> next = nextPermit();
        while (next.isPresent()) {
            Deployment deployment = next.get().deployment();
            announceFailover(deployment.id());
            CallExecutor.CallResult result =
                    executor.execute(context, next.get(), timeLeft(), selector.breakerListener(deployment));
            // Failed calls are included: what they cost is part of what the answer cost.
            spent = result.entry().charge().cost().amount().map(spent::plus).orElse(spent);
            if (result.answer() != null) {
                return response(result.answer(), result.entry());
            }
            fail(result, deployment);
            next = nextPermit();
        }
        throw new NoRouteException(routeAsItIsNow(route), failures, isWorthRetrying());
    }

    /** Without the models that other requests found to be gone meanwhile: they, and no failure, are why nothing was called. */
    private Route routeAsItIsNow(Route planned) {
        List<Exclusion> gone = selector.goneMeanwhile();
        if (gone.isEmpty()) {
            return planned;
        }
        Set<ModelId> models = gone.stream().map(Exclusion::model).collect(Collectors.toSet());
        return new Route(
                planned.classification(),
                planned.candidates().stream()
                        .filter(candidate -> !models.contains(candidate.model()))
                        .toList(),
                Stream.concat(planned.exclusions().stream(), gone.stream()).toList());
    }

    private Optional<CallPermit> nextPermit() {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled();
        }
        // Not left to the selector: it would find a free candidate, and the call would be sent only to time out.
        if (timeLeft().isNegative() || timeLeft().isZero()) {
            return Optional.empty();
        }
        try {
            return selector.acquireNext(timeLeft());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    private Duration timeLeft() {
        return Duration.ofNanos(deadline - time.nanoTime());
    }

    /** Adds the failure to those of the request, or throws it when another model would fail in the same way. */
    private void fail(CallExecutor.CallResult result, Deployment deployment) {
        ProviderException failure = Objects.requireNonNull(result.failure());
        if (!failure.kind().allowsFailover()) {
            // No other candidate is called: it would fail in the same way, and perhaps be billed.
            throw failure;
        }
        failures.add(failure);
        anyDelivered = anyDelivered || result.anyDelivered();
        if (failure.kind() == FailureKind.CONTEXT_TOO_LONG) {
            selector.keepOnlyLargerThan(deployment);
        }
    }

    private void announceFailover(ModelId to) {
        if (failures.isEmpty()) {
            return;
        }
        ProviderException last = failures.get(failures.size() - 1);
        context.publish(new Event.FailedOver(time.wallTime(), context.task(), last.model(), to, last.kind()));
        if (anyDelivered) {
            // One restart for each failover; the next call has delivered nothing so far.
            anyDelivered = false;
            context.routing().listener().ifPresent(listener -> listener.onRestart());
        }
    }

    private boolean isWorthRetrying() {
        return selector.hasRemaining() || failures.stream().anyMatch(ProviderException::isTransient);
    }

    private ProviderException cancelled() {
        return ProviderException.builder(context.plan().deployments().get(0).id(), FailureKind.CANCELLED)
                .delivery(DeliveryStatus.NOT_SENT)
                .explanation("the caller was interrupted before a call was made")
                .build();
    }

    private ChatResponse response(ProviderAnswer answer, LedgerEntry entry) {
        return new ChatResponse(
                answer.content(),
                answer.stopReason(),
                entry.route().answered(),
                entry.metering().usage(),
                new ResponseCost(entry.charge().cost(), entry.charge().baseline(), spent),
                context.plan().route(),
                entry.route().position(),
                answer.citations());
    }
}
