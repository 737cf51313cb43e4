package dev.architect.router.execution;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.route.CostEstimate;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.RequestedTier;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the ledger entry of a call, however it ended, with its usage and cost:
 *
 * <ul>
 *   <li>answered: the stated cost, with ours beside it; else the reported usage at the prices of the model that answered;
 *       where the provider left a count open, an estimate of the text, the reasoning and the tool calls
 *   <li>failed or cancelled after output: an estimate of prompt and output, at the prices of the model that was answering; or
 *       the cost stated so far, if that is more
 *   <li>failed without output, but the provider may have worked on it (silence, a lost connection, a broken answer): an
 *       estimate of the prompt
 *   <li>refused with a stated error, or never sent: not billed, unless the error came with usage
 *   <li>died with its connection and was sent once more by the adapter: a failed call that is not billed, beside the entry of
 *       the call
 *   <li>of a model that has a price for its time: how long the call took, beside its tokens
 *   <li>never heard of again, because this process ended: what the route expected it to cost
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
final class LedgerEntryFactory {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerEntryFactory.class);

    /** From this HTTP status on the provider has stated that it did not answer. */
    private static final int FIRST_ERROR_STATUS = 400;

    /** Perplexity rounds each of its up to six components to five decimals of a dollar. */
    private static final Money ROUNDING = Money.ofUsd("0.00006");

    /** Of every answered call one. */
    private static final Map<StopReason, Optional<StopReason>> STOP_REASONS = new EnumMap<>(StopReason.class);

    static {
        for (StopReason reason : StopReason.values()) {
            STOP_REASONS.put(reason, Optional.of(reason));
        }
    }

    private final CallPricer prices;
    private final TokenEstimator tokens;

    LedgerEntryFactory(CallPricer prices, TokenEstimator tokens) {
        this.prices = prices;
        this.tokens = tokens;
    }

    LedgerEntry forAnswer(CompletedCall call, ProviderAnswer answer) {
        ModelId answered = answered(call, answer.model());
        Metering count = timed(call, answered, count(call, answer));
        Cost computed = priced(
                count, prices.cost(answered, answer.serviceTier(), answer.region(), count.usage(), call.startedAt()));
        Optional<Money> stated = answer.statedCost();
        Cost cost = stated.isPresent() ? new Cost(CostStatus.STATED, stated) : computed;
        if (stated.isPresent()) {
            // A warning only: the provider's own figure is what will be billed, so it is the one that is booked.
            warnOnDifference(answered, stated.get(), computed);
        }
        // The baseline model answers chats: vectors have no other price than their own, so they save nothing.
        Cost baseline = call.request().selection().needs().contains(Capability.EMBEDDINGS)
                ? cost
                : priced(count, prices.baseline(count.usage(), cost, call.startedAt()));
        return entry(
                call,
                route(call, answered, answer.serviceTier(), answer.region(), answer.requestId()),
                CallOutcome.ANSWERED,
                Optional.empty(),
                count,
                new CallCharge(
                        cost, stated.isPresent() ? computed.amount() : Optional.empty(), baseline, prices.version()),
                Objects.requireNonNull(STOP_REASONS.get(answer.stopReason())));
    }

    /** The entry of a call that gave no answer; {@code delivered} characters of it had been handed on. */
    LedgerEntry forFailure(CompletedCall call, ProviderException failure, CallOutcome outcome, long delivered) {
        // The two differ: a whole answer that broke reached no listener, and a failure may state no characters.
        long received = Math.max(delivered, failure.receivedCharacters());
        ModelId answered =
                failure.answeringModel().map(name -> answered(call, name)).orElse(call.requested());
        Metering count = timed(call, answered, count(call, failure, received));
        String tier = failure.serviceTier()
                .orElseGet(() -> count.usage().isUnknown() ? Price.STANDARD : requestedTier(call, count.usage()));
        String region = failure.region().orElse("");
        Cost computed = count.usage().isUnknown()
                ? Cost.NOT_BILLED
                : priced(count, prices.cost(answered, tier, region, count.usage(), call.startedAt()));
        OptionalLong stated = failure.statedCostPicoUsd();
        // What a provider states amid an answer is of some moment before the end: without the fee of the request, for
        // one.
        boolean isStatedWhole = stated.isPresent()
                && (count.source() == UsageSource.REPORTED
                        || computed.amount()
                                .filter(amount -> amount.picoUsd() > stated.getAsLong())
                                .isEmpty());
        CallCharge charge = !isStatedWhole
                ? new CallCharge(computed, Optional.empty(), Cost.NOT_BILLED, prices.version())
                : new CallCharge(
                        new Cost(CostStatus.STATED, Optional.of(new Money(stated.getAsLong()))),
                        computed.amount(),
                        Cost.NOT_BILLED,
                        prices.version());
        return entry(
                call,
                route(call, answered, tier, region, failure.requestId()),
                outcome,
                Optional.of(failure.kind()),
                count,
                charge,
                Optional.empty());
    }

    /** The entry of a send that died with its connection before any byte of a reply, and that {@code call} replaced. */
    LedgerEntry forResentCall(CompletedCall call, String id) {
        // Its length is not known, and the whole duration is that of the call that replaced it.
        CompletedCall lost = new CompletedCall(
                call.context(),
                id,
                call.position(),
                call.requested(),
                call.startedAt(),
                Duration.ZERO,
                call.prefixCharacters());
        return entry(
                lost,
                unserved(call),
                CallOutcome.FAILED,
                Optional.of(FailureKind.UNAVAILABLE),
                new Metering(TokenUsage.UNKNOWN, UsageSource.REPORTED),
                new CallCharge(Cost.NOT_BILLED, Optional.empty(), Cost.NOT_BILLED, prices.version()),
                Optional.empty());
    }

    /** The entry of a call that was sent, should nothing more be heard of it: the provider answers it all the same. */
    LedgerEntry forUnrecordedCall(CompletedCall call) {
        CostEstimate expected = call.context().plan().estimate(call.position());
        TokenUsage.Builder usage = TokenUsage.builder()
                .add(UsageBucket.INPUT, expected.promptTokens() + tokens.answerTokens(call.prefixCharacters()))
                .add(UsageBucket.OUTPUT, expected.answerTokens());
        if (paysForSearch(call, expected.promptTokens())) {
            usage.add(UsageBucket.WEB_SEARCH, 1);
        }
        Metering count = new Metering(usage.build(), UsageSource.ESTIMATED);
        String tier = requestedTier(call, count.usage());
        Cost cost = prices.cost(call.requested(), tier, "", count.usage(), call.startedAt());
        return entry(
                call,
                route(call, call.requested(), tier, "", Optional.empty()),
                CallOutcome.CANCELLED,
                Optional.of(FailureKind.CANCELLED),
                count,
                new CallCharge(cost.estimated(), Optional.empty(), Cost.NOT_BILLED, prices.version()),
                Optional.empty());
    }

    /**
     * The tier that probably serves a call whose provider does not say: the one that the request asks for, where it has rates. Else the usual one,
     * at whose price the call is estimated, as it would be without the wish.
     */
    private String requestedTier(CompletedCall call, TokenUsage usage) {
        String requested = RequestedTier.of(call.request(), call.requested().provider());
        return requested.equals(Price.STANDARD)
                        || prices.find(call.requested(), requested, call.startedAt(), usage.promptTokens())
                                .isEmpty()
                ? Price.STANDARD
                : requested;
    }

    /** Whether a search is expected and has a fee of its own, because the fee of the request does not cover it. */
    private boolean paysForSearch(CompletedCall call, long promptTokens) {
        return call.request().selection().needs().contains(Capability.WEB_SEARCH)
                && prices.find(call.requested(), call.startedAt(), promptTokens)
                        .map(Price::rates)
                        .map(rates ->
                                rates.containsKey(UsageBucket.WEB_SEARCH) || !rates.containsKey(UsageBucket.REQUEST))
                        .orElse(true);
    }

    private static ModelId answered(CompletedCall call, String model) {
        ModelId requested = call.requested();
        return requested.model().equals(model) ? requested : new ModelId(requested.provider(), model);
    }

    /** The request for the rest of an answer: its limit of tokens is that of the whole answer. */
    ChatRequest withoutTokensOf(String prefix, ChatRequest request) {
        int most = request.generation().maxOutputTokens().orElse(0);
        if (most == 0) {
            return request;
        }
        long rest = Math.max(1, most - tokens.answerTokens(prefix.length()));
        return request.toBuilder().maxOutputTokens((int) rest).build();
    }

    private Metering count(CompletedCall call, ProviderAnswer answer) {
        TokenUsage usage = answer.usage();
        boolean estimated = answer.usageSource() == UsageSource.ESTIMATED;
        if (!usage.isKnown(UsageBucket.INPUT)) {
            usage = withPrompt(usage, call);
            estimated = true;
        }
        if (!usage.isKnown(UsageBucket.OUTPUT)) {
            usage = withOutput(usage, tokens.answerTokens(call.requested(), answer.content()));
            estimated = true;
        }
        return new Metering(usage, estimated ? UsageSource.ESTIMATED : UsageSource.REPORTED);
    }

    private Metering count(CompletedCall call, ProviderException failure, long received) {
        TokenUsage usage = failure.usage();
        // With output but an early end the count is of some moment before it: vendors count at the end of a stream.
        // So it is with a cancelled call, whose provider works on until it notices.
        boolean complete = received == 0 && !usage.isUnknown() && failure.kind() != FailureKind.CANCELLED;
        if (complete || (received == 0 && !mayBeBilled(failure))) {
            return new Metering(usage, UsageSource.REPORTED);
        }
        if (!usage.isKnown(UsageBucket.INPUT)) {
            usage = withPrompt(usage, call);
        }
        return new Metering(withOutput(usage, tokens.answerTokens(received)), UsageSource.ESTIMATED);
    }

    /** Adds how long the call took, where the model has a price for it. */
    private Metering timed(CompletedCall call, ModelId answered, Metering count) {
        TokenUsage usage = count.usage();
        if (usage.isUnknown() || !prices.hasPriceOfTime(answered, call.startedAt(), usage.promptTokens())) {
            return count;
        }
        return new Metering(
                plus(usage, UsageBucket.COMPUTE_MILLIS, call.duration().toMillis()), count.source());
    }

    private static boolean mayBeBilled(ProviderException failure) {
        if (failure.delivery() == DeliveryStatus.NOT_SENT) {
            return false;
        }
        // The request may have arrived, and the provider may have worked on it before the silence or the lost
        // connection.
        if (failure.delivery() == DeliveryStatus.UNKNOWN) {
            return true;
        }
        if (failure.status().orElse(0) >= FIRST_ERROR_STATUS) {
            return false;
        }
        return switch (failure.kind()) {
            case TIMEOUT, UNAVAILABLE, PROTOCOL, CONTENT_REFUSED, CANCELLED -> true;
            case RATE_LIMITED,
                    QUOTA_EXHAUSTED,
                    OVERLOADED,
                    AUTHENTICATION,
                    MODEL_NOT_FOUND,
                    CONTEXT_TOO_LONG,
                    TOO_LARGE_FOR_LIMIT,
                    INVALID_REQUEST,
                    UNSUPPORTED -> false;
        };
    }

    /** Adds what the estimate of the whole prompt has beyond what was counted of it. */
    private TokenUsage withPrompt(TokenUsage usage, CompletedCall call) {
        long prompt = tokens.promptTokens(call.requested(), call.request())
                // The beginning of the answer is read like the prompt.
                + tokens.answerTokens(call.prefixCharacters());
        long missing = prompt - usage.promptTokens();
        return plus(usage, UsageBucket.INPUT, Math.max(0, missing));
    }

    /** Adds what the estimate of everything produced has beyond what was counted of it. */
    private static TokenUsage withOutput(TokenUsage usage, long estimate) {
        return plus(usage, UsageBucket.OUTPUT, Math.max(0, estimate - usage.completionTokens()));
    }

    private static TokenUsage plus(TokenUsage usage, UsageBucket bucket, long count) {
        TokenUsage.Builder sum = TokenUsage.builder();
        usage.counts().forEach(sum::add);
        return sum.add(bucket, count).build();
    }

    private static void warnOnDifference(ModelId model, Money stated, Cost computed) {
        computed.amount()
                .map(amount -> Math.abs(Math.subtractExact(amount.picoUsd(), stated.picoUsd())))
                .filter(difference -> difference > ROUNDING.picoUsd())
                .ifPresent(difference -> LOG.warn(
                        "{} states a cost of {}, our prices give {}: check the catalogue",
                        model,
                        stated,
                        computed.amount().orElse(null)));
    }

    private static CallRoute route(
            CompletedCall call, ModelId answered, String tier, String region, Optional<String> providerRequestId) {
        return new CallRoute(
                call.context().plan().complexity(),
                call.position(),
                call.requested(),
                answered,
                tier,
                region,
                providerRequestId);
    }

    /** The route of a call of which nothing was heard. */
    private static CallRoute unserved(CompletedCall call) {
        return route(call, call.requested(), Price.STANDARD, "", Optional.empty());
    }

    private static LedgerEntry entry(
            CompletedCall call,
            CallRoute route,
            CallOutcome outcome,
            Optional<FailureKind> failure,
            Metering count,
            CallCharge charge,
            Optional<StopReason> stopReason) {
        RequestContext context = call.context();
        return new LedgerEntry(
                call.id(),
                new CallOrigin(
                        context.requestId(),
                        context.task(),
                        context.routing()
                                .fencingToken()
                                .map(FencingToken::epoch)
                                .orElse(0L),
                        context.routing().scope().attribution(),
                        context.task().flatMap(task -> context.routing().scope().taskType())),
                route,
                new CallTiming(call.startedAt(), call.duration()),
                outcome,
                failure,
                count,
                charge,
                stopReason);
    }

    private static Cost priced(Metering count, Cost cost) {
        return count.source() == UsageSource.ESTIMATED ? cost.estimated() : cost;
    }
}
