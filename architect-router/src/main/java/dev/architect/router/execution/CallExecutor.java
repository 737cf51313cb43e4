package dev.architect.router.execution;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.request.CallLimits;
import dev.architect.route.OutputHistory;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.router.cost.PriceAlarms;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

    private final RoutingPolicy policy;
    /** Those of a call whose answer comes whole. */
    private final CallLimits whole;

    private final TimeSource time;
    private final LedgerEntryFactory ledgerEntries;
    private final CallObservations observations;
    private final CallIdGenerator ids;
    private final OutputHistory outputs;
    private final PriceAlarms alarms;

    CallExecutor(
            RoutingPolicy policy,
            TimeSource time,
            LedgerEntryFactory ledgerEntries,
            CallIdGenerator ids,
            CallObservations observations,
            OutputHistory outputs,
            PriceAlarms alarms) {
        this.alarms = alarms;
        this.ids = ids;
        this.observations = observations;
        this.outputs = outputs;
        this.policy = policy;
        this.whole = CallLimits.within(policy.callTimeout());
        this.time = time;
        this.ledgerEntries = ledgerEntries;
    }

    /**
     * How a call ended: with an answer or a failure.
     *
     * @param entry the entry of the ledger
     * @param answer the answer, null when it failed
     * @param failure the failure, null when it was answered
     * @param receivedCharacters characters that had come before the failure; 0 of an answer
     */
    record CallResult(
            LedgerEntry entry,
            @Nullable ProviderAnswer answer,
            @Nullable ProviderException failure,
            long receivedCharacters) {}

    /**
     * A call that was noted, and is sent next.
     *
     * @param id its id in the ledger
     * @param startedAt when, in wall time
     * @param startNanos when, by the monotonic clock
     * @param prefix what the answer begins with, for a provider that can continue it; empty for an answer from its beginning
     */
    record NotedCall(String id, Instant startedAt, long startNanos, String prefix) {}

    /** Returns the id of a call: for the first one that of the request, so that most requests have one id and not two. */
    String callId(RequestContext context, boolean isFirst) {
        return isFirst ? context.requestId() : ids.next();
    }

    /** Notes a call before it is sent, so that its cost is known should this process end before the call does. */
    NotedCall note(RequestContext context, Deployment deployment, String id, String prefix) {
        Instant startedAt = time.wallTime();
        context.calls().add();
        if (context.routing().notesCalls()) {
            int position = context.plan().positionOf(deployment);
            begin(new CompletedCall(context, id, position, deployment.id(), startedAt, Duration.ZERO, prefix.length()));
        }
        return new NotedCall(id, startedAt, time.nanoTime(), prefix);
    }

    /**
     * Executes the call. What the caller's listener threw is thrown after the call was recorded as cancelled.
     *
     * @param nanosLeft until the deadline of the request
     * @param id its id in the ledger
     * @param prefix what the answer begins with, for a provider that can continue it; empty for an answer from its beginning
     */
    CallResult execute(
            RequestContext context, CallPermit permit, long nanosLeft, AnswerRelay relay, String id, String prefix) {
        NotedCall noted = note(context, permit.deployment(), id, prefix);
        return execute(context, permit, nanosLeft, relay, noted, CallTransmitter.DIRECT);
    }

    /** The same for a call that was noted, and that reaches its provider by {@code transmitter}. */
    CallResult execute(
            RequestContext context,
            CallPermit permit,
            long nanosLeft,
            AnswerRelay relay,
            NotedCall noted,
            CallTransmitter transmitter) {
        String prefix = noted.prefix();
        Deployment deployment = permit.deployment();
        int position = context.plan().positionOf(deployment);
        boolean streamed = isStreamed(context, deployment);
        // Capped by the policy: one silent provider then leaves time of the request for the next candidate.
        CallLimits usual = usualLimits(deployment, streamed);
        CallLimits limits = atMost(usual, nanosLeft);
        FirstToken first = null;
        if (context.routing().listener().isPresent()) {
            first = new FirstToken(context, permit, time);
            relay.beginCall(first, prefix);
            relay.answeredBy(
                    deployment.id(), context.requestId(), context.calls().count());
        }
        CallObservations.Running observed = observations.start(context, deployment.id());
        long start = time.nanoTime();
        ProviderAnswer answer = null;
        ProviderException failure = null;
        Error fatal = null;
        context.clock().beginCall(start);
        deployment.provider().inFlight().incrementAndGet();
        permit.begin(streamed, noted.startNanos());
        try {
            answer = send(context, deployment, limits, streamed, relay, prefix, transmitter);
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
            context.clock().endCall(start, time.nanoTime());
            if (observed != null) {
                observed.leave();
            }
        }
        failure = failure == null ? null : asCancelledIfCallerIsGone(deployment.id(), failure, relay);
        if (relay.isPrefillIgnored() && fatal == null) {
            // Also when an answer came: a library may have gone on without its listener.
            answer = null;
            failure = prefillIgnored(deployment.id(), relay);
        }
        // Before the ledger and the listeners are called: the next request need not wait for them.
        Optional<Duration> pause =
                permit.settle(failure, hadEnoughTime(usual, limits, streamed), rateLimits(answer, failure));
        if (pause.isPresent()) {
            LOG.warn("{} is unknown to its provider, next check in {}", deployment.id(), pause.get());
        }
        if (failure == null) {
            context.plan().recordAnswered(deployment, time.nanoTime());
        }
        context.publish(permit, time);
        Duration duration = Duration.ofNanos(time.nanoTime() - noted.startNanos());
        CompletedCall call = new CompletedCall(
                context, noted.id(), position, deployment.id(), noted.startedAt(), duration, prefix.length());
        int resends =
                failure == null ? Objects.requireNonNull(answer).transmission().resends() : failure.resends();
        for (int resend = 0; resend < resends; resend++) {
            record(context, ledgerEntries.forResentCall(call, ids.next()), Optional.empty());
        }
        LedgerEntry entry = null;
        try {
            entry = failure == null
                    ? context.verification()
                            .judge(
                                    context,
                                    Objects.requireNonNull(answer),
                                    relay,
                                    ledgerEntries.forAnswer(call, Objects.requireNonNull(answer)))
                    : ledgerEntries.forFailure(call, failure, outcome(failure), relay.characters());
        } finally {
            // Ended however the entry was made: a counter of tokens may throw.
            if (observed != null) {
                observed.stop(entry, failure);
            }
        }
        // Before the ledger and the listeners, as above: what was reserved and not used is free for others.
        TokenUsage used = entry.metering().usage();
        permit.settleUsage(
                used.promptTokens(),
                used.completionTokens(),
                failure == null ? context.plan().complexity() : null);
        permit.hold().settle(entry.charge().cost());
        outputs.add(entry, context.routing().scope().taskType());
        record(context, entry, streamed && first != null ? first.since(noted.startNanos()) : Optional.empty());
        if (fatal != null) {
            throw fatal;
        }
        // The caller's own exception says more to the caller than the cancellation that it caused.
        if (failure != null && relay.listenerFailure() != null) {
            throw relay.listenerFailure();
        }
        long received = failure == null ? 0 : Math.max(failure.receivedCharacters(), relay.characters());
        return new CallResult(entry, answer, failure, received);
    }

    /** Whatever the note fails with, the call is made: it only matters when this process dies. */
    private void begin(CompletedCall call) {
        try {
            call.context().routing().begun().accept(ledgerEntries.forUnrecordedCall(call));
        } catch (RuntimeException failure) {
            LOG.warn("a call to {} was not noted before it was sent", call.requested(), failure);
        }
    }

    private static List<RateLimit> rateLimits(@Nullable ProviderAnswer answer, @Nullable ProviderException failure) {
        if (failure != null) {
            return failure.rateLimits();
        }
        return answer == null ? List.of() : answer.transmission().rateLimits();
    }

    /** How long the call may take when the request leaves enough time. */
    CallLimits usualLimits(Deployment deployment, boolean streamed) {
        return streamed ? policy.limitsOf(deployment.modelPolicy()) : whole;
    }

    private static CallLimits atMost(CallLimits usual, long nanosLeft) {
        return nanosLeft < usual.total().toNanos() ? usual.atMost(Duration.ofNanos(nanosLeft)) : usual;
    }

    /** Whether the answer of the model comes in parts. */
    static boolean isStreamed(RequestContext context, Deployment deployment) {
        return context.routing().listener().isPresent()
                && deployment
                        .provider()
                        .provider()
                        .capabilities(deployment.id().model())
                        .contains(Capability.STREAMING);
    }

    private ProviderAnswer send(
            RequestContext context,
            Deployment deployment,
            CallLimits limits,
            boolean streamed,
            AnswerRelay relay,
            String prefix,
            CallTransmitter transmitter) {
        ModelProvider provider = deployment.provider().provider();
        ProviderCall call = new ProviderCall(
                deployment.id().model(),
                prefix.isEmpty() ? context.request() : ledgerEntries.withoutTokensOf(prefix, context.request()),
                limits,
                prefix);
        ProviderAnswer answer;
        if (streamed) {
            answer = Objects.requireNonNull(transmitter.transmit(provider, call, relay), "answer");
        } else {
            answer = Objects.requireNonNull(transmitter.transmit(provider, call, null), "answer");
            if (context.routing().listener().isEmpty()) {
                return answer;
            }
            // A listener that fails during the replay cancels the call; its entry must have the usage that was counted.
            relay.recordUsage(answer.usage());
            answer.replayTo(relay);
        }
        relay.endAnswer();
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

    /** The call was ended here, so it shows nothing about the provider. */
    private static ProviderException prefillIgnored(ModelId model, AnswerRelay relay) {
        return ProviderException.builder(model, FailureKind.CANCELLED)
                .usage(relay.usage())
                .receivedCharacters(relay.characters())
                .explanation("the beginning of the answer was not continued")
                .build();
    }

    /** Whatever failure a call ends with, it was cancelled when its listener failed or its thread was interrupted. */
    private static ProviderException asCancelledIfCallerIsGone(
            ModelId model, ProviderException failure, AnswerRelay relay) {
        // A broken connection may be our own doing: adapters close it when their thread is interrupted.
        boolean isGone =
                relay.listenerFailure() != null || Thread.currentThread().isInterrupted();
        if (!isGone || failure.kind() == FailureKind.CANCELLED) {
            return failure;
        }
        return ProviderException.builder(model, FailureKind.CANCELLED)
                .delivery(failure.delivery())
                .usage(failure.usage().isUnknown() ? relay.usage() : failure.usage())
                .receivedCharacters(failure.receivedCharacters())
                .resends(failure.resends())
                .cause(failure)
                .build();
    }

    private static CallOutcome outcome(ProviderException failure) {
        return failure.kind() == FailureKind.CANCELLED ? CallOutcome.CANCELLED : CallOutcome.FAILED;
    }

    /** One caller with a very short deadline would otherwise make a healthy model unavailable to all. */
    private static boolean hadEnoughTime(CallLimits usual, CallLimits granted, boolean streamed) {
        Duration expected = streamed ? usual.headers() : usual.total();
        return granted.total().toNanos() >= expected.toNanos() / FAIR_SHARE;
    }

    /** Records the entry with a clear interrupt flag, because a store may give up for an interrupted thread; then sets it again. */
    private void record(RequestContext context, LedgerEntry entry, Optional<Duration> firstToken) {
        boolean interrupted = Thread.interrupted();
        try {
            context.routing().ledger().accept(entry);
            Instant now = time.wallTime();
            context.publish(new Event.CallEnded(now, entry, firstToken));
            alarms.check(entry, now, context::publish);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
