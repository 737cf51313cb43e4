package dev.architect.benchmarks.failover.subject;

/** How a client asks for the answer. */
public enum AskForm {
    /** For one stream. */
    STREAMED,
    /** For the whole answer at once. */
    WHOLE,
    /** For a stream, with a tool that may be called. */
    WITH_TOOL,
    /** For a stream whose caller leaves after three quarters of the answer. */
    LEAVING,
    /** For many streams at once, each with a number that its answer has in every word. */
    NUMBERED,
    /** With two keys for the primary, of which the first is refused. */
    TWO_KEYS
}
