package dev.architect.spring.boot;

import org.jspecify.annotations.Nullable;

/** The application cannot start as it is configured. Spring Boot shows the message and the action instead of a stack trace. */
public final class ArchitectConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * Creates the exception.
     *
     * @param message what is wrong: the subject, the value seen and the value expected
     * @param action what to do about it
     */
    public ArchitectConfigurationException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    ArchitectConfigurationException(String message, String action) {
        this(message, action, null);
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
