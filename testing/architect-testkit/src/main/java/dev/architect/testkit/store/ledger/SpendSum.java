package dev.architect.testkit.store.ledger;

import dev.architect.attempt.FencingToken;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.CostTotals;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.cost.TokenTotals;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendTotals;
import java.util.List;
import java.util.Set;

/**
 * What reports must return, call by call.
 *
 * @param all every call of the ledger
 * @param succeeded the attempts that have succeeded
 */
record SpendSum(List<LedgerEntry> all, Set<FencingToken> succeeded) {

    static boolean isMet(SpendFilter filter, ReportPeriod.Between period, LedgerEntry entry) {
        return !entry.timing().startedAt().isBefore(period.from())
                && entry.timing().startedAt().isBefore(period.to())
                && filter.values().keySet().stream()
                        .allMatch(dimension ->
                                value(dimension, entry).equals(filter.values().get(dimension)))
                && (filter.task().isEmpty()
                        || filter.task().equals(entry.origin().task()))
                && (filter.failure().isEmpty() || filter.failure().equals(entry.failure()))
                && filter.tags().entrySet().stream()
                        .allMatch(tag -> tag.getValue()
                                .equals(entry.origin().attribution().tags().get(tag.getKey())));
    }

    static String value(SpendDimension dimension, LedgerEntry entry) {
        return switch (dimension) {
            case PROVIDER -> entry.route().requested().provider();
            case MODEL -> entry.route().answered().toString();
            case PROJECT -> entry.origin().attribution().project().name();
            case USER -> entry.origin().attribution().user().orElse("");
            case COMPLEXITY -> entry.route().complexity().name();
            case OUTCOME -> entry.outcome().name();
            case COST_STATUS -> entry.charge().cost().status().name();
            case SERVICE_TIER -> entry.route().serviceTier();
            case REGION -> entry.route().region();
            case TASK_TYPE -> entry.origin().taskType().orElse("");
            case KEY -> entry.origin().attribution().key().orElse("");
        };
    }

    SpendTotals of(List<LedgerEntry> calls) {
        return calls.stream().map(this::of).reduce(SpendTotals.ZERO, SpendTotals::plus);
    }

    private SpendTotals of(LedgerEntry call) {
        Cost charged = call.charge().cost();
        MoneyTotal amount = MoneyTotal.sum(charged.amount().stream().toList());
        boolean isAnswered = call.outcome() == CallOutcome.ANSWERED;
        boolean isAccepted = isAnswered && isOfSuccess(call);
        boolean isEstimated = charged.status() == CostStatus.ESTIMATED;
        return new SpendTotals(
                isAccepted ? 1 : 0,
                new CallCounts(
                        1,
                        call.outcome() == CallOutcome.FAILED ? 1 : 0,
                        isAnswered && hasFailedBefore(call) ? 1 : 0,
                        charged.status() == CostStatus.UNPRICED ? 1 : 0),
                new TokenTotals(
                        call.metering().usage().promptTokens(),
                        call.metering().usage().completionTokens()),
                new CostTotals(
                        isEstimated ? MoneyTotal.ZERO : amount,
                        isEstimated ? amount : MoneyTotal.ZERO,
                        isAccepted && charged.amount().isPresent()
                                ? MoneyTotal.sum(call.charge().baseline().amount().stream()
                                        .toList())
                                : MoneyTotal.ZERO));
    }

    private boolean isOfSuccess(LedgerEntry call) {
        return call.origin()
                .task()
                .map(task -> succeeded.stream()
                        .anyMatch(token -> token.id().equals(task)
                                && token.epoch() == call.origin().epoch()))
                .orElse(true);
    }

    private boolean hasFailedBefore(LedgerEntry call) {
        return all.stream()
                .anyMatch(each -> each.outcome() == CallOutcome.FAILED
                        && each.origin().requestId().equals(call.origin().requestId())
                        && each.route().position() < call.route().position());
    }
}
