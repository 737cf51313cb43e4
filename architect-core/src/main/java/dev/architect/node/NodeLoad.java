package dev.architect.node;

import dev.architect.check.Check;

/**
 * What a node carries at one of its beats. Further components will only be added at the end.
 *
 * @param running how many attempts run on it
 * @param slots how many could, with the sessions that it has now
 */
public record NodeLoad(int running, int slots) {

    /** Of a node that runs nothing and could not. */
    public static final NodeLoad NONE = new NodeLoad(0, 0);

    /** Checks the counts. */
    public NodeLoad {
        Check.notNegative("running", running);
        Check.notNegative("slots", slots);
    }
}
