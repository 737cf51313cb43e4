package dev.architect.router.budget;

import dev.architect.cost.Cost;
import dev.architect.cost.CostStatus;
import dev.architect.cost.Money;
import dev.architect.router.admission.BudgetHold;

/** A reservation in the store. */
final class ReservedBudgets implements BudgetHold {

    private final BudgetClaim claim;
    private final String reservation;
    private final Money amount;
    private boolean isSent;
    private boolean isSettled;

    ReservedBudgets(BudgetClaim claim, String reservation, Money amount) {
        this.claim = claim;
        this.reservation = reservation;
        this.amount = amount;
    }

    @Override
    public void sent() {
        isSent = true;
    }

    @Override
    public void settle(Cost cost) {
        if (isSettled) {
            return;
        }
        isSettled = true;
        Money unknown = cost.status() == CostStatus.UNPRICED ? amount : Money.ZERO;
        claim.settle(reservation, cost.amount().orElse(unknown));
    }

    @Override
    public void close() {
        if (!isSettled) {
            isSettled = true;
            claim.settle(reservation, isSent ? amount : Money.ZERO);
        }
    }
}
