package dev.architect.project.item;

import dev.architect.check.Check;
import dev.architect.check.IdText;

/**
 * The id of an item, which never changes; its text has thirteen characters, as that of a task. People name items by their {@link ItemKey}.
 *
 * @param value zero or more
 */
public record ItemId(long value) implements Comparable<ItemId> {

    /** Checks the value. */
    public ItemId {
        Check.notNegative("item id", value);
    }

    /**
     * Reads what {@link #toString} has written.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static ItemId parse(String text) {
        return new ItemId(IdText.read("item id", text));
    }

    @Override
    public int compareTo(ItemId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return IdText.write(value);
    }
}
