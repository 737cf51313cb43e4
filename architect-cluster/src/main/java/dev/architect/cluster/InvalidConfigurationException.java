package dev.architect.cluster;

import dev.architect.error.ArchitectException;

/** A shared configuration was not written, because its reader refuses the value. Nothing has changed. */
public final class InvalidConfigurationException extends ArchitectException {

    private static final long serialVersionUID = 1L;

    private final String name;
    private final String reason;

    InvalidConfigurationException(String name, String reason, Throwable cause) {
        super("configuration '" + name + "' is invalid: " + reason, cause);
        this.name = name;
        this.reason = reason;
    }

    /** The configuration. */
    public String name() {
        return name;
    }

    /** What its reader finds wrong. */
    public String reason() {
        return reason;
    }
}
