package dev.architect.task;

import dev.architect.check.Check;
import dev.architect.error.ArchitectException;

/**
 * A worker cannot go on without an answer of a person. The task is held until it is resumed with an input, and gets its try back.
 *
 * <p>The question is shown to people, kept with the attempt and logged, so it must hold no secret and nothing of a prompt.
 */
public final class NeedsInputException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_CHARACTERS = 10_000;

    /** Creates the exception; {@code question} is what a person is to answer, at most 10,000 characters. */
    public NeedsInputException(String question) {
        super(Check.atMost("question", Check.notBlank("question", question), MAX_CHARACTERS));
    }

    /** What a person is to answer. */
    public String question() {
        return String.valueOf(getMessage());
    }
}
