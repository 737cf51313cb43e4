package dev.architect.benchmarks.postgres;

/** A run of one engine that did not come to figures. The message is one line. */
final class ScenarioFailedException extends Exception {

    private static final long serialVersionUID = 1;

    ScenarioFailedException(String message) {
        super(message);
    }
}
