package dev.architect.router.pricing;

import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import java.util.List;

/** A price file cannot be used. */
public final class PriceException extends InvalidFileException {

    private static final long serialVersionUID = 1L;

    PriceException(List<FileProblem> problems) {
        super(problems);
    }
}
