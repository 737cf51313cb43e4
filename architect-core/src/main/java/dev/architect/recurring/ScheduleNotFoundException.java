package dev.architect.recurring;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/** There is no schedule of that name. */
public final class ScheduleNotFoundException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String name;

    /** Creates the failure. */
    public ScheduleNotFoundException(String name) {
        super("schedule '" + Check.notNull("name", name) + "' does not exist, expected one of that name");
        this.name = name;
    }

    /** The name. */
    public String name() {
        return name;
    }
}
