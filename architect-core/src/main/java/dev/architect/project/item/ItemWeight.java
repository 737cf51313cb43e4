package dev.architect.project.item;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * How urgent and how big an item is.
 *
 * @param priority 0, the most urgent, to 9
 * @param severity how much a bug hurts; empty for other kinds
 * @param size roughly
 * @param estimate in minutes
 */
public record ItemWeight(
        int priority, Optional<Severity> severity, Optional<ItemSize> size, Optional<Estimate> estimate) {

    /** The priority of items that name none. */
    public static final int DEFAULT_PRIORITY = 5;

    /** Nothing is known. */
    public static final ItemWeight UNKNOWN =
            new ItemWeight(DEFAULT_PRIORITY, Optional.empty(), Optional.empty(), Optional.empty());

    private static final int LEAST_URGENT = 9;

    /** Checks every field. */
    public ItemWeight {
        Check.range("priority", priority, 0, LEAST_URGENT);
        Check.notNull("severity", severity);
        Check.notNull("size", size);
        Check.notNull("estimate", estimate);
    }
}
