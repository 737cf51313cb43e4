package dev.architect.chat;

/** How long a provider should keep a cached prompt. Each vendor has its own durations; the adapter takes the nearest one. */
public enum CacheLifetime {
    /** Some minutes: the next turns of one conversation. */
    SHORT,
    /** An hour or more, at a higher price of writing. */
    LONG
}
