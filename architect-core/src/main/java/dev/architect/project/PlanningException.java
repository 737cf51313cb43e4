package dev.architect.project;

import dev.architect.check.Check;

/** A change breaks a rule of projects, or is about something that is not there; nothing was changed. */
public final class PlanningException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String field;

    /** What is wrong. */
    public enum Kind {
        /** There is no such thing. */
        NOT_FOUND,
        /** A name, prefix or place is taken. */
        TAKEN,
        /** Relations would go in a circle; the message has its path. */
        CYCLE,
        /** Items would stand in one another too deep. */
        TOO_DEEP,
        /** Two things are of different projects. */
        OTHER_PROJECT,
        /** A column would hold more cards than its limit. */
        WIP_LIMIT,
        /** The project is archived, paused or deleted. */
        PROJECT_CLOSED,
        /** It is in use or in a state in which that cannot be done. */
        NOT_POSSIBLE,
        /** There would be more of them than are allowed. */
        TOO_MANY
    }

    /**
     * Creates the refusal.
     *
     * @param field the field that is wrong, empty for the thing as a whole
     * @param message names the subject, the value seen and the value expected
     */
    public PlanningException(Kind kind, String field, String message) {
        super(Check.notNull("message", message));
        this.kind = Check.notNull("kind", kind);
        this.field = Check.notNull("field", field);
    }

    /** Returns the refusal of what is not there. */
    public static PlanningException notFound(String message) {
        return new PlanningException(Kind.NOT_FOUND, "", message);
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** The field that is wrong; empty for the thing as a whole. */
    public String field() {
        return field;
    }
}
