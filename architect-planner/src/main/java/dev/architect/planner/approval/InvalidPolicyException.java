package dev.architect.planner.approval;

import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import java.util.List;

/** A file of approval rules cannot be used; none of its rules is. The message is one line per problem, with line and column. */
public final class InvalidPolicyException extends InvalidFileException {

    private static final long serialVersionUID = 1L;

    InvalidPolicyException(List<FileProblem> problems) {
        super(problems);
    }
}
