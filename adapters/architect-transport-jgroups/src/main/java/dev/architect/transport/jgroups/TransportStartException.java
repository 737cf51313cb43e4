package dev.architect.transport.jgroups;

import dev.architect.error.ArchitectException;
import org.jspecify.annotations.Nullable;

/** A transport could not be started. Nothing of it stays open. */
public final class TransportStartException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final Problem problem;

    /** Why a transport does not start. */
    public enum Problem {
        /** Another program has the port, or it may not be used. */
        PORT,
        /** This machine does not have the address. */
        ADDRESS,
        /** The key store cannot be used. */
        KEY_STORE,
        /** The trust store cannot be used. */
        TRUST_STORE,
        /** Another member has the name. */
        NAME_TAKEN,
        /** Anything else. */
        OTHER
    }

    TransportStartException(Problem problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /** Why it does not start. */
    public Problem problem() {
        return problem;
    }
}
