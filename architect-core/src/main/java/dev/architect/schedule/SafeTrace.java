package dev.architect.schedule;

import dev.architect.error.ArchitectException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A failure as it may be stored and logged: types and places of it and of its causes, and those messages that are Architect's own.
 * Messages of others may quote what they were given, which may be a prompt: {@code NumberFormatException} quotes its input.
 */
final class SafeTrace extends Throwable {

    private static final long serialVersionUID = 1L;
    private static final String OWN = "dev.architect.";

    private SafeTrace(Throwable failure, @Nullable SafeTrace cause) {
        super(describe(failure), cause, true, true);
        setStackTrace(failure.getStackTrace());
    }

    /** Returns the safe form of {@code failure}. */
    static SafeTrace of(Throwable failure) {
        return of(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static SafeTrace of(Throwable failure, Set<Throwable> seen) {
        // Causes may form a circle.
        seen.add(failure);
        Throwable cause = failure.getCause();
        SafeTrace trace = new SafeTrace(failure, cause == null || seen.contains(cause) ? null : of(cause, seen));
        for (Throwable suppressed : failure.getSuppressed()) {
            if (!seen.contains(suppressed)) {
                trace.addSuppressed(of(suppressed, seen));
            }
        }
        return trace;
    }

    /** Returns the type of {@code failure}, and its message where that is safe. */
    static String describe(Throwable failure) {
        return isOwn(failure)
                ? failure.getClass().getSimpleName() + ": " + failure.getMessage()
                : failure.getClass().getName();
    }

    /** An {@link IllegalArgumentException} is Architect's own when Architect's code has thrown it. */
    private static boolean isOwn(Throwable failure) {
        if (failure instanceof ArchitectException) {
            return true;
        }
        StackTraceElement[] places = failure.getStackTrace();
        boolean isFromHere = places.length > 0 && places[0].getClassName().startsWith(OWN);
        boolean isOfHere = failure.getClass().getName().startsWith(OWN);
        return failure instanceof IllegalArgumentException
                && (isOfHere || (isFromHere && failure.getClass().equals(IllegalArgumentException.class)));
    }

    /** Only what {@link #describe} gave: the name of this class says nothing. */
    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
