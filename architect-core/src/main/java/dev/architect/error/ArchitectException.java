package dev.architect.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that can go wrong in normal operation; callers' mistakes are {@link IllegalArgumentException}
 * and {@link IllegalStateException} instead.
 *
 * <p>The message names the subject, the value seen and the value expected. It never holds secrets or prompt text.
 */
public class ArchitectException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    public ArchitectException(String message) {
        super(message);
    }

    /** Creates an exception with the failure that led to it. */
    public ArchitectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether the same work may succeed when it is tried again later. False unless a subclass overrides it. */
    public boolean isTransient() {
        return false;
    }

    /**
     * Whether nothing was wrong with the work itself: what it needs was out of order or had no room, and it cost nothing to find
     * out. A task gets its try back, and waits as long as such an outage may take. Implies {@link #isTransient}. False unless a
     * subclass overrides it.
     */
    public boolean isUnavailable() {
        return false;
    }

    /**
     * What had come of an answer that was not completed, at most its first mebibyte; empty when nothing had. It is text of a model:
     * no message, log or event has it. Empty unless a subclass overrides it.
     */
    public Optional<String> partialText() {
        return Optional.empty();
    }

    /** How long the other side requires to wait before the next try; empty when it gave no time. */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }
}
