package dev.architect.ledger;

import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
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
    private final ExactSum recorded = new ExactSum();
    private final ExactSum rated = new ExactSum();
    private final ExactSum estimated = new ExactSum();
    private final ExactSum gained = new ExactSum();
    private final ExactSum lost = new ExactSum();

    void add(Cost before, Cost after) {
        boolean wasPriced = before.amount().isPresent();
        boolean isPriced = after.amount().isPresent();
        long was = Rerating.picoUsd(before);
        long is = Rerating.picoUsd(after);
        calls++;
        changed += before.equals(after) ? 0 : 1;
        unpriced += isPriced ? 0 : 1;
        recorded.add(was);
        rated.add(is);
        if (after.status() == CostStatus.ESTIMATED) {
            estimated.add(is);
        }
        if (isPriced && !wasPriced) {
            newlyPriced++;
            gained.add(is);
        } else if (wasPriced && !isPriced) {
            newlyUnpriced++;
            lost.add(was);
        }
    }

    RatedSpend as(String group) {
        return new RatedSpend(
                group,
                new RatedCalls(calls, changed, newlyPriced, newlyUnpriced, unpriced),
                new RatedMoney(recorded.total(), rated.total(), estimated.total(), gained.total(), lost.total()));
    }
}
