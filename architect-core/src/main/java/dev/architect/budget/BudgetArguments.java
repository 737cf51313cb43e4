package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import java.time.Duration;
import java.util.List;

/** Checks what a {@link BudgetStore} is called with, in the same words for every store. */
public final class BudgetArguments {

    private static final int MOST_CHARACTERS = 128;

    private BudgetArguments() {}

    /**
     * Returns a budget that is there.
     *
     * @throws IllegalArgumentException when it is null
     */
    public static Budget budget(Budget budget) {
        return Check.notNull("budget", budget);
    }

    /**
     * Checks a budget and what it takes the place of.
     *
     * @throws IllegalArgumentException when one is null, or the names differ
     */
    public static void change(Budget budget, Budget expected) {
        if (!budget(budget).name().equals(Check.notNull("expected", expected).name())) {
            throw new IllegalArgumentException(
                    "expected is '" + expected.name() + "', expected budget '" + budget.name() + "'");
        }
    }

    /**
     * Returns the name of a budget.
     *
     * @throws IllegalArgumentException when it is blank
     */
    public static String name(String name) {
        return Check.notBlank("name", name);
    }

    /**
     * Returns the name of a reservation, 1 to 128 characters.
     *
     * @throws IllegalArgumentException when it is blank or longer
     */
    public static String reservation(String reservation) {
        return Check.atMost("reservation", Check.notBlank("reservation", reservation), MOST_CHARACTERS);
    }

    /**
     * Returns how long a reservation lasts.
     *
     * @throws IllegalArgumentException when it is not more than zero
     */
    public static Duration lifetime(Duration lifetime) {
        return Check.positive("lifetime", lifetime);
    }

    /**
     * Returns a copy of the amounts to reserve.
     *
     * @throws IllegalArgumentException when one is null
     */
    public static List<BudgetAmount> amounts(List<BudgetAmount> amounts) {
        return List.copyOf(Check.noNulls("amounts", amounts));
    }

    /**
     * Returns how many reservations to read, 1 to {@value BudgetStore#MOST_RESERVATIONS}.
     *
     * @throws IllegalArgumentException when it is another number
     */
    public static int limit(int limit) {
        return Check.range("limit", limit, 1, BudgetStore.MOST_RESERVATIONS);
    }

    /**
     * Returns what a call has cost.
     *
     * @throws IllegalArgumentException when it is null
     */
    public static Money cost(Money cost) {
        return Check.notNull("cost", cost);
    }
}
