package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.project.milestone.MilestoneId;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What an item belongs to, and until when it is wanted.
 *
 * @param parent the item that it is a part of, of the same project
 * @param milestone the milestone that it is for, of the same project
 * @param due the day until which it is wanted
 */
public record ItemPlan(Optional<ItemId> parent, Optional<MilestoneId> milestone, Optional<LocalDate> due) {

    /** Nothing is planned. */
    public static final ItemPlan NONE = new ItemPlan(Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks every field. */
    public ItemPlan {
        Check.notNull("parent", parent);
        Check.notNull("milestone", milestone);
        Check.notNull("due", due);
    }
}
