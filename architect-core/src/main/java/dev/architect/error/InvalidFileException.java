package dev.architect.error;

import java.util.List;

/**
 * A file of settings cannot be used. The message is one line per problem, each with file, line, field, the value seen and
 * the value expected; all problems of the file are there.
 */
public abstract class InvalidFileException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** Creates the exception; {@code problems} has at least one line. */
    protected InvalidFileException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, one line each, at least one. */
    public List<String> problems() {
        return problems;
    }
}
