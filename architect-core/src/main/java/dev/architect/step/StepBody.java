package dev.architect.step;

/**
 * The work of a step.
 *
 * @param <E> what it throws
 */
@FunctionalInterface
public interface StepBody<E extends Exception> {

    /** Does the work and returns what later attempts are to use, at most {@link TaskStep#MAX_OUTPUT_CHARACTERS} characters. */
    String run() throws E;
}
