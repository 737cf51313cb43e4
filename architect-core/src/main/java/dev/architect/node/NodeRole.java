package dev.architect.node;

import dev.architect.check.Check;

/**
 * Something that one node at a time does for all, for example firing schedules. A role hangs on the lease of its holder: it has no renewal
 * of its own, and is free as soon as the holder's incarnation has ended.
 *
 * @param name its name, unique in the store
 * @param epoch rises each time that the role gets another holder; what is written on behalf of a role compares it
 * @param holder the incarnation that holds it; 0 when it is free
 */
public record NodeRole(String name, long epoch, long holder) {

    /** The most characters of a name. */
    public static final int MAX_NAME_LENGTH = 100;

    /** Checks the name. */
    public NodeRole {
        Check.notBlank("name", name);
        Check.atMost("name", name, MAX_NAME_LENGTH);
        Check.notNegative("epoch", epoch);
        Check.notNegative("holder", holder);
    }

    /** Whether no node holds it. */
    public boolean isFree() {
        return holder == 0;
    }
}
