package dev.architect.store.jdbi;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What has been opened and is still to be closed, the latest first. Not safe for use by several threads. */
public final class CloseSequence {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Creates an empty sequence. */
    public CloseSequence() {}

    /** Adds a step; it is done before those that were added earlier. */
    public <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /**
     * Does every step once, whichever of them fail, and returns the first failure with the later ones suppressed in it; null when
     * none failed.
     */
    public @Nullable Throwable closeAll() {
        Throwable first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Throwable failure) {
                first = joined(first, failure);
            }
        }
        return first;
    }

    /** As {@link #closeAll()}, because of {@code cause}, in which the failures are suppressed. */
    public void closeBecauseOf(Throwable cause) {
        Throwable failure = closeAll();
        if (failure != null) {
            joined(cause, failure);
        }
    }

    /** Returns {@code first} with {@code later} suppressed in it; {@code later} alone when there is no first. */
    @SuppressWarnings("ReferenceEquality")
    public static Throwable joined(@Nullable Throwable first, Throwable later) {
        // A throwable rejects itself, and a broken part may throw the same one twice.
        if (first != null && first != later) {
            first.addSuppressed(later);
        }
        return first == null ? later : first;
    }

    /** Throws {@code failure} of closing {@code what}: errors as they are, anything else as a store exception. */
    public static void rethrow(String what, @Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof StoreException known) {
            throw known;
        }
        if (failure != null) {
            StoreException thrown =
                    new StoreException(Kind.FAILED, what + " did not close: " + failure.getMessage(), failure);
            for (Throwable suppressed : failure.getSuppressed()) {
                thrown.addSuppressed(suppressed);
            }
            throw thrown;
        }
    }
}
