package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One change to many items.
 *
 * @param items the items and the versions that were seen, 1 to {@link #MOST}, in the order of the map
 * @param change makes of what an item is what it is to be
 * @param move where the cards go; empty where they stay
 * @param isAtomic whether nothing is changed when one of them is refused
 */
public record BulkEdit(
        Map<ItemId, Long> items, UnaryOperator<ItemDraft> change, Optional<ItemMove> move, boolean isAtomic) {

    /** The most items. */
    public static final int MOST = 500;

    /**
     * What became of one item.
     *
     * @param item the item
     * @param version its version now; 0 when it was refused
     * @param refusal why nothing was changed; empty when it was
     */
    public record Outcome(ItemId item, long version, Optional<RuntimeException> refusal) {

        /** Checks every field. */
        public Outcome {
            Check.notNull("item", item);
            Check.notNegative("version", version);
            Check.notNull("refusal", refusal);
        }
    }

    /** Copies the map and checks every field. */
    public BulkEdit {
        items = Collections.unmodifiableMap(new LinkedHashMap<>(Check.noNulls("items", items)));
        Check.range("items size", items.size(), 1, MOST);
        Check.notNull("change", change);
        Check.notNull("move", move);
    }

    /** Returns a change to items that stay where they are. */
    public static BulkEdit of(Map<ItemId, Long> items, UnaryOperator<ItemDraft> change) {
        return new BulkEdit(items, Check.notNull("change", change), Optional.empty(), false);
    }

    /** The items in their order. */
    List<ItemId> ids() {
        return List.copyOf(items.keySet());
    }
}
