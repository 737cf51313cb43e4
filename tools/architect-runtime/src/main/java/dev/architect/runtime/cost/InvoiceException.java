package dev.architect.runtime.cost;

import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import java.util.List;

/** An invoice cannot be read. The first hundred problems are named. */
public final class InvoiceException extends InvalidFileException {

    private static final long serialVersionUID = 1L;

    InvoiceException(List<FileProblem> problems) {
        super(problems);
    }
}
