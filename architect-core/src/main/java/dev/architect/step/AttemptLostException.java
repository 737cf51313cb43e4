package dev.architect.step;

import dev.architect.attempt.FencingToken;
import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/** An attempt was to record something and had lost its task: another attempt has it, or it was cancelled. Nothing was recorded. */
public final class AttemptLostException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient FencingToken fencingToken;

    /** Creates the exception. */
    public AttemptLostException(FencingToken fencingToken) {
        super("attempt with epoch "
                + Check.notNull("fencingToken", fencingToken).epoch() + " has lost task " + fencingToken.id()
                + ", expected it to run the task");
        this.fencingToken = fencingToken;
    }

    /** The token that no longer matches. */
    public FencingToken fencingToken() {
        return fencingToken;
    }
}
