package dev.architect.router.execution;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.event.Event;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.record.DecisionCandidate;
import dev.architect.record.DecisionExclusion;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionRecord;
import dev.architect.record.DecisionResult;
import dev.architect.record.RequestFeatures;
import dev.architect.route.Candidate;
import dev.architect.route.Exclusion;
import dev.architect.route.Route;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records one decision: it stands before the ledger of the request, counts its calls, and publishes the record at the end. Whatever fails
 * here is logged; the request is not concerned. Calls that end after the request, such as the slower one of two, are not in it. Safe for use by several threads.
 */
final class DecisionRecording implements Consumer<LedgerEntry> {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionRecording.class);

    private final RoutingContext routing;
    private final String policyVersion;
    private final TimeSource time;
    private final Instant at;
    private final long start;
    private int calls;
    private int unpricedCalls;
    private long spentPicoUsd;
    private @Nullable LedgerEntry last;

    DecisionRecording(RoutingContext routing, String policyVersion, TimeSource time) {
        this.routing = routing;
        this.policyVersion = policyVersion;
        this.time = time;
        this.at = time.wallTime();
        this.start = time.nanoTime();
    }

    @Override
    public void accept(LedgerEntry entry) {
        count(entry);
        routing.ledger().accept(entry);
    }

    private synchronized void count(LedgerEntry entry) {
        calls++;
        last = entry;
        Optional<Money> cost = entry.charge().cost().amount();
        if (cost.isEmpty()) {
            unpricedCalls++;
        } else {
            long sum = spentPicoUsd + cost.get().picoUsd();
            // More than a long of pico-dollars is no cost of a request.
            spentPicoUsd = sum < 0 ? Long.MAX_VALUE : sum;
        }
    }

    /** The request ended: with an answer, or with a failure. */
    void publish(RequestContext context, @Nullable ChatResponse answer, @Nullable Throwable failure) {
        try {
            DecisionRecord decision = record(context, answer, failure);
            context.publish(new Event.DecisionRecorded(time.wallTime(), decision));
        } catch (Throwable unexpected) {
            LOG.warn("a decision was not recorded: {}", unexpected.getClass().getName());
        }
    }

    private DecisionRecord record(RequestContext context, @Nullable ChatResponse answer, @Nullable Throwable failure) {
        ChatRequest request = context.request();
        Route route = context.plan().route();
        return new DecisionRecord(
                0,
                context.requestId(),
                at,
                policyVersion,
                routing.scope().attribution().project(),
                context.task(),
                new RequestFeatures(
                        context.plan().complexity(),
                        request.selection().quality(),
                        request.selection().model(),
                        request.requiredCapabilities()),
                candidates(route),
                exclusions(route),
                result(answer, failure),
                Optional.empty(),
                context.plan().choice());
    }

    private static List<DecisionCandidate> candidates(Route route) {
        List<DecisionCandidate> candidates = new ArrayList<>();
        for (Candidate each : route.candidates()) {
            candidates.add(new DecisionCandidate(
                    each.model(),
                    each.quality(),
                    each.estimate().promptTokens(),
                    each.estimate().answerTokens(),
                    each.estimate().cost().amount()));
        }
        return candidates;
    }

    private static List<DecisionExclusion> exclusions(Route route) {
        List<DecisionExclusion> exclusions = new ArrayList<>();
        for (Exclusion each : route.exclusions()) {
            exclusions.add(new DecisionExclusion(each.model(), each.code()));
        }
        return exclusions;
    }

    private synchronized DecisionResult result(@Nullable ChatResponse answer, @Nullable Throwable failure) {
        LedgerEntry ended = last;
        return new DecisionResult(
                outcome(answer, failure),
                answer != null || ended == null ? Optional.empty() : ended.failure(),
                Optional.ofNullable(answer).map(ChatResponse::model),
                answer == null ? -1 : answer.position(),
                calls,
                unpricedCalls,
                answer == null ? TokenUsage.UNKNOWN : answer.usage(),
                answer == null ? Optional.empty() : answer.cost().answer().amount(),
                new Money(spentPicoUsd),
                Duration.ofNanos(Math.max(0, time.nanoTime() - start)),
                answer == null ? AnswerVerdict.unchecked() : answer.verdict());
    }

    private DecisionOutcome outcome(@Nullable ChatResponse answer, @Nullable Throwable failure) {
        if (answer != null) {
            return answer.verdict().isRejected() ? DecisionOutcome.REJECTED : DecisionOutcome.ANSWERED;
        }
        boolean isCancelled = (last != null && last.outcome() == CallOutcome.CANCELLED)
                || (failure instanceof ProviderException stated && stated.kind() == FailureKind.CANCELLED);
        return isCancelled ? DecisionOutcome.CANCELLED : DecisionOutcome.FAILED;
    }
}
