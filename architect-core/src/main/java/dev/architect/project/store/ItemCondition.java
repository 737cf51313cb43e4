package dev.architect.project.store;

import dev.architect.check.Check;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A condition on items: that an aspect has one of some values, or that it has any.
 *
 * @param aspect what is looked at
 * @param field the id of the custom field, for {@link ItemAspect#FIELD}; else 0
 * @param values the values, at most 1,000; empty for any
 * @param isNegated whether the condition must not hold
 */
public record ItemCondition(ItemAspect aspect, long field, Set<String> values, boolean isNegated) {

    private static final int MOST = 1_000;

    /** Copies the values, in their order, and checks every field. */
    public ItemCondition {
        Check.notNull("aspect", aspect);
        Check.notNegative("field", field);
        values = Collections.unmodifiableSet(new TreeSet<>(Check.noNulls("values", values)));
        Check.range("values size", values.size(), 0, MOST);
        if (aspect.isNumber()) {
            values.forEach(Long::parseLong);
        }
    }

    /** Returns the condition that an aspect has one of some values, or any when there are none. */
    public static ItemCondition of(ItemAspect aspect, Set<String> values) {
        return new ItemCondition(aspect, 0, values, false);
    }
}
