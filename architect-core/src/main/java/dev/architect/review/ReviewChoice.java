package dev.architect.review;

/** What a person decides. */
public enum ReviewChoice {
    /** The action may be done, once. */
    ONCE,
    /** The action may be done, and those like it of the same requester until its run ends. */
    SESSION,
    /** The action may be done, and a rule allows those like it from now on. */
    RULE,
    /** The action must not be done. */
    DENY,
    /** Another action may be done in its place, once. */
    EDIT,
    /** The action is to be changed as the comments say. */
    CHANGES,
    /** The answer to a question. */
    ANSWER;

    /** Whether something may be done after it. */
    public boolean isApproval() {
        return this != DENY && this != CHANGES;
    }
}
