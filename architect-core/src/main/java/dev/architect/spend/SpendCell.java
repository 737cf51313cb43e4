package dev.architect.spend;

import dev.architect.check.Check;
import java.util.Comparator;
import java.util.List;

/**
 * What the calls did and cost that have the same value on each axis of a breakdown.
 *
 * @param values the values, in the order of the axes
 * @param totals their sums
 */
public record SpendCell(List<String> values, SpendTotals totals) {

    /** The order of values: by the first, then by the next. They are of the same axes. */
    public static final Comparator<List<String>> BY_VALUES = (one, other) -> {
        for (int i = 0; i < one.size(); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    /** Copies the list and checks both. */
    public SpendCell {
        values = List.copyOf(Check.noNulls("values", values));
        Check.notNull("totals", totals);
    }
}
