package dev.architect.simulator.script;

/** A way in which a whole simulated provider is down. */
public enum Outage {
    /** Every connection is reset instead of answered. */
    REFUSE,
    /** Every request is answered with the provider's own 503. */
    HTTP_503,
    /** Requests are read and never answered; the connection stays open. */
    SILENT,
    /** Answers begin and have no content: of a stream comes what precedes its first chunk; the connection stays open. */
    MUTE,
    /** Answers start and fall silent half-way, streams as well as whole ones; the connection stays open. */
    STALL,
    /** Streams have an event half-way that is no JSON, beside all of their own. */
    NOISE,
    /** Half of an event stands half-way in place of the whole one, and the stream goes on. */
    BROKEN_EVENT,
    /** Answers start and break off half-way, streams as well as whole ones. */
    CUT,
    /** Every call of a model is answered with the provider's own error for an account without credit; everything else works. */
    NO_CREDIT
}
