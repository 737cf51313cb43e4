package dev.architect.library.bridge;

import dev.architect.model.FailureKind;
import java.util.Optional;

/** Reads what a failure of a library means. Safe for use by several threads. */
@FunctionalInterface
public interface FailureReader {

    /** Returns what {@code failure} alone, without its causes, means; empty when that is not known. */
    Optional<FailureKind> read(Throwable failure);

    /** Returns a reader that falls back to {@code next}. */
    default FailureReader or(FailureReader next) {
        return failure -> read(failure).or(() -> next.read(failure));
    }

    /** Returns a reader that knows no failure. */
    static FailureReader none() {
        return failure -> Optional.empty();
    }
}
