package dev.architect.planner.approval.shell;

import dev.architect.planner.check.ArgumentCheck;

/**
 * A variable that is set for one command.
 *
 * @param name the name, letters, digits and underscores
 * @param value the value without its quotes, may be empty
 */
public record ShellAssignment(String name, String value) {

    /** Checks that both are there. */
    public ShellAssignment {
        ArgumentCheck.notBlank("name", name);
        ArgumentCheck.notNull("value", value);
    }
}
