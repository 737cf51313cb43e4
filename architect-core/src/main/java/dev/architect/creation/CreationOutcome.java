package dev.architect.creation;

import dev.architect.check.Check;

/**
 * What asking for a creation brought.
 *
 * @param answer the answer, the same for each repetition
 * @param isRepeated whether it was made before, so that nothing was created now
 */
public record CreationOutcome(CreatedAnswer answer, boolean isRepeated) {

    /** Checks every field. */
    public CreationOutcome {
        Check.notNull("answer", answer);
    }
}
