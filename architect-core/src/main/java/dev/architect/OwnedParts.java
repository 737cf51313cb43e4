package dev.architect;

import java.util.ArrayList;
import java.util.List;

/** The parts that one {@link Architect} has to close. Not safe for use by several threads. */
final class OwnedParts {

    private final List<AutoCloseable> parts = new ArrayList<>();

    /** Takes over a part; it is closed before those that were added earlier. */
    <T extends AutoCloseable> T add(T part) {
        parts.add(part);
        return part;
    }

    /** Leaves a part to another owner. */
    @SuppressWarnings("ReferenceEquality")
    void remove(AutoCloseable part) {
        // By identity, because a part may define an equality of its own.
        parts.removeIf(owned -> owned == part);
    }

    /**
     * Closes every part, the latest first. A part that fails does not keep the others open: the first failure is thrown at
     * the end, and later ones are suppressed in it.
     */
    void close() {
        Throwable first = null;
        for (int i = parts.size() - 1; i >= 0; i--) {
            try {
                parts.get(i).close();
            } catch (Throwable failure) {
                // The others are closed all the same: they hold threads and files.
                first = first == null ? failure : withSuppressed(first, failure);
            }
        }
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        } else if (first != null) {
            throw new IllegalStateException("a part could not be closed", first);
        }
    }

    /** Closes every part because of {@code cause}, in which failures to close are suppressed. */
    void closeBecauseOf(Throwable cause) {
        try {
            close();
        } catch (Throwable failure) {
            withSuppressed(cause, failure);
        }
    }

    /** A throwable must not suppress itself: a broken part may throw the same one again when it is closed. */
    @SuppressWarnings("ReferenceEquality")
    private static Throwable withSuppressed(Throwable cause, Throwable later) {
        // addSuppressed rejects the exception itself.
        if (cause != later) {
            cause.addSuppressed(later);
        }
        return cause;
    }
}
