package dev.architect.router.admission;

import dev.architect.cost.Cost;

/** What one call has reserved of the budgets. Used by one thread. */
public interface BudgetHold {

    /** Of a call that no budget is about. */
    BudgetHold NONE = new BudgetHold() {
        @Override
        public void sent() {}

        @Override
        public void settle(Cost cost) {}

        @Override
        public void close() {}
    };

    /** The call is sent next: from now on it may cost something. */
    void sent();

    /** The call is in the ledger with {@code cost}; without a price, what was reserved is spent. Later calls do nothing. */
    void settle(Cost cost);

    /** Gives back what was reserved for a call that was not sent; what was sent and not settled is spent. */
    void close();
}
