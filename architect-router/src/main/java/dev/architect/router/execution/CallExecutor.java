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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes one call with everything that belongs to it: its outcome is recorded on the circuit breaker, the permit is released,
 * the ledger gets its entry, events follow. Safe for use by several threads.
 */
final class CallExecutor {

    private static final Logger LOG = LoggerFactory.getLogger(CallExecutor.class);

    /** A call that times out after less than a quarter of the usual timeout shows nothing about its provider. */
    private static final int FAIR_SHARE = 4;

    private final Duration usualTimeout;
    private final TimeSource time;
    private final LedgerEntryFactory ledgerEntries;

    CallExecutor(Duration usualTimeout, TimeSource time, LedgerEntryFactory ledgerEntries) {
        this.usualTimeout = usualTimeout;
        this.time = time;
        this.ledgerEntries = ledgerEntries;
    }

    /**
     * How a call ended: with an answer or a failure.
     *
     * @param entry the entry of the ledger
     * @param answer the answer, null when it failed
     * @param failure the failure, null when it was answered
     * @param anyDelivered whether any part of the answer was delivered to the caller
     */
    record CallResult(
            LedgerEntry entry,
            @Nullable ProviderAnswer answer,
            @Nullable ProviderException failure,
            boolean anyDelivered) {}

    /** Executes the call. What the caller's listener threw is thrown after the call was recorded as cancelled. */
    CallResult execute(
            RequestContext context, CallPermit permit, Duration timeLeft, Consumer<BreakerState> breakerListener) {
        Deployment deployment = permit.deployment();
        // Capped by the policy: one silent provider then leaves time of the request for the next candidate.
        Duration timeout = timeLeft.compareTo(usualTimeout) < 0 ? timeLeft : usualTimeout;
        StreamTap tap = new StreamTap(context.routing().listener().orElse(piece -> {}));
        Instant startedAt = time.wallTime();
        String id = CallIdGenerator.next(time);
        begin(new CompletedCall(context, id, permit.position(), deployment.id(), startedAt, Duration.ZERO));
        long start = time.nanoTime();
        ProviderAnswer answer = null;
        ProviderException failure = null;
        Error fatal = null;
        deployment.provider().inFlight().incrementAndGet();
        try {
            answer = send(context, deployment, timeout, tap);
        } catch (ProviderException stated) {
            failure = stated;
        } catch (RuntimeException unexpected) {
            failure = protocolFailure(deployment.id(), unexpected);
        } catch (Error error) {
            // Not handled: it is thrown again, once the call is in the ledger and the permits are back.
            fatal = error;
            failure = protocolFailure(deployment.id(), error);
        } finally {
            deployment.provider().inFlight().decrementAndGet();
        }
        try {
            failure = failure == null ? null : asCancelledIfCallerIsGone(deployment.id(), failure, tap);
            // Before the permit goes back: the request that waits for it must find a model that is gone or cools down.
            update(deployment, failure);
        } finally {
            // Before the ledger and the listeners are called: the next request need not wait for them.
            deployment.limiter().release();
        }
        // Before the ledger: it may fail, and a half-open breaker whose trial call never ended would stay half-open.
        recordOutcome(permit.breakerPermit(), failure, timeout, breakerListener);
        Duration duration = Duration.ofNanos(time.nanoTime() - start);
        CompletedCall call = new CompletedCall(context, id, permit.position(), deployment.id(), startedAt, duration);
        int resends =
                failure == null ? Objects.requireNonNull(answer).transmission().resends() : failure.resends();
        for (int resend = 0; resend < resends; resend++) {
            record(context, ledgerEntries.forResentCall(call, CallIdGenerator.next(time)));
        }
        LedgerEntry entry = failure == null
                ? ledgerEntries.forAnswer(call, Objects.requireNonNull(answer))
                : ledgerEntries.forFailure(call, failure, outcome(failure), tap.characters());
        record(context, entry);
        if (fatal != null) {
            throw fatal;
        }
        // The caller's own exception says more to the caller than the cancellation that it caused.
        if (failure != null && tap.listenerFailure() != null) {
            throw tap.listenerFailure();
        }
        return new CallResult(entry, answer, failure, tap.anyDelivered());
    }

    /** Whatever the note fails with, the call is made: it only matters when this process dies. */
    private void begin(CompletedCall call) {
        try {
            call.context().routing().begun().accept(ledgerEntries.forUnrecordedCall(call));
        } catch (RuntimeException failure) {
            LOG.warn("a call to {} was not noted before it was sent", call.requested(), failure);
        }
    }

    private static ProviderAnswer send(RequestContext context, Deployment deployment, Duration timeout, StreamTap tap) {
        ModelProvider provider = deployment.provider().provider();
        String model = deployment.id().model();
        ProviderCall call = new ProviderCall(model, context.request(), timeout);
        if (context.routing().listener().isEmpty()) {
            return Objects.requireNonNull(provider.chat(call), "answer");
        }
        if (provider.capabilities(model).contains(Capability.STREAMING)) {
            return Objects.requireNonNull(provider.stream(call, tap), "answer");
        }
        ProviderAnswer answer = Objects.requireNonNull(provider.chat(call), "answer");
        // A listener that fails during the replay cancels the call; its entry must have the usage that was counted.
        tap.recordUsage(answer.usage());
        answer.replayTo(tap);
        return answer;
    }

    /** An adapter must throw nothing but its own exception; what else it throws is a broken answer. */
    private static ProviderException protocolFailure(ModelId model, Throwable cause) {
        return ProviderException.builder(model, FailureKind.PROTOCOL)
                .delivery(DeliveryStatus.UNKNOWN)
                .explanation("the adapter threw " + cause.getClass().getSimpleName())
                .cause(cause)
                .build();
    }

    /** Whatever failure a call ends with, it was cancelled when its listener failed or its thread was interrupted. */
    private static ProviderException asCancelledIfCallerIsGone(
            ModelId model, ProviderException failure, StreamTap tap) {
        // A broken connection may be our own doing: adapters close it when their thread is interrupted.
        boolean isGone = tap.listenerFailure() != null || Thread.currentThread().isInterrupted();
        if (!isGone || failure.kind() == FailureKind.CANCELLED) {
            return failure;
        }
        return ProviderException.builder(model, FailureKind.CANCELLED)
                .delivery(failure.delivery())
                .usage(failure.usage().isUnknown() ? tap.usage() : failure.usage())
                .receivedCharacters(failure.receivedCharacters())
                .resends(failure.resends())
                .cause(failure)
                .build();
    }

    private static CallOutcome outcome(ProviderException failure) {
        return failure.kind() == FailureKind.CANCELLED ? CallOutcome.CANCELLED : CallOutcome.FAILED;
    }

    private void recordOutcome(
            ProviderCircuitBreaker.BreakerPermit breakerPermit,
            @Nullable ProviderException failure,
            Duration timeout,
            Consumer<BreakerState> breakerListener) {
        if (failure == null) {
            breakerPermit.recordSuccess(breakerListener);
        } else if (failure.kind().tripsBreaker() && !hadTooLittleTime(failure, timeout)) {
            breakerPermit.recordFailure(failure.kind(), breakerListener);
        } else if (isProviderResponse(failure.kind())) {
            breakerPermit.recordRejection(breakerListener);
        } else {
            breakerPermit.release();
        }
    }

    private static void update(Deployment deployment, @Nullable ProviderException failure) {
        if (failure == null) {
            deployment.cooldown().recordSuccess();
            deployment.availability().recordSuccess();
            return;
        }
        deployment.cooldown().recordFailure(failure);
        deployment
                .availability()
                .recordFailure(failure)
                .ifPresent(
                        pause -> LOG.warn("{} is unknown to its provider, next check in {}", deployment.id(), pause));
    }

    private static boolean isProviderResponse(FailureKind kind) {
        return switch (kind) {
            case RATE_LIMITED, QUOTA_EXHAUSTED, MODEL_NOT_FOUND, CONTEXT_TOO_LONG, CONTENT_REFUSED, INVALID_REQUEST ->
                true;
            case OVERLOADED, TIMEOUT, UNAVAILABLE, PROTOCOL, AUTHENTICATION, UNSUPPORTED, CANCELLED -> false;
        };
    }

    private boolean hadTooLittleTime(ProviderException failure, Duration timeout) {
        // One caller with a very short deadline would otherwise make a healthy provider unavailable to all.
        return failure.kind() == FailureKind.TIMEOUT && timeout.compareTo(usualTimeout.dividedBy(FAIR_SHARE)) < 0;
    }

    /** Records the entry with a clear interrupt flag, because a store may give up for an interrupted thread; then sets it again. */
    private void record(RequestContext context, LedgerEntry entry) {
        boolean interrupted = Thread.interrupted();
        try {
            context.routing().ledger().accept(entry);
            context.publish(new Event.CallEnded(time.wallTime(), entry));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
