package dev.architect.planner.approval.shell;

import dev.architect.planner.check.ArgumentCheck;
import java.util.List;

/**
 * One simple command of a text: what a shell runs with exactly these words.
 *
 * @param joint what stands before it
 * @param assignments variables that are set for it, in their order
 * @param words the program and its arguments without their quotes, at least one
 * @param redirections the files that it reads and writes, in their order
 * @param text the command as it was written
 */
public record ShellCommand(
        ShellJoint joint,
        List<ShellAssignment> assignments,
        List<String> words,
        List<ShellRedirection> redirections,
        String text) {

    /** Copies the lists. */
    public ShellCommand {
        ArgumentCheck.notNull("joint", joint);
        assignments = List.copyOf(ArgumentCheck.noNulls("assignments", assignments));
        words = List.copyOf(ArgumentCheck.noNulls("words", words));
        redirections = List.copyOf(ArgumentCheck.noNulls("redirections", redirections));
        ArgumentCheck.notNull("text", text);
    }
}
