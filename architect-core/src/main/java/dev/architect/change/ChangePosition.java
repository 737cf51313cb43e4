package dev.architect.change;

import dev.architect.check.Check;

/**
 * A place in the log of changes: all that has a number up to this one is known.
 *
 * @param era of which history of the store the number is; another one after data were lost, for example by a restore
 * @param sequence the number of the last change that is known, 0 for none
 */
public record ChangePosition(String era, long sequence) {

    /** Checks the number. */
    public ChangePosition {
        Check.notNull("era", era);
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence is " + sequence + ", expected at least 0");
        }
    }
}
