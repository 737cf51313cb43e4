package dev.architect.runtime;

import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import java.util.List;

/** A configuration file cannot be used. */
public final class ConfigurationException extends InvalidFileException {

    private static final long serialVersionUID = 1L;

    ConfigurationException(List<FileProblem> problems) {
        super(problems);
    }
}
