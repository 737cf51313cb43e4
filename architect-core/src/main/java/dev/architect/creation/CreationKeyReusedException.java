package dev.architect.creation;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/** A key of a creation was used before, with another request. Nothing was created. */
public final class CreationKeyReusedException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public CreationKeyReusedException(CreationKey key) {
        super("key is '" + Check.notNull("key", key).key()
                + "', which was used for another request, expected the same request or another key");
    }
}
