package dev.architect.project.item;

import dev.architect.check.Check;

/**
 * Why an item cannot go on.
 *
 * @param reason what kind of thing is in the way
 * @param note what exactly, and who can remove it; at most 1,000 characters
 */
public record Block(Reason reason, String note) {

    private static final int MAX_NOTE_CHARACTERS = 1_000;

    /** What is in the way. */
    public enum Reason {
        /** Another item, which has to be done first. */
        DEPENDENCY,
        /** A question that a person has to answer. */
        NEEDS_INPUT,
        /** A decision that a person owes. */
        NEEDS_APPROVAL,
        /** There is no worker, model or key for it. */
        CAPABILITY,
        /** There is no money left for it. */
        BUDGET,
        /** Something outside has to happen first. */
        EXTERNAL,
        /** It was tried as often as it may be. */
        FAILED
    }

    /** Checks every field. */
    public Block {
        Check.notNull("reason", reason);
        Check.atMost("note", note, MAX_NOTE_CHARACTERS);
    }
}
