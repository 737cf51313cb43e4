package dev.architect.model;

/** Something a model can do, or a request needs. Asking for what a model lacks fails before any call. */
public enum Capability {
    /** Text pieces arrive while the answer is produced. */
    STREAMING,
    /** Takes a system text of the request. */
    SYSTEM_TEXT,
    /** Takes several turns of a conversation in one call. */
    MULTI_TURN,
    /** Takes a limit of produced tokens. */
    MAX_OUTPUT_TOKENS,
    /** Takes a sampling temperature. */
    TEMPERATURE,
    /** Takes stop sequences. */
    STOP_SEQUENCES,
    /** Searches the web and cites what it found. */
    WEB_SEARCH,
    /** Answers from documents that the provider holds. */
    DOCUMENTS
}
