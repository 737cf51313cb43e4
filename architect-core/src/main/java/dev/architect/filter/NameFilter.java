package dev.architect.filter;

import dev.architect.check.Check;
import java.util.Set;

/**
 * Which names pass: all of some, or all but some. Immutable.
 *
 * @param included those that pass; empty for all
 * @param excluded those that do not pass, also when they are included
 */
public record NameFilter(Set<String> included, Set<String> excluded) {

    /** Every name passes. */
    public static final NameFilter ALL = new NameFilter(Set.of(), Set.of());

    /** Copies the sets. */
    public NameFilter {
        included = Set.copyOf(Check.noNulls("included", included));
        excluded = Set.copyOf(Check.noNulls("excluded", excluded));
    }

    /** Returns a filter for some names; none passes all. */
    public static NameFilter of(String... names) {
        return new NameFilter(Set.of(Check.noNulls("names", names)), Set.of());
    }

    /** Returns a filter for all names but some. */
    public static NameFilter except(String... names) {
        return new NameFilter(Set.of(), Set.of(Check.noNulls("names", names)));
    }

    /** Whether every name passes. */
    public boolean isAll() {
        return included.isEmpty() && excluded.isEmpty();
    }

    /** Whether a name passes. */
    public boolean accepts(String name) {
        return (included.isEmpty() || included.contains(Check.notNull("name", name))) && !excluded.contains(name);
    }
}
