package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Part;
import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.route.BreakerState;
import dev.architect.router.admission.CallPermit;
import dev.architect.router.admission.Deployment;
import dev.architect.router.hedging.CallRace;
import dev.architect.router.hedging.Hedging;
import dev.architect.router.hedging.RaceLeg;
import dev.architect.router.planning.RoutePlan;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one request, of which the first may get a rival: see {@link dev.architect.router.policy.HedgingSettings}. Both are executed by
 * {@link CallExecutor} as any other, one after the other and on the caller's thread; only their providers work side by side, on other
 * threads. So both have their entry in the ledger, their outcome on the circuit breaker and their events, and no code of the host runs on
 * another thread.
 *
 * <p>Used by one thread.
 */
final class HedgedCalls {

    private static final Logger LOG = LoggerFactory.getLogger(HedgedCalls.class);

    /** The second call may cost so many times what the first one would. */
    private static final int PRICE_CLASS = 2;

    private final RequestContext context;
    private final Hedging hedging;
    private final CallExecutor executor;
    private final CandidateSelector selector;
    private final RouterMetrics metrics;
    private final TimeSource time;
    private boolean isFirst = true;
    private MoneyTotal otherCost = MoneyTotal.ZERO;
    private @Nullable ProviderException otherFailure;

    HedgedCalls(
            RequestContext context,
            Hedging hedging,
            CallExecutor executor,
            CandidateSelector selector,
            RouterMetrics metrics,
            TimeSource time) {
        this.context = context;
        this.hedging = hedging;
        this.executor = executor;
        this.selector = selector;
        this.metrics = metrics;
        this.time = time;
        hedging.requestBegins();
    }

    /**
     * How a call, or the race of two, ended.
     *
     * @param result that of the call whose answer or failure counts
     * @param deployment the model that was called
     */
    record Ended(CallExecutor.CallResult result, Deployment deployment) {}

    /**
     * Executes the next call of the request. The permit stays the caller's, who closes it.
     *
     * @param nanosLeft until the deadline of the request
     * @param id the id of the call in the ledger
     * @param prefix what the answer begins with; empty for an answer from its beginning
     */
    Ended execute(CallPermit permit, long nanosLeft, AnswerRelay relay, String id, String prefix) {
        Deployment deployment = permit.deployment();
        boolean streamed = CallExecutor.isStreamed(context, deployment);
        long delay = hedging.delayNanos(deployment.id(), streamed);
        boolean isHedged = isFirst
                && prefix.isEmpty()
                && delay >= 0
                && delay < nanosLeft
                && context.request().toolset().tools().isEmpty()
                && deployment.breaker().state() == BreakerState.CLOSED;
        isFirst = false;
        Race race = isHedged ? new Race(permit, id, streamed, delay, nanosLeft, relay) : null;
        Ended ended = race == null
                ? new Ended(executor.execute(context, permit, nanosLeft, relay, id, prefix), deployment)
                : race.run();
        if (race == null) {
            record(permit, streamed, delay, ended.result);
        }
        return ended;
    }

    /** Returns what the calls cost that lost or failed in a race, and forgets it. */
    MoneyTotal takeOtherCost() {
        MoneyTotal cost = otherCost;
        otherCost = MoneyTotal.ZERO;
        return cost;
    }

    /** Returns the failure of the other call when both failed, and forgets it. */
    Optional<ProviderException> takeOtherFailure() {
        ProviderException failure = otherFailure;
        otherFailure = null;
        return Optional.ofNullable(failure);
    }

    private void record(CallPermit permit, boolean streamed, long delay, CallExecutor.CallResult result) {
        hedging.spend(pico(result));
        if (permit.answeredAfterNanos() >= 0) {
            hedging.recordLatency(permit.deployment().id(), streamed, permit.answeredAfterNanos(), delay);
        }
    }

    private static long pico(CallExecutor.CallResult result) {
        return result.entry().charge().cost().amount().map(Money::picoUsd).orElse(0L);
    }

    /** One call, and perhaps a second one. */
    private final class Race {
        private final CallPermit firstPermit;
        private final String firstId;
        private final boolean streamed;
        private final long delay;
        private final long deadline;
        private final AnswerRelay relay;
        private final CallRace race = hedging.newRace();
        private long startedAt;
        private @Nullable RaceLeg first;
        private @Nullable Second second;
        private @Nullable Throwable hostFailure;

        Race(CallPermit firstPermit, String firstId, boolean streamed, long delay, long nanosLeft, AnswerRelay relay) {
            this.firstPermit = firstPermit;
            this.firstId = firstId;
            this.streamed = streamed;
            this.delay = delay;
            this.deadline = time.nanoTime() + nanosLeft;
            this.relay = relay;
        }

        Ended run() {
            Ended ended = null;
            Throwable thrown = null;
            try {
                CallExecutor.NotedCall noted = executor.note(context, firstPermit.deployment(), firstId, "");
                startedAt = time.nanoTime();
                CallExecutor.CallResult result =
                        executor.execute(context, firstPermit, nanosLeft(), relay, noted, this::transmitFirst);
                record(firstPermit, streamed, delay, result);
                ended = new Ended(result, firstPermit.deployment());
            } catch (Throwable failed) {
                // Thrown again below, once the second call is settled as well.
                thrown = failed;
            }
            try {
                ended = thrown == null && isForSecond(Objects.requireNonNull(ended)) ? finishSecond(ended) : ended;
            } catch (Throwable failed) {
                thrown = failed;
            } finally {
                settleSecond();
                race.end();
            }
            thrown = thrown == null ? hostFailure : thrown;
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            if (thrown instanceof Error error) {
                throw error;
            }
            return Objects.requireNonNull(ended);
        }

        private long nanosLeft() {
            return Math.max(1, deadline - time.nanoTime());
        }

        /** The provider of the first call works on a thread of its own, so that this one may start the second call. */
        private ProviderAnswer transmitFirst(
                ModelProvider provider, ProviderCall call, @Nullable ChatListener listener) {
            RaceLeg leg = race.start(each -> send(provider, call, listener != null, each), () -> {});
            if (leg == null) {
                return CallTransmitter.DIRECT.transmit(provider, call, listener);
            }
            first = leg;
            if (race.awaitDecision(delay - (time.nanoTime() - startedAt))) {
                if (race.winner() == null && !leg.hasEnded()) {
                    startSecond();
                }
                race.deliver(leg, listener == null ? delta -> {} : listener, this::settleLoser);
            }
            RaceLeg won = race.winner();
            if (won != null && won != leg) {
                race.awaitCancelled(leg);
                // It had taken at least so long.
                hedging.recordLatency(firstPermit.deployment().id(), streamed, time.nanoTime() - startedAt, delay);
            }
            if (leg.hasEnded() && leg.isUnsent() && !leg.isCancelled()) {
                return CallTransmitter.DIRECT.transmit(provider, call, listener);
            }
            return outcome(leg, firstPermit.deployment().id());
        }

        private void startSecond() {
            if (hedging.isBrownOut() || isHalfOutOfOrder()) {
                return;
            }
            Second rival = acquireSecond();
            if (rival != null && rival.start()) {
                second = rival;
            }
        }

        private boolean isHalfOutOfOrder() {
            int sick = 0;
            for (Deployment candidate : context.plan().deployments()) {
                sick += candidate.breaker().state() == BreakerState.CLOSED ? 0 : 1;
            }
            return 2 * sick >= context.plan().deployments().size();
        }

        private @Nullable Second acquireSecond() {
            Deployment called = firstPermit.deployment();
            OptionalLong most = estimate(called);
            // A model without a price is in no class but its own.
            Optional<CallPermit> permit = most.isEmpty()
                    ? Optional.empty()
                    : selector.acquireSecond(other -> CallExecutor.isStreamed(context, other) == streamed
                            && estimate(other).orElse(Long.MAX_VALUE) <= PRICE_CLASS * most.getAsLong());
            boolean isOther = permit.isPresent();
            if (!isOther) {
                permit = selector.acquireIfWell(called);
            }
            if (permit.isEmpty()) {
                return null;
            }
            CallPermit taken = permit.get();
            long expected = estimate(taken.deployment()).orElse(0);
            if (hedging.tryTake(expected)) {
                if (selector.hasBudgets()
                        && !selector.reserveSecond(
                                taken,
                                executor.usualLimits(taken.deployment(), streamed)
                                        .total())) {
                    hedging.giveBack(expected);
                    if (isOther) {
                        selector.putBack(taken.deployment());
                    }
                    return null;
                }
                return new Second(taken, expected, isOther);
            }
            taken.close();
            if (isOther) {
                selector.putBack(taken.deployment());
            }
            return null;
        }

        private OptionalLong estimate(Deployment candidate) {
            RoutePlan plan = context.plan();
            Cost cost = plan.estimate(plan.positionOf(candidate)).cost();
            return cost.amount().isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(cost.amount().get().picoUsd());
        }

        /** The second call is settled as soon as it has ended, and not only when the stream of the first one has. */
        private long settleLoser() {
            Second loser = second;
            if (loser == null || race.winner() != first) {
                return CallRace.UNLIMITED;
            }
            long left = race.graceLeftNanos();
            if (!loser.leg().hasEnded() && left > 0) {
                return left;
            }
            settleSecond();
            return 0;
        }

        /** Whether the first call gave no answer, and the second one may. */
        private boolean isForSecond(Ended firstEnded) {
            Second rival = second;
            ProviderException failure = firstEnded.result.failure();
            return rival != null
                    && failure != null
                    && !race.isInterrupted()
                    && (race.winner() == rival.leg() || failure.kind().allowsFailover());
        }

        private Ended finishSecond(Ended firstEnded) {
            Second call = Objects.requireNonNull(second);
            second = null;
            otherCost = otherCost.plus(cost(firstEnded.result));
            boolean hasWon;
            Ended ended;
            try {
                CallExecutor.CallResult result = call.execute(relay);
                ended = new Ended(result, call.permit.deployment());
                hasWon = result.answer() != null;
                hedging.spend(pico(result));
                if (call.permit.answeredAfterNanos() >= 0) {
                    hedging.recordLatency(
                            call.permit.deployment().id(), streamed, call.permit.answeredAfterNanos(), -1);
                }
            } finally {
                call.permit.close();
                hedging.settle(call.expected, pico(firstEnded.result));
            }
            if (hasWon) {
                metrics.recordHedge(true);
                return ended;
            }
            metrics.recordHedge(false);
            ProviderException failure = Objects.requireNonNull(firstEnded.result.failure());
            // A cancelled call shows nothing, and may be made again.
            if (failure.kind() == FailureKind.CANCELLED) {
                selector.putBack(firstEnded.deployment);
            } else {
                otherFailure = failure;
            }
            return ended;
        }

        /** Books the second call when it was made and is not needed; whatever that fails with is thrown when the race is over. */
        private void settleSecond() {
            Second call = second;
            if (call == null) {
                return;
            }
            second = null;
            metrics.recordHedge(false);
            long cost = call.expected;
            try {
                CallExecutor.CallResult result = call.execute(new AnswerRelay(delta -> {}));
                otherCost = otherCost.plus(cost(result));
                cost = pico(result);
                hedging.spend(cost);
                ProviderException failure = result.failure();
                if (call.isOther && failure != null && failure.kind() == FailureKind.CANCELLED) {
                    selector.putBack(call.permit.deployment());
                }
            } catch (Throwable thrown) {
                if (hostFailure == null) {
                    hostFailure = thrown;
                }
            } finally {
                call.permit.close();
                hedging.settle(call.expected, cost);
            }
        }

        private static MoneyTotal cost(CallExecutor.CallResult result) {
            return result.entry()
                    .charge()
                    .cost()
                    .amount()
                    .map(MoneyTotal.ZERO::plus)
                    .orElse(MoneyTotal.ZERO);
        }

        /** The answer of a call whose provider has returned or was given up; throws its failure. */
        private ProviderAnswer outcome(RaceLeg leg, ModelId model) {
            if (race.isInterrupted()) {
                // As an adapter does whose thread is interrupted.
                Thread.currentThread().interrupt();
                throw cancelled(leg, model);
            }
            ProviderAnswer answer = leg.answer();
            Throwable failure = leg.failure();
            if (race.winner() == leg && failure == null) {
                return Objects.requireNonNull(answer, "answer");
            }
            if (!leg.hasEnded() || leg.isCancelled() || failure == null || answer != null) {
                throw cancelled(leg, model);
            }
            if (failure instanceof ProviderException stated) {
                throw stated;
            }
            if (failure instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            if (failure instanceof Error error && leg == first) {
                throw error;
            }
            LOG.warn("the second call, to {}, ended with an error", model, failure);
            throw new IllegalStateException(failure);
        }

        private ProviderException cancelled(RaceLeg leg, ModelId model) {
            if (leg.failure() instanceof ProviderException stated && stated.kind() == FailureKind.CANCELLED) {
                return stated;
            }
            ProviderAnswer late = leg.answer();
            return ProviderException.builder(model, FailureKind.CANCELLED)
                    .delivery(leg.isUnsent() ? DeliveryStatus.NOT_SENT : DeliveryStatus.UNKNOWN)
                    .usage(late == null ? leg.usage() : late.usage())
                    .receivedCharacters(late == null ? leg.characters() : characters(late))
                    .explanation("the other call of the request was answered first")
                    .build();
        }

        private static long characters(ProviderAnswer answer) {
            long characters = 0;
            for (Part part : answer.content()) {
                characters += part instanceof Part.Text text ? text.text().length() : 0;
            }
            return characters;
        }

        /** The second call. */
        private final class Second {
            private final CallPermit permit;
            private final long expected;
            private final boolean isOther;
            private CallExecutor.@Nullable NotedCall noted;
            private @Nullable RaceLeg leg;

            Second(CallPermit permit, long expected, boolean isOther) {
                this.permit = permit;
                this.expected = expected;
                this.isOther = isOther;
            }

            RaceLeg leg() {
                return Objects.requireNonNull(leg);
            }

            /** False when it cannot be made; then what was taken for it is given back. */
            boolean start() {
                Deployment deployment = permit.deployment();
                try {
                    noted = executor.note(context, deployment, executor.callId(context, false), "");
                    ProviderCall call = new ProviderCall(
                            deployment.id().model(),
                            context.request(),
                            executor.usualLimits(deployment, streamed).atMost(Duration.ofNanos(nanosLeft())));
                    ModelProvider provider = deployment.provider().provider();
                    permit.hold().sent();
                    leg = race.start(each -> send(provider, call, streamed, each), () -> {});
                } catch (Throwable failed) {
                    // The first call goes on, whatever code of the host failed.
                    LOG.warn("a second call, to {}, was not made", deployment.id(), failed);
                }
                if (leg != null) {
                    return true;
                }
                if (noted != null) {
                    bookUnsent(noted);
                }
                permit.close();
                hedging.giveBack(expected);
                if (isOther) {
                    selector.putBack(deployment);
                }
                return false;
            }

            /** Ends the noted call as not sent, so that its note does not stay open. */
            private void bookUnsent(CallExecutor.NotedCall note) {
                try {
                    executor.execute(
                            context, permit, nanosLeft(), new AnswerRelay(delta -> {}), note, (provider, call, to) -> {
                                throw ProviderException.builder(
                                                permit.deployment().id(), FailureKind.CANCELLED)
                                        .delivery(DeliveryStatus.NOT_SENT)
                                        .build();
                            });
                } catch (Throwable failed) {
                    hostFailure = failed;
                }
            }

            CallExecutor.CallResult execute(AnswerRelay to) {
                return executor.execute(
                        context, permit, nanosLeft(), to, Objects.requireNonNull(noted), this::transmit);
            }

            private ProviderAnswer transmit(
                    ModelProvider provider, ProviderCall call, @Nullable ChatListener listener) {
                RaceLeg mine = leg();
                RaceLeg won = race.winner();
                if ((won != null && won != mine) || race.isInterrupted()) {
                    race.awaitCancelled(mine);
                } else {
                    race.deliver(mine, listener == null ? delta -> {} : listener, () -> CallRace.UNLIMITED);
                }
                return outcome(mine, permit.deployment().id());
            }
        }
    }

    private static ProviderAnswer send(
            ModelProvider provider, ProviderCall call, boolean streamed, ChatListener listener) {
        return CallTransmitter.DIRECT.transmit(provider, call, streamed ? listener : null);
    }
}
