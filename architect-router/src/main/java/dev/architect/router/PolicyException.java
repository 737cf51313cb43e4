package dev.architect.router;

import java.util.List;

/** A routing policy cannot be used. */
public final class PolicyException extends InvalidFileException {

    private static final long serialVersionUID = 1L;

    PolicyException(List<String> problems) {
        super(problems);
    }
}
