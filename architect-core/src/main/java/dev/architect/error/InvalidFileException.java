package dev.architect.error;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A file of settings cannot be used. The message is one line per problem, each with file, line, column, field, the value seen
 * and the value expected; all problems of the file are there.
 */
public abstract class InvalidFileException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient List<FileProblem> problems;

    /** Creates the exception; {@code problems} has at least one. */
    protected InvalidFileException(List<FileProblem> problems) {
        super(problems.stream().map(FileProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the lines, at least one. */
    public List<FileProblem> fileProblems() {
        return problems;
    }

    /** What is wrong, one line each, at least one. */
    public List<String> problems() {
        return problems.stream().map(FileProblem::toString).toList();
    }
}
