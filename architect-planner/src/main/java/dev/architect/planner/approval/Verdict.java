package dev.architect.planner.approval;

import dev.architect.planner.check.ArgumentCheck;

/** What is decided about an action, from the loosest to the strictest. */
public enum Verdict {
    /** It may be done at once. */
    ALLOW,
    /** A person must agree first. */
    ASK,
    /** It must not be done, and no approval changes that. */
    DENY;

    /** Returns the stricter of both. */
    public Verdict stricter(Verdict other) {
        return ArgumentCheck.notNull("other", other).ordinal() > ordinal() ? other : this;
    }

    /** Whether this is as strict as {@code other} or stricter. */
    public boolean isAtLeast(Verdict other) {
        return ordinal() >= ArgumentCheck.notNull("other", other).ordinal();
    }
}
