package dev.architect.review;

/** What a review is about. */
public enum ReviewKind {
    /** A command. */
    COMMAND,
    /** The change of a file. */
    EDIT,
    /** A request over the network. */
    FETCH,
    /** The call of a tool. */
    TOOL,
    /** A plan. */
    PLAN,
    /** Changes of several files. */
    DIFF,
    /** A change of an item. */
    ITEM,
    /** A question, whose answer is a text. */
    QUESTION,
    /** Money beyond a limit. */
    BUDGET
}
