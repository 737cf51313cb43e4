package dev.architect.ledger;

/** How {@link Ledger#export} writes calls. */
public enum LedgerFormat {
    /**
     * Comma-separated values as in RFC 4180, with a line of column names. A text that a spreadsheet would take for a formula, because it
     * begins with {@code =}, {@code +}, {@code -}, {@code @}, a tab or a line break, has an apostrophe before it.
     */
    CSV,
    /** One JSON object a line, with the columns as fields; absent values are null. */
    JSON_LINES
}
