package dev.architect.router.execution;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.route.BreakerState;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Cooldown;
import dev.architect.router.admission.Deployment;
import dev.architect.router.admission.ProviderCircuitBreaker;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one call and sees to everything that belongs to it: the breaker hears how it went, the permit goes back, the ledger
 * gets its entry, events and metrics follow. Safe for use by several threads.
 */
public final class CallExecutor {

    /** A call that had less than this share of the usual time says nothing about its provider when its time is over. */
    private static final int FAIR_SHARE = 4;

    private final Duration usualTimeout;
    private final TimeSource time;
    private final LedgerEntryFactory bookkeeper;
    private final RouterMetrics metrics;

    public CallExecutor(Duration usualTimeout, TimeSource time, LedgerEntryFactory bookkeeper, RouterMetrics metrics) {
        this.usualTimeout = usualTimeout;
        this.time = time;
        this.bookkeeper = bookkeeper;
        this.metrics = metrics;
    }

    /**
     * How a call ended: with an answer or a failure.
     *
     * @param entry what the ledger keeps
     * @param answer the answer, null when it failed
     * @param failure the failure, null when it was answered
     * @param delivered whether pieces were handed to the caller
     */
    record End(
            LedgerEntry entry,
            @Nullable ProviderAnswer answer,
            @Nullable ProviderException failure,
            boolean delivered) {}

    /** Makes the call. What the caller's listener throws comes out after the call is booked as cancelled. */
    End make(RequestContext context, CallPermit admission, Duration patience, Consumer<BreakerState> changes) {
        Deployment deployment = admission.deployment();
        Duration timeout = patience.compareTo(usualTimeout) < 0 ? patience : usualTimeout;
        StreamTap delivered = new StreamTap(context.routing().listener().orElse(piece -> {}));
        Instant startedAt = time.wallTime();
        long start = time.nanoTime();
        ProviderAnswer answer = null;
        ProviderException failure = null;
        Error fatal = null;
        deployment.backend().inFlight().incrementAndGet();
        try {
            answer = ask(context, deployment, timeout, delivered);
        } catch (ProviderException stated) {
            failure = stated;
        } catch (RuntimeException unexpected) {
            failure = broken(deployment.id(), unexpected);
        } catch (Error error) {
            fatal = error;
            failure = broken(deployment.id(), error);
        } finally {
            deployment.backend().inFlight().decrementAndGet();
            deployment.permits().giveBack();
        }
        failure = failure == null ? null : cancelledIfCallerLeft(deployment.id(), failure, delivered);
        judge(admission.pass(), failure, timeout, changes);
        rest(deployment.cooling(), failure);
        Duration duration = Duration.ofNanos(time.nanoTime() - start);
        CompletedCall call = new CompletedCall(
                context, CallIdGenerator.next(time), admission.position(), deployment.id(), startedAt, duration);
        LedgerEntry entry = failure == null
                ? bookkeeper.answered(call, Objects.requireNonNull(answer))
                : bookkeeper.failed(call, failure, outcome(failure), delivered.characters());
        book(context, entry);
        if (fatal != null) {
            throw fatal;
        }
        if (failure != null && delivered.objection() != null) {
            throw delivered.objection();
        }
        return new End(entry, answer, failure, delivered.heard());
    }

    private static ProviderAnswer ask(
            RequestContext context, Deployment deployment, Duration timeout, StreamTap delivered) {
        ModelProvider provider = deployment.backend().provider();
        String model = deployment.id().model();
        ProviderCall call = new ProviderCall(model, context.request(), timeout);
        if (context.routing().listener().isEmpty()) {
            return Objects.requireNonNull(provider.chat(call), "answer");
        }
        if (provider.capabilities(model).contains(Capability.STREAMING)) {
            return Objects.requireNonNull(provider.stream(call, delivered), "answer");
        }
        ProviderAnswer answer = Objects.requireNonNull(provider.chat(call), "answer");
        delivered.counted(answer.usage());
        answer.tell(delivered);
        return answer;
    }

    /** An adapter must throw nothing but its own exception; what else it throws is a broken answer. */
    private static ProviderException broken(ModelId model, Throwable cause) {
        return ProviderException.builder(model, FailureKind.PROTOCOL)
                .delivery(DeliveryStatus.UNKNOWN)
                .explanation("the adapter threw " + cause.getClass().getSimpleName())
                .cause(cause)
                .build();
    }

    /** Whatever a call says when its caller has left, it was cancelled. */
    private static ProviderException cancelledIfCallerLeft(
            ModelId model, ProviderException failure, StreamTap delivered) {
        boolean left = delivered.objection() != null || Thread.currentThread().isInterrupted();
        if (!left || failure.kind() == FailureKind.CANCELLED) {
            return failure;
        }
        return ProviderException.builder(model, FailureKind.CANCELLED)
                .delivery(failure.delivery())
                .usage(failure.usage().isUnknown() ? delivered.usage() : failure.usage())
                .receivedCharacters(failure.receivedCharacters())
                .cause(failure)
                .build();
    }

    private static CallOutcome outcome(ProviderException failure) {
        return failure.kind() == FailureKind.CANCELLED ? CallOutcome.CANCELLED : CallOutcome.FAILED;
    }

    private void judge(
            ProviderCircuitBreaker.Pass pass,
            @Nullable ProviderException failure,
            Duration timeout,
            Consumer<BreakerState> changes) {
        if (failure == null) {
            pass.succeeded(changes);
        } else if (failure.kind().tripsBreaker() && !isHurried(failure, timeout)) {
            pass.failed(failure.kind(), changes);
        } else if (isWordOfTheProvider(failure.kind())) {
            pass.refused(changes);
        } else {
            pass.ignored();
        }
    }

    private static void rest(Cooldown cooling, @Nullable ProviderException failure) {
        if (failure == null) {
            cooling.answered();
        } else {
            cooling.failed(failure);
        }
    }

    private static boolean isWordOfTheProvider(FailureKind kind) {
        return switch (kind) {
            case RATE_LIMITED, QUOTA_EXHAUSTED, CONTEXT_TOO_LONG, CONTENT_REFUSED, INVALID_REQUEST -> true;
            case OVERLOADED, TIMEOUT, UNAVAILABLE, PROTOCOL, AUTHENTICATION, UNSUPPORTED, CANCELLED -> false;
        };
    }

    private boolean isHurried(ProviderException failure, Duration timeout) {
        return failure.kind() == FailureKind.TIMEOUT && timeout.compareTo(usualTimeout.dividedBy(FAIR_SHARE)) < 0;
    }

    /** Hands the entry over with a clear interrupt flag, so that a cancelled call is recorded too. */
    private void book(RequestContext context, LedgerEntry entry) {
        boolean interrupted = Thread.interrupted();
        try {
            metrics.ended(entry);
            context.routing().ledger().accept(entry);
            context.tell(new Event.CallEnded(time.wallTime(), entry));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
