package dev.architect.planner.approval.shell;

import dev.architect.planner.check.ArgumentCheck;

/**
 * A file that a command reads from or writes to. The joining of two streams ({@code 2>&1}) names no file and is none.
 *
 * @param mode whether it reads, writes or appends
 * @param target the path without its quotes, not empty
 */
public record ShellRedirection(Mode mode, String target) {

    /** What is done with the file. */
    public enum Mode {
        /** {@code <}. */
        READ,
        /** {@code >}. */
        WRITE,
        /** {@code >>}. */
        APPEND
    }

    /** Checks that both are there. */
    public ShellRedirection {
        ArgumentCheck.notNull("mode", mode);
        ArgumentCheck.notNull("target", target);
    }

    /** Whether the file is changed. */
    public boolean isWrite() {
        return mode != Mode.READ;
    }
}
