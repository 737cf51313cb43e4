package dev.architect.model;

/** Something that a model can do and a request may need. A request that needs what its model lacks fails before any call. */
public enum Capability {
    /** Streams the answer while it is produced. */
    STREAMING,
    /** Takes system instructions apart from the messages. */
    SYSTEM_TEXT,
    /** Takes several turns of a conversation in one call. */
    MULTI_TURN,
    /** Takes a limit of output tokens. */
    MAX_OUTPUT_TOKENS,
    /** Takes a sampling temperature. */
    TEMPERATURE,
    /** Takes stop sequences. */
    STOP_SEQUENCES,
    /** Searches the web and cites what it found. */
    WEB_SEARCH,
    /** Answers from documents that the provider holds. */
    DOCUMENTS,
    /** Takes images as input. */
    IMAGES,
    /** Takes documents, such as PDF files, as input. */
    DOCUMENT_INPUT,
    /** Fetches images and documents that the request only links to. */
    MEDIA_LINKS,
    /** Calls tools and takes their results. */
    TOOLS,
    /** Can be made to call some tool, a certain one, or none. */
    TOOL_CHOICE,
    /** Can be limited to one tool call in an answer. */
    SINGLE_TOOL_CALL,
    /** Structured output: answers with JSON of a given schema. */
    JSON_SCHEMA,
    /** Takes a reasoning effort. */
    REASONING_EFFORT,
    /** Prompt caching up to breakpoints that the request sets. */
    CACHE_BREAKPOINTS,
    /** Counts the tokens of a request without answering it. */
    TOKEN_COUNT,
    /** Turns texts into vectors. */
    EMBEDDINGS,
    /** Prefill: continues an answer whose beginning the call contains. */
    PREFILL,
    /** Takes the body of a chat completion of OpenAI as a client wrote it ({@link WireBody}). */
    OPENAI_CHAT_BODY,
    /** Takes the body of a response of OpenAI as a client wrote it ({@link WireBody}). */
    OPENAI_RESPONSES_BODY,
    /** Takes the body of messages of Anthropic as a client wrote it ({@link WireBody}). */
    ANTHROPIC_MESSAGES_BODY
}
