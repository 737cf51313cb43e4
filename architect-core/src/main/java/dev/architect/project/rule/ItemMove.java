package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.project.PartId;
import dev.architect.project.item.ItemId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a card is to go. A card that it is to stand beside and that has left the column meanwhile does not count: then the card goes to the
 * end.
 *
 * @param column the column
 * @param before the card that it is to stand before
 * @param after the card that it is to stand after; not beside {@code before}
 * @param version the version that was seen; empty for any, since moves change nothing else
 * @param isConfirmed whether a person wants it although the column has as many cards as it may have
 */
public record ItemMove(
        PartId column, Optional<ItemId> before, Optional<ItemId> after, OptionalLong version, boolean isConfirmed) {

    /** Checks every field. */
    public ItemMove {
        Check.notNull("column", column);
        Check.notNull("before", before);
        Check.notNull("after", after);
        Check.notNull("version", version);
        if (before.isPresent() && after.isPresent()) {
            throw new IllegalArgumentException("before is set beside after, expected one of them");
        }
    }

    /** Returns a move to the end of a column. */
    public static ItemMove toEnd(PartId column) {
        return new ItemMove(column, Optional.empty(), Optional.empty(), OptionalLong.empty(), false);
    }

    /** Returns a move to the place before another card. */
    public static ItemMove before(PartId column, ItemId other) {
        return new ItemMove(
                column, Optional.of(Check.notNull("other", other)), Optional.empty(), OptionalLong.empty(), false);
    }

    /** Returns a copy that a person has confirmed. */
    public ItemMove confirmed() {
        return new ItemMove(column, before, after, version, true);
    }
}
