package dev.architect.planner.approval.shell;

/** What stands between a command and the one before it. */
public enum ShellJoint {
    /** Nothing: it is the first command. */
    FIRST,
    /** {@code &&}: it runs when the one before succeeded. */
    AND,
    /** {@code ||}: it runs when the one before failed. */
    OR,
    /** {@code |}: it reads what the one before writes. */
    PIPE,
    /** {@code ;} or a newline: it runs whatever the one before did. */
    SEQUENCE
}
