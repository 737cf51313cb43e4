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

/**
 * The way of one request along its route: each candidate is called at most once, the next one only after a failure that
 * another model may not have, and nothing after the deadline. Used by one thread.
 */
public final class FailoverLoop {

    private final RequestContext context;
    private final TimeSource time;
    private final CallExecutor caller;
    private final RouterMetrics metrics;
    private final CandidateSelector doorman;
    private final long deadline;
    private final List<ProviderException> failures = new ArrayList<>();
    private MoneyTotal spent = MoneyTotal.ZERO;
    private boolean heardPieces;

    public FailoverLoop(
            RequestContext context, Duration patience, TimeSource time, CallExecutor caller, RouterMetrics metrics) {
        this.context = context;
        this.time = time;
        this.caller = caller;
        this.metrics = metrics;
        this.doorman = new CandidateSelector(context, time, metrics);
        this.deadline = time.nanoTime() + patience.toNanos();
    }

    public ChatResponse run() {
        Route route = context.plan().route();
        context.tell(new Event.RouteChosen(time.wallTime(), context.task(), route));
        Optional<CallPermit> next = admission();
        while (next.isPresent()) {
            Deployment deployment = next.get().deployment();
            announceFailover(deployment.id());
            CallExecutor.End end = caller.make(context, next.get(), left(), doorman.changes(deployment));
            spent = end.entry().charge().cost().amount().map(spent::plus).orElse(spent);
            if (end.answer() != null) {
                return response(end.answer(), end.entry());
            }
            fail(end, deployment);
            next = admission();
        }
        throw new NoRouteException(route, failures, isWorthRetrying());
    }

    private Optional<CallPermit> admission() {
        if (Thread.currentThread().isInterrupted()) {
            throw callerLeft();
        }
        if (left().isNegative() || left().isZero()) {
            return Optional.empty();
        }
        try {
            return doorman.next(left());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw callerLeft();
        }
    }

    private Duration left() {
        return Duration.ofNanos(deadline - time.nanoTime());
    }

    /** Notes the failure, or throws it when it must not be tried elsewhere. */
    private void fail(CallExecutor.End end, Deployment deployment) {
        ProviderException failure = Objects.requireNonNull(end.failure());
        if (!failure.kind().allowsFailover()) {
            throw failure;
        }
        failures.add(failure);
        heardPieces = heardPieces || end.delivered();
        if (failure.kind() == FailureKind.CONTEXT_TOO_LONG) {
            doorman.onlyLargerThan(deployment);
        }
    }

    private void announceFailover(ModelId to) {
        if (failures.isEmpty()) {
            return;
        }
        ProviderException last = failures.get(failures.size() - 1);
        metrics.failedOver(last.model().provider(), last.kind());
        context.tell(new Event.FailedOver(time.wallTime(), context.task(), last.model(), to, last.kind()));
        if (heardPieces) {
            heardPieces = false;
            context.routing().listener().ifPresent(listener -> listener.onRestart());
        }
    }

    private boolean isWorthRetrying() {
        return doorman.hasLeft() || failures.stream().anyMatch(ProviderException::isTransient);
    }

    private ProviderException callerLeft() {
        return ProviderException.builder(context.plan().deployments().get(0).id(), FailureKind.CANCELLED)
                .delivery(DeliveryStatus.NOT_SENT)
                .explanation("the caller left before a call was made")
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
