package dev.architect.change;

import java.util.Optional;

/** What kind of thing a recorded change is about, and what its keys are. */
public enum ChangeTopic {
    /** A task: its state, or what an operator may edit. The key is its number, as {@code TaskId.value()}. */
    TASK(0),
    /** A node joined, left, was declared dead or got an order; a heartbeat is none. The key is its incarnation. */
    NODE(1),
    /** A project, its board, labels, fields, views or milestones. The key is the name of the project. */
    PROJECT(2),
    /** An item of a project, with its comments, links and attachments. The key is the project, a slash and the item's id. */
    ITEM(3),
    /** A review or its comments. The key is its id. */
    REVIEW(4),
    /** An approval rule. The key is its id. */
    RULE(5),
    /** A schedule was made, edited, fired or deleted. The key is its id. */
    SCHEDULE(6),
    /** The settings of a queue or a tenant. The key is the lane's name. */
    QUEUE(7),
    /** Entries were appended to the activity log. The key is always {@code new}. */
    ACTIVITY(8),
    /** Calls were added to the ledger. The key is always {@code new}. */
    CALL(9),
    /** A budget was set or removed; what is spent of it is none. The key is its name. */
    BUDGET(10);

    private static final ChangeTopic[] BY_NUMBER = values();

    private final int number;

    ChangeTopic(int number) {
        this.number = number;
    }

    /** How stores name it. It never changes. */
    public int number() {
        return number;
    }

    /** The topic of a number; empty for one that only a later version knows. */
    public static Optional<ChangeTopic> of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? Optional.of(BY_NUMBER[number]) : Optional.empty();
    }
}
