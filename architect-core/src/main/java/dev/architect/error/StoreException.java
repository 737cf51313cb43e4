package dev.architect.error;

import org.jspecify.annotations.Nullable;

/** The store failed: nothing of the change was kept, except that it may have been for {@link Kind#OUTCOME_UNKNOWN}. */
public final class StoreException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What went wrong with the store. */
    public enum Kind {
        /** It cannot be opened or written at all: missing directory, no permission. */
        INACCESSIBLE,
        /** Its contents are damaged; it was not changed. */
        CORRUPT,
        /** Its disk or quota is full. */
        FULL,
        /** It was written by a newer version of Architect. */
        TOO_NEW,
        /** It is busy or was interrupted; the same call may succeed later. */
        BUSY,
        /** The change may or may not have been kept; a read shows which. */
        OUTCOME_UNKNOWN,
        /** It was closed. */
        CLOSED,
        /** Anything else. */
        FAILED
    }

    /** Creates the exception. */
    public StoreException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    @Override
    public boolean isTransient() {
        return kind == Kind.BUSY || kind == Kind.FULL || kind == Kind.OUTCOME_UNKNOWN;
    }
}
