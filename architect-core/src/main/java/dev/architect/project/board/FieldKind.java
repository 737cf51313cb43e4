package dev.architect.project.board;

/** What values a custom field takes. */
public enum FieldKind {
    /** Text of at most 1,000 characters. */
    TEXT,
    /** A decimal number. */
    NUMBER,
    /** A day, as {@code 2026-11-29}. */
    DATE,
    /** One of the choices of the field. */
    CHOICE,
    /** A person or agent. */
    PEOPLE,
    /** {@code true} or {@code false}. */
    FLAG
}
