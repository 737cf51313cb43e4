package dev.architect.cli.demo;

import java.util.Locale;

/** The demo was stopped while it ran. */
final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoppedException(long ended, int tasks) {
        super(String.format(Locale.ROOT, "Stopped after %,d of %,d tasks.", ended, tasks));
    }
}
