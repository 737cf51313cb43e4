package dev.architect.ledger;

import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.MoneyTotal;
import dev.architect.spend.RatedCalls;
import dev.architect.spend.RatedMoney;
import dev.architect.spend.RatedSpend;

/** Adds up calls with what they cost and what they would have cost. Used by one thread at a time. */
final class RatedSum {

    private long calls;
    private long changed;
    private long newlyPriced;
    private long newlyUnpriced;
    private long unpriced;
    private MoneyTotal recorded = MoneyTotal.ZERO;
    private MoneyTotal rated = MoneyTotal.ZERO;
    private MoneyTotal estimated = MoneyTotal.ZERO;
    private MoneyTotal gained = MoneyTotal.ZERO;
    private MoneyTotal lost = MoneyTotal.ZERO;

    void add(Cost before, Cost after) {
        boolean wasPriced = before.amount().isPresent();
        boolean isPriced = after.amount().isPresent();
        calls++;
        changed += before.equals(after) ? 0 : 1;
        unpriced += isPriced ? 0 : 1;
        recorded = recorded.plus(Rerating.amount(before));
        rated = rated.plus(Rerating.amount(after));
        if (after.status() == CostStatus.ESTIMATED) {
            estimated = estimated.plus(Rerating.amount(after));
        }
        if (isPriced && !wasPriced) {
            newlyPriced++;
            gained = gained.plus(Rerating.amount(after));
        } else if (wasPriced && !isPriced) {
            newlyUnpriced++;
            lost = lost.plus(Rerating.amount(before));
        }
    }

    RatedSpend as(String group) {
        return new RatedSpend(
                group,
                new RatedCalls(calls, changed, newlyPriced, newlyUnpriced, unpriced),
                new RatedMoney(recorded, rated, estimated, gained, lost));
    }
}
