package dev.architect.export;

/** The form of a file. */
public enum ExportForm {
    /** Comma-separated values (RFC 4180) with a line of names. */
    CSV,
    /** A JSON object on each line. */
    JSON_LINES
}
