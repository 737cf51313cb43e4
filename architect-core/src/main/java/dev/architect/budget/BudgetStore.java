package dev.architect.budget;

import dev.architect.cost.Money;
import java.time.Duration;
import java.util.List;

/**
 * Budgets that all nodes of a store share. What a call may cost is reserved of every budget that it counts in, or of none; what it did cost
 * takes the place of that when it has ended. A reservation whose process died is free again after its lifetime, by the clock of the store.
 *
 * <p>Methods block until the change is durable, throw a {@link dev.architect.error.StoreException} when the store fails, and are safe for use
 * by several threads.
 */
public interface BudgetStore {

    /** The most budgets of a store. */
    int MOST_BUDGETS = 1_000;

    /** The most reservations that one call returns. */
    int MOST_RESERVATIONS = 1_000;

    /**
     * Adds a budget, or replaces that of the same name. What was spent and reserved counts on unless its scope or its period is another.
     *
     * @throws dev.architect.error.CapacityException when there are {@value #MOST_BUDGETS} others
     */
    void set(Budget budget);

    /**
     * As {@link #set}, of a budget that is expected to be there as it is. Of several such changes of the same budget at a time, one is made.
     *
     * @param expected of the same name
     * @return whether it was there and as expected; if not, nothing has changed
     */
    boolean change(Budget budget, Budget expected);

    /** Removes a budget; whether there was one. */
    boolean remove(String name);

    /**
     * Removes a budget that is expected to be there as it is. Of several such removals and changes of the same budget at a time, one is made.
     *
     * @return whether it was there and as expected; if not, nothing has changed
     */
    boolean remove(Budget expected);

    /** Returns all budgets as they stand, in the order of their names. */
    List<BudgetState> states();

    /**
     * Returns what is held back of a budget now, what is free soonest first, and of one time in an order of the store's own. Nothing for a budget
     * that is not there.
     *
     * @param name of the budget
     * @param limit the most reservations, 1 to {@value #MOST_RESERVATIONS}
     */
    List<BudgetReservation> reservations(String name, int limit);

    /**
     * Reserves all amounts, or nothing when one of them is more than its budget has left. An amount of zero always fits; names without a budget
     * are passed over. The same reservation again changes nothing and is granted.
     *
     * @param reservation identifies it, at most 128 characters; never used for another
     * @param amounts each of another budget
     * @param lifetime after which they are free again unless they were settled
     */
    BudgetDecision reserve(String reservation, List<BudgetAmount> amounts, Duration lifetime);

    /**
     * Replaces what is reserved by what the call did cost, in each of the budgets and in the period of the reservation. Also after its
     * lifetime, for at least a day. Does nothing when it was settled before.
     *
     * @param cost zero when the call was not made, or costs nothing
     * @return what this has changed about budgets that people are told of
     */
    List<BudgetCrossing> settle(String reservation, Money cost);
}
