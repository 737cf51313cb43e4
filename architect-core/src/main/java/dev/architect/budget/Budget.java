package dev.architect.budget;

import dev.architect.check.Check;
import dev.architect.check.ContentVersion;
import dev.architect.cost.Money;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A limit on what calls cost.
 *
 * @param name identifies it: 1 to 64 lower-case letters, digits, dots, dashes and underscores
 * @param scope which calls count
 * @param period after which time it starts anew, in UTC
 * @param limit the most that may be spent within a period, more than nothing
 * @param mode how strictly it holds
 */
public record Budget(String name, BudgetScope scope, BudgetPeriod period, Money limit, BudgetMode mode) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** Checks every field. */
    public Budget {
        if (!NAME.matcher(Check.notNull("name", name)).matches()) {
            throw new IllegalArgumentException("name is '" + name
                    + "', expected 1 to 64 lower-case letters, digits, dots, dashes and underscores");
        }
        Check.notNull("scope", scope);
        Check.notNull("period", period);
        Check.notNull("mode", mode);
        if (Check.notNull("limit", limit).picoUsd() <= 0) {
            throw new IllegalArgumentException("limit is " + limit + ", expected more than $0.00");
        }
    }

    /** Whether its mode is {@link BudgetMode#HARD}. */
    public boolean isHard() {
        return mode == BudgetMode.HARD;
    }

    /** A number that names what it states: another one as soon as any of it is another. */
    public long version() {
        return ContentVersion.of(
                List.of(name, scope.toString(), period.name(), Long.toString(limit.picoUsd()), mode.name()));
    }

    /** Whether what is spent counts on when this budget is replaced by {@code other} of the same name. */
    public boolean countsAs(Budget other) {
        return scope.equals(Check.notNull("other", other).scope) && period == other.period;
    }
}
