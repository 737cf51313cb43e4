package dev.architect.router.execution;

import dev.architect.budget.BudgetExceededException;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.GenerationSettings;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.ReasoningEffort;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.route.BreakerState;
import dev.architect.route.Exclusion;
import dev.architect.route.NoRouteException;
import dev.architect.route.Route;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.router.hedging.Hedging;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows the route of one request: a call is repeated where {@link Retries} says so, the next candidate is called only after a
 * failure that another model may not have, and none after the deadline. A stream that broke off goes on with what the next call
 * answers, see {@link AnswerRelay}: the next model is asked to continue the delivered text when it can, and there is nothing but text, else
 * for the answer anew. A model that refuses to continue, or does not heed the beginning, is asked anew at once, and never again to continue.
 * Used by one thread.
 */
final class FailoverLoop {

    /** A call with less time than this is not made. */
    private static final long SHORTEST_CALL_NANOS = Duration.ofMillis(1).toNanos();

    private final RequestContext context;
    private final TimeSource time;
    private final CallExecutor executor;
    private final CandidateSelector selector;
    private final Retries retries;
    private final AnswerRelay relay;
    /** How calls without a rival reach their providers. */
    private final CallTransmitter transmitter;
    /** Null when no call gets a rival. */
    private final @Nullable HedgedCalls hedged;

    private final Duration timeout;
    private boolean admitted;
    private long deadline;
    private boolean anyCall;
    private MoneyTotal spent = MoneyTotal.ZERO;
    /** Made when a call first fails, and the next one when a call is first repeated: few requests come to that. */
    private List<ProviderException> failures = List.of();

    private Map<Deployment, Integer> repetitions = Map.of();

    private @Nullable ModelId announced;
    /** Whether a call broke inside something that was not delivered, such as the arguments of a tool call. */
    private boolean anythingOpen;

    FailoverLoop(
            RequestContext context,
            Duration timeout,
            TimeSource time,
            CallExecutor executor,
            RouterMetrics metrics,
            Retries retries,
            @Nullable Hedging hedging,
            AdmissionRules admissionRules,
            CallTransmitter transmitter) {
        this.transmitter = transmitter;
        this.context = context;
        this.time = time;
        this.executor = executor;
        this.retries = retries;
        this.relay = AnswerRelay.to(context.routing().listener());
        this.selector =
                new CandidateSelector(context, time, metrics, retries.settings().longestWait(), admissionRules);
        this.hedged = hedging == null ? null : new HedgedCalls(context, hedging, executor, selector, metrics, time);
        this.timeout = timeout;
        Duration admission = context.routing().admission().timeout().orElse(timeout);
        this.deadline = time.nanoTime() + (admission.compareTo(timeout) < 0 ? admission : timeout).toNanos();
    }

    ChatResponse run() {
        Route route = context.plan().route();
        context.publish(new Event.RouteChosen(context.plan().decidedAt(), context.task(), route));
        retries.requestBegins();
        Optional<CallPermit> next = nextPermit();
        while (next.isPresent()) {
            CallExecutor.CallResult result;
            Deployment deployment;
            String prefix;
            // Everything that the host may have supplied runs inside: whatever it throws, the permit goes back.
            try (CallPermit permit = next.get()) {
                deployment = permit.deployment();
                admit();
                context.publish(permit, time);
                announceFailover(deployment.id());
                prefix = prefixFor(deployment);
                long left = nanosLeft();
                if (left < SHORTEST_CALL_NANOS) {
                    // The host's listeners, or a pause of this process, took the rest of the time.
                    break;
                }
                // The first call has the id of the request, so that most requests have one id and not two.
                String id = executor.callId(context, !anyCall);
                anyCall = true;
                if (hedged == null) {
                    result = executor.execute(
                            context, permit, left, relay, executor.note(context, deployment, id, prefix), transmitter);
                } else {
                    HedgedCalls.Ended ended = hedged.execute(permit, left, relay, id, prefix);
                    result = ended.result();
                    deployment = ended.deployment();
                    spent = spent.plus(hedged.takeOtherCost());
                    hedged.takeOtherFailure().ifPresent(this::add);
                }
            }
            // Failed calls are included: what they cost is part of what the answer cost.
            Optional<Money> cost = result.entry().charge().cost().amount();
            spent = cost.isPresent() ? spent.plus(cost.get()) : spent;
            if (result.answer() != null && !isForAnother(result.answer(), deployment)) {
                ChatResponse answer = context.response(result.answer(), relay, result.entry(), spent);
                if (!answer.verdict().isRejected()) {
                    relay.deliverWhole(result.answer());
                    return answer;
                }
                context.verification().keep(answer);
                selector.keepOnlyBetterThan(deployment, context.verification(), spent);
            } else if (result.failure() != null) {
                fail(result, deployment, prefix);
            }
            selector.keepAffordable(spent);
            next = nextPermit();
        }
        Optional<ChatResponse> rejected = context.verification().fallback(spent);
        if (rejected.isPresent()) {
            return rejected.get();
        }
        BudgetExceededException refused = selector.budgetRefusal();
        if (refused != null
                && !selector.hasRemaining()
                && failures.stream().noneMatch(ProviderException::isTransient)) {
            // Of a request that failed in passing as well, the next try shows whether only the budget keeps it.
            throw refused.after(failures.isEmpty() ? null : failures.get(failures.size() - 1), relay.partialText());
        }
        throw new NoRouteException(
                routeAsItIsNow(route),
                failures,
                prospect(),
                untilNextCall(),
                relay.partialText(),
                selector.exceededQuota().orElse(null));
    }

    /** What {@code deployment} shall continue; empty when it is asked for the answer from its beginning. */
    private String prefixFor(Deployment deployment) {
        String prefix = anythingOpen || deployment.isPrefillRefused() ? "" : relay.prefix();
        GenerationSettings generation = context.request().generation();
        boolean isPlain = generation.outputSchema().isEmpty()
                && generation.effort().orElse(ReasoningEffort.NONE) == ReasoningEffort.NONE;
        return isPlain
                        && !prefix.isEmpty()
                        && deployment
                                .provider()
                                .provider()
                                .capabilities(deployment.id().model())
                                .contains(Capability.PREFILL)
                ? prefix
                : "";
    }

    /** Whether the model refused to answer, the request allows to ask another one, and there is one; then it counts as failed. */
    private boolean isForAnother(ProviderAnswer answer, Deployment deployment) {
        if (answer.stopReason() != StopReason.REFUSED || !goesOnAfterRefusal() || !selector.hasRemaining()) {
            return false;
        }
        add(ProviderException.builder(deployment.id(), FailureKind.CONTENT_REFUSED)
                .usage(answer.usage())
                .explanation("the model refused to answer")
                .build());
        return true;
    }

    private void add(ProviderException failure) {
        if (failures.isEmpty()) {
            failures = new ArrayList<>();
        }
        failures.add(failure);
    }

    private boolean goesOnAfterRefusal() {
        return context.request().selection().onRefusal() == ModelSelection.OnRefusal.NEXT_MODEL;
    }

    /** The time limit starts with the first call, so that a queue before busy models leaves the whole of it for the answer. */
    private void admit() {
        if (!admitted) {
            admitted = true;
            deadline = time.nanoTime() + timeout.toNanos();
            context.routing().admission().onAdmitted().run();
        }
    }

    /** Without the models that were left out meanwhile: they, and no failure, are why nothing was called. */
    private Route routeAsItIsNow(Route planned) {
        List<Exclusion> gone = selector.leftOutMeanwhile();
        if (gone.isEmpty()) {
            return planned;
        }
        Set<ModelId> models = gone.stream().map(Exclusion::model).collect(Collectors.toSet());
        return new Route(
                planned.classification(),
                planned.candidates().stream()
                        .filter(candidate -> !models.contains(candidate.model()))
                        .toList(),
                Stream.concat(planned.exclusions().stream(), gone.stream()).toList(),
                planned.basis());
    }

    private Optional<CallPermit> nextPermit() {
        if (Thread.currentThread().isInterrupted()) {
            throw withPartialText(cancelled());
        }
        try {
            Optional<CallPermit> permit = selector.acquireNext(deadline);
            while (permit.isPresent() && !reserve(permit.get())) {
                permit = selector.acquireNext(deadline);
            }
            // The permit may have come at the very end of the time: a call without time would only fail.
            if (permit.isPresent() && admitted && nanosLeft() < SHORTEST_CALL_NANOS) {
                permit.get().close();
                return Optional.empty();
            }
            return permit;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw withPartialText(cancelled());
        }
    }

    private boolean reserve(CallPermit permit) {
        Deployment deployment = permit.deployment();
        return !selector.hasBudgets()
                || selector.reserve(
                        permit,
                        prefixFor(deployment),
                        executor.usualLimits(deployment, CallExecutor.isStreamed(context, deployment))
                                .total());
    }

    private long nanosLeft() {
        return deadline - time.nanoTime();
    }

    /** Adds the failure to those of the request, or throws it when another model would fail in the same way. */
    private void fail(CallExecutor.CallResult result, Deployment deployment, String prefix) {
        ProviderException failure = Objects.requireNonNull(result.failure());
        if (!prefix.isEmpty() && (relay.isPrefillIgnored() || isPrefillRefusal(failure))) {
            // Nothing but the beginning was wrong with the call: it is no failure of the request.
            deployment.recordPrefillRefused();
            selector.repeat(deployment, Duration.ZERO);
            return;
        }
        anythingOpen = anythingOpen || result.receivedCharacters() > relay.characters();
        int repeated = repetitions.getOrDefault(deployment, 0);
        Optional<Duration> delay = retries.delay(
                deployment,
                failure,
                result.receivedCharacters(),
                result.entry().timing().duration(),
                repeated,
                selector.hasOtherNow(),
                Duration.ofNanos(nanosLeft()));
        if (delay.isPresent()) {
            add(failure);
            if (repetitions.isEmpty()) {
                repetitions = new HashMap<>();
            }
            repetitions.put(deployment, repeated + 1);
            selector.repeat(deployment, delay.get());
            return;
        }
        if (!failure.kind().allowsFailover() && failure.kind() != FailureKind.CANCELLED && hasRejectedAnswer()) {
            // A better answer was asked for in vain: the one that is there is returned, with its verdict.
            selector.dropAll();
            return;
        }
        boolean isRefusal = failure.kind() == FailureKind.CONTENT_REFUSED;
        if (!failure.kind().allowsFailover() && !(isRefusal && goesOnAfterRefusal() && selector.hasRemaining())) {
            // No other candidate is called: it would fail in the same way, and perhaps be billed.
            throw withPartialText(failure);
        }
        add(failure);
        if (failure.kind() == FailureKind.CONTEXT_TOO_LONG) {
            selector.keepOnlyLargerThan(deployment);
        } else if (failure.kind() == FailureKind.TOO_LARGE_FOR_LIMIT) {
            selector.keepOnlyLargerLimitThan(deployment);
        } else if (CallPermit.isKeyRefused(failure)) {
            selector.dropProvider(deployment);
        }
    }

    private boolean hasRejectedAnswer() {
        return context.verification().fallback(spent).isPresent();
    }

    private static boolean isPrefillRefusal(ProviderException failure) {
        return failure.kind() == FailureKind.INVALID_REQUEST || failure.kind() == FailureKind.UNSUPPORTED;
    }

    private ProviderException withPartialText(ProviderException failure) {
        String partial = relay.partialText();
        return partial == null ? failure : failure.withPartialText(partial);
    }

    private void announceFailover(ModelId to) {
        if (failures.isEmpty()) {
            return;
        }
        ProviderException last = failures.get(failures.size() - 1);
        if (!last.model().equals(to) && !to.equals(announced)) {
            announced = to;
            context.publish(new Event.FailedOver(time.wallTime(), context.task(), last.model(), to, last.kind()));
        }
    }

    private NoRouteException.Prospect prospect() {
        if (!selector.hasRemaining() && failures.stream().noneMatch(ProviderException::isTransient)) {
            return NoRouteException.Prospect.NONE;
        }
        // A failed trial call of an open breaker says no more about the request than the breaker itself.
        return failures.stream().allMatch(failure -> failure.isUnavailable() || isOutOfOrder(failure))
                ? NoRouteException.Prospect.UNAVAILABLE
                : NoRouteException.Prospect.RETRY;
    }

    private boolean isOutOfOrder(ProviderException failure) {
        return failure.isTransient()
                && context.plan().deployments().stream()
                        .filter(deployment -> deployment.id().equals(failure.model()))
                        .anyMatch(deployment -> deployment.breaker().state() != BreakerState.CLOSED);
    }

    /** How long until the first candidate may be called again; null when one could be called now, and was only busy. */
    private @Nullable Duration untilNextCall() {
        Duration shortest = context.plan().deployments().stream()
                .map(selector::untilNextCall)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
        return shortest.isZero() ? null : shortest;
    }

    private ProviderException cancelled() {
        return ProviderException.builder(context.plan().deployment(0).id(), FailureKind.CANCELLED)
                .delivery(DeliveryStatus.NOT_SENT)
                .explanation("the caller was interrupted before a call was made")
                .build();
    }
}
