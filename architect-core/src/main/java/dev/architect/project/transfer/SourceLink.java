package dev.architect.project.transfer;

import dev.architect.check.Check;
import dev.architect.project.item.LinkKind;

/**
 * A relation of two items as another program's file holds it.
 *
 * @param place where in the file it stands
 * @param from the id of the first item there
 * @param to the id of the second
 * @param kind what it means; never that of a parent
 */
public record SourceLink(String place, String from, String to, LinkKind kind) {

    /** Checks every field. */
    public SourceLink {
        Check.notNull("place", place);
        Check.notBlank("from", from);
        Check.notBlank("to", to);
        if (Check.notNull("kind", kind) == LinkKind.PARENT) {
            throw new IllegalArgumentException("kind is PARENT, expected another one: parents are named by items");
        }
    }
}
