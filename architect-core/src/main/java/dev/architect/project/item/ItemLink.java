package dev.architect.project.item;

import dev.architect.check.Check;

/**
 * A relation of two items.
 *
 * @param from the first
 * @param to the second
 * @param kind what it means
 */
public record ItemLink(ItemId from, ItemId to, LinkKind kind) {

    /** Checks that they are two; of those that relate to each other the smaller id is the first. */
    public ItemLink {
        Check.notNull("from", from);
        Check.notNull("to", to);
        Check.notNull("kind", kind);
        if (from.equals(to)) {
            throw new IllegalArgumentException("link is from " + from + " to itself, expected two items");
        }
        if (kind == LinkKind.RELATES && from.compareTo(to) > 0) {
            ItemId first = to;
            to = from;
            from = first;
        }
    }
}
