package dev.architect.budget;

import dev.architect.check.Check;
import java.util.List;

/**
 * The budgets of a store as they were last read. A change that is made through it shows at once, one that another process made with the
 * next {@link #refresh()}. Safe for use by several threads.
 */
public final class BudgetCatalogue {

    private final BudgetStore store;
    private final Object refreshing = new Object();
    private volatile List<Budget> budgets = List.of();

    /** Creates an empty catalogue of {@code store}. */
    public BudgetCatalogue(BudgetStore store) {
        this.store = Check.notNull("store", store);
    }

    /** The store. */
    public BudgetStore store() {
        return store;
    }

    /** The budgets as they were last read; the same list until they are read again. Does not block. */
    public List<Budget> budgets() {
        return budgets;
    }

    /** Reads the budgets, and returns how they stand. Blocks for the store. */
    public List<BudgetState> refresh() {
        // One at a time, so that an older answer does not replace a newer one.
        synchronized (refreshing) {
            List<BudgetState> states = store.states();
            List<Budget> read = states.stream().map(BudgetState::budget).toList();
            if (!read.equals(budgets)) {
                budgets = read;
            }
            return states;
        }
    }

    /** Adds or replaces a budget, see {@link BudgetStore#set}. */
    public void set(Budget budget) {
        store.set(Check.notNull("budget", budget));
        refresh();
    }

    /** Changes a budget that is as expected, see {@link BudgetStore#change}. */
    public boolean change(Budget budget, Budget expected) {
        boolean isChanged = store.change(Check.notNull("budget", budget), Check.notNull("expected", expected));
        refresh();
        return isChanged;
    }

    /** Removes a budget; whether there was one. */
    public boolean remove(String name) {
        boolean hadOne = store.remove(Check.notBlank("name", name));
        refresh();
        return hadOne;
    }

    /** Removes a budget that is as expected, see {@link BudgetStore#remove(Budget)}. */
    public boolean remove(Budget expected) {
        boolean isRemoved = store.remove(Check.notNull("expected", expected));
        refresh();
        return isRemoved;
    }
}
