package dev.architect.planner.approval.shell;

import dev.architect.planner.check.ArgumentCheck;
import java.util.List;
import java.util.Optional;

/**
 * What the strict reader made of a text: its commands, or why it is unclear.
 *
 * @param commands the commands in their order; none when the text is unclear, or holds blanks and comments alone
 * @param unclear what the reader does not understand, with its place; empty when the text is clear
 */
public record ShellText(List<ShellCommand> commands, Optional<String> unclear) {

    /** Copies the list. */
    public ShellText {
        commands = List.copyOf(ArgumentCheck.noNulls("commands", commands));
        ArgumentCheck.notNull("unclear", unclear);
    }

    /** Whether every character of the text was understood. */
    public boolean isClear() {
        return unclear.isEmpty();
    }
}
