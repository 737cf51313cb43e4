package dev.architect.cli.terminal;

import org.jspecify.annotations.Nullable;

/** A command cannot be done, for a reason that the person can change. The message is the one line they see. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates the failure. */
    public CommandFailure(String message) {
        this(message, null);
    }

    /** Creates the failure with what led to it. */
    public CommandFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
