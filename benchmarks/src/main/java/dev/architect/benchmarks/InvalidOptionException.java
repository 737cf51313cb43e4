package dev.architect.benchmarks;

/** A command-line option that is unknown, lacks its value or has a wrong one. The message is one line for the user. */
public final class InvalidOptionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** Takes the line that names the option, the value seen and the value expected. */
    public InvalidOptionException(String message) {
        super(message);
    }
}
