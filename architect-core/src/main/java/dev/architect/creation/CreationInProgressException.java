package dev.architect.creation;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;
import java.time.Duration;
import java.util.Optional;

/** The same creation is being made at the moment. Nothing more was created; a repetition in a second gets its answer. */
public final class CreationInProgressException extends ArchitectException {

    private static final long serialVersionUID = 1L;
    private static final Duration WAIT = Duration.ofSeconds(1);

    /** Creates the exception. */
    public CreationInProgressException(CreationKey key) {
        super("key is '" + Check.notNull("key", key).key()
                + "', whose request is being answered, expected a repetition after that");
    }

    @Override
    public boolean isTransient() {
        return true;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(WAIT);
    }
}
