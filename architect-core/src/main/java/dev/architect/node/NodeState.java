package dev.architect.node;

/** What an incarnation of a node may do, as the store has it. */
public enum NodeState {
    /** It claims tasks and runs them. */
    LIVE,
    /** It claims nothing new, by an {@linkplain NodeOrder order}; what runs on it may go on. */
    DRAINING,
    /** Its lease ended without a word from it; others take its tasks. */
    DEAD,
    /** It ended in order. */
    LEFT;

    /** Whether the incarnation still keeps its tasks. */
    public boolean isAlive() {
        return this == LIVE || this == DRAINING;
    }
}
