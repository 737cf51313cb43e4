package dev.architect.router.policy;

import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import java.util.List;

/** A routing policy cannot be used. */
public final class PolicyException extends InvalidFileException {

    private static final long serialVersionUID = 1L;

    PolicyException(List<FileProblem> problems) {
        super(problems);
    }
}
