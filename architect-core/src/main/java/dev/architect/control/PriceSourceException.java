package dev.architect.control;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/** The source of prices did not answer. What it threw is the cause, and no part of the message: it may hold an address with a key. */
public final class PriceSourceException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public PriceSourceException(Throwable cause) {
        super("the source of prices failed, expected a catalogue", Check.notNull("cause", cause));
    }
}
