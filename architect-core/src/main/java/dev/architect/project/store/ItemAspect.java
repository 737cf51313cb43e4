package dev.architect.project.store;

/** What items are selected by. */
public enum ItemAspect {
    /** The kind, as the name of its constant. */
    KIND(false),
    /** The id of the column. */
    COLUMN(true),
    /** The priority. */
    PRIORITY(true),
    /** The severity, as the name of its constant. */
    SEVERITY(false),
    /** The size, as the name of its constant. */
    SIZE(false),
    /** The text of who made it. */
    REPORTER(false),
    /** The text of who is to do it. */
    ASSIGNEE(false),
    /** The id of a label. */
    LABEL(true),
    /** The id of the milestone. */
    MILESTONE(true),
    /** The id of the parent. */
    PARENT(true),
    /** Why it cannot go on, as the name of the constant. */
    BLOCKED(false),
    /** The value of a custom field. */
    FIELD(false);

    private final boolean isNumber;

    ItemAspect(boolean isNumber) {
        this.isNumber = isNumber;
    }

    /** Whether values are numbers. */
    public boolean isNumber() {
        return isNumber;
    }
}
