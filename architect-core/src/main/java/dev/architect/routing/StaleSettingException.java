package dev.architect.routing;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/** Somebody else has changed what was to be changed. Nothing has changed by this. */
public final class StaleSettingException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long present;

    /** Creates the exception: the change was made from version {@code expected}, and there is {@code present}. */
    public StaleSettingException(String what, long expected, long present) {
        super(Check.notNull("what", what) + " has version " + present + ", expected " + expected
                + ": it was changed in between");
        this.expected = expected;
        this.present = present;
    }

    /** The version that the change was made from. */
    public long expected() {
        return expected;
    }

    /** The version now; 0 where it is there no more. */
    public long present() {
        return present;
    }
}
