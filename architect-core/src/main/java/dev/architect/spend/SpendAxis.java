package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.SpendDimension;
import dev.architect.project.Attribution;
import java.util.Optional;

/**
 * What the calls of a breakdown are told apart by: a dimension, or the value of a tag of the host.
 *
 * @param dimension the dimension; empty for a tag
 * @param tag the name of the tag; empty for a dimension
 */
public record SpendAxis(Optional<SpendDimension> dimension, Optional<String> tag) {

    /** Checks that one of them is there, and that it can be the name of a tag. */
    public SpendAxis {
        Check.notNull("dimension", dimension);
        Check.notNull("tag", tag).ifPresent(name -> Attribution.DEFAULT.withTag(name, ""));
        if (dimension.isPresent() == tag.isPresent()) {
            throw new IllegalArgumentException("axis is a dimension and a tag, or none of both, expected one of them");
        }
    }

    /** Returns the axis of a dimension. */
    public static SpendAxis of(SpendDimension dimension) {
        return new SpendAxis(Optional.of(Check.notNull("dimension", dimension)), Optional.empty());
    }

    /**
     * Returns the axis of a tag.
     *
     * @throws IllegalArgumentException when no tag can have that name
     */
    public static SpendAxis ofTag(String name) {
        return new SpendAxis(Optional.empty(), Optional.of(Check.notNull("name", name)));
    }

    /** Returns the value that a call has here; empty for a call without the tag. */
    public String of(LedgerEntry call) {
        Check.notNull("call", call);
        return dimension
                .map(each -> each.of(call))
                .orElseGet(() -> call.origin().attribution().tags().getOrDefault(tag.orElseThrow(), ""));
    }
}
