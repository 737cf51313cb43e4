package dev.architect;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetArguments;
import dev.architect.budget.BudgetCatalogue;
import dev.architect.budget.BudgetReservation;
import dev.architect.budget.BudgetState;
import dev.architect.check.Check;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits on what calls cost, which all nodes of a store share. A change holds for requests that begin on this node from then on, and on
 * others within about ten seconds. Methods block for the store; safe for use by several threads.
 */
public final class Budgets {

    private final @Nullable BudgetCatalogue catalogue;

    /** Creates the budgets of a store; a store without any may not be asked to set one. */
    public Budgets(Optional<BudgetCatalogue> catalogue) {
        this.catalogue = Check.notNull("catalogue", catalogue).orElse(null);
    }

    /** Returns all budgets as they stand, in the order of their names. */
    public List<BudgetState> states() {
        return catalogue == null ? List.of() : catalogue.refresh();
    }

    /** Returns how a budget stands; empty when there is none of that name. */
    public Optional<BudgetState> find(String name) {
        Check.notBlank("name", name);
        return states().stream()
                .filter(state -> state.budget().name().equals(name))
                .findFirst();
    }

    /**
     * Returns what calls on their way hold back of a budget, what is free soonest first; nothing for a budget that is not there.
     *
     * @param limit the most reservations, 1 to {@value dev.architect.budget.BudgetStore#MOST_RESERVATIONS}
     */
    public List<BudgetReservation> reservations(String name, int limit) {
        BudgetArguments.name(name);
        BudgetArguments.limit(limit);
        return catalogue == null ? List.of() : catalogue.store().reservations(name, limit);
    }

    /**
     * Adds a budget, or replaces that of the same name. What was spent counts on unless its scope or its period is another.
     *
     * @throws dev.architect.error.CapacityException when there are {@value dev.architect.budget.BudgetStore#MOST_BUDGETS} others
     * @throws IllegalStateException when the store has no budgets
     */
    public void set(Budget budget) {
        Check.notNull("budget", budget);
        if (catalogue == null) {
            throw new IllegalStateException("store has no budgets, expected one of memory, SQLite and PostgreSQL");
        }
        catalogue.set(budget);
    }

    /**
     * Changes a budget that is as it was read. What was spent counts on unless its scope or its period is another.
     *
     * @param expected the budget as it was read, of the same name
     * @return whether it was still there and as expected; if not, nothing has changed
     */
    public boolean change(Budget budget, Budget expected) {
        Check.notNull("budget", budget);
        Check.notNull("expected", expected);
        return catalogue != null && catalogue.change(budget, expected);
    }

    /** Removes a budget; whether there was one. */
    public boolean remove(String name) {
        Check.notBlank("name", name);
        return catalogue != null && catalogue.remove(name);
    }

    /**
     * Removes a budget that is as it was read.
     *
     * @param expected the budget as it was read
     * @return whether it was still there and as expected; if not, nothing has changed
     */
    public boolean remove(Budget expected) {
        Check.notNull("expected", expected);
        return catalogue != null && catalogue.remove(expected);
    }
}
