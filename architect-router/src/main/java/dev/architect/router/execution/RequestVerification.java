package dev.architect.router.execution;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.ResponseCost;
import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.model.StopReason;
import dev.architect.router.policy.VerificationSettings;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.TimeSource;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of one request: it looks at each complete answer, and keeps the last rejected one in case that no better model answers.
 * Used by one thread.
 */
final class RequestVerification {

    /** The answers are not checked. */
    static final RequestVerification NONE =
            new RequestVerification(VerificationSettings.STANDARD, List.of(), TimeSource.system());

    private static final Logger LOG = LoggerFactory.getLogger(RequestVerification.class);

    private final VerificationSettings settings;
    private final List<AnswerChecker> checkers;
    private final TimeSource time;
    private int escalations;
    // By call: of two that race, both may be answered and judged.
    private final Map<String, AnswerVerdict> verdicts = new HashMap<>();
    private @Nullable ChatResponse rejected;
    private @Nullable CheckedDelivery delivery;

    RequestVerification(VerificationSettings settings, List<AnswerChecker> checkers, TimeSource time) {
        this.settings = settings;
        this.checkers = checkers;
        this.time = time;
    }

    boolean isOn() {
        return !checkers.isEmpty();
    }

    /** Returns the listener for the calls of the request, which stands before {@code target}. */
    CheckedDelivery deliverTo(ChatListener target) {
        CheckedDelivery created = new CheckedDelivery(target, settings.delivery());
        delivery = created;
        return created;
    }

    /**
     * Checks the answer of a call that has just ended, and returns what the ledger keeps of the call: the entry as it is unless a checker
     * rejects the answer, which is then no answer that the baseline would have given.
     */
    LedgerEntry judge(RequestContext context, ProviderAnswer answer, AnswerRelay relay, LedgerEntry entry) {
        if (delivery != null) {
            delivery.onWhole();
        }
        if (checkers.isEmpty() || !isCheckable(answer)) {
            return entry;
        }
        AnswerVerdict verdict = verdict(context.request(), context.response(answer, relay, entry, MoneyTotal.ZERO));
        verdicts.put(entry.callId(), verdict);
        context.publish(new Event.AnswerChecked(
                time.wallTime(),
                context.task(),
                context.requestId(),
                entry.route().answered(),
                verdict));
        return verdict.isRejected() ? rejected(entry) : entry;
    }

    private static LedgerEntry rejected(LedgerEntry entry) {
        CallCharge charge = entry.charge();
        return new LedgerEntry(
                entry.callId(),
                entry.origin(),
                entry.route(),
                entry.timing(),
                CallOutcome.REJECTED,
                entry.failure(),
                entry.metering(),
                new CallCharge(charge.cost(), charge.computed(), Cost.NOT_BILLED, charge.catalogueVersion()),
                entry.stopReason());
    }

    /** What the checkers said of the answer of a call. */
    AnswerVerdict verdictOf(LedgerEntry entry) {
        return checkers.isEmpty()
                ? AnswerVerdict.unchecked()
                : verdicts.getOrDefault(entry.callId(), AnswerVerdict.unchecked());
    }

    /** Keeps a rejected answer in case that no better one comes. */
    void keep(ChatResponse answer) {
        rejected = answer;
    }

    private static boolean isCheckable(ProviderAnswer answer) {
        return (answer.stopReason() == StopReason.COMPLETE || answer.stopReason() == StopReason.STOP_SEQUENCE)
                && answer.toolCalls().isEmpty();
    }

    private AnswerVerdict verdict(ChatRequest request, ChatResponse answer) {
        boolean isUnsure = false;
        for (AnswerChecker checker : checkers) {
            AnswerVerdict verdict = ask(checker, request, answer);
            if (verdict.isRejected()) {
                return verdict;
            }
            isUnsure = isUnsure || verdict.kind() != AnswerVerdict.Kind.ACCEPTED;
        }
        return isUnsure ? AnswerVerdict.unsure() : AnswerVerdict.accepted();
    }

    @SuppressWarnings("NullAway") // A checker of the host may answer null whatever its contract says.
    private static AnswerVerdict ask(AnswerChecker checker, ChatRequest request, ChatResponse answer) {
        try {
            AnswerVerdict verdict = checker.check(request, answer);
            return verdict == null ? AnswerVerdict.unsure() : verdict;
        } catch (Throwable failure) {
            // By its class alone: its message may be text of the answer.
            LOG.warn(
                    "a checker failed with {}, and its verdict is unsure",
                    failure.getClass().getName());
            return AnswerVerdict.unsure();
        }
    }

    /** Whether a rejected answer may be replaced by that of a better model once more. */
    boolean mayEscalate() {
        return escalations++ < settings.escalations();
    }

    /** What a further call may cost; empty when there is no limit. Negative when nothing is left. */
    Optional<Money> moneyLeft(MoneyTotal spent) {
        return settings.maxSpend().map(most -> {
            BigInteger left = BigInteger.valueOf(most.picoUsd()).subtract(spent.picoUsd());
            return new Money(left.max(BigInteger.valueOf(-1)).longValue());
        });
    }

    /** The answer to return when no better one comes: the last that was rejected, with all that the request has spent. */
    Optional<ChatResponse> fallback(MoneyTotal spent) {
        ChatResponse last = rejected;
        if (last == null) {
            return Optional.empty();
        }
        ResponseCost cost = last.cost();
        return Optional.of(last.asAnswerOf(
                last.requestId(), new ResponseCost(cost.answer(), cost.baseline(), spent, cost.avoided())));
    }
}
