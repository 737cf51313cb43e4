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
    DOCUMENTS,
    /** Looks at images of the request. */
    IMAGES,
    /** Reads documents of the request. */
    DOCUMENT_INPUT,
    /** Fetches images and documents that the request only links to. */
    MEDIA_LINKS,
    /** Asks for tools to be called and takes their results. */
    TOOLS,
    /** Can be told that it must call a tool, or a certain one, or none. */
    TOOL_CHOICE,
    /** Can be told to ask for one tool at a time. */
    SINGLE_TOOL_CALL,
    /** Answers with JSON of a given schema. */
    JSON_SCHEMA,
    /** Can be told how hard to think. */
    REASONING_EFFORT,
    /** Caches the prompt up to marks that the request sets. */
    CACHE_BREAKPOINTS,
    /** Counts the tokens of a request without answering it. */
    TOKEN_COUNT,
    /** Turns texts into vectors. */
    EMBEDDINGS
}
