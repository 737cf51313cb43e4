package dev.architect.simulator.script;

/** A way in which a whole simulated provider is down. */
public enum Outage {
    /** Every connection is reset instead of answered. */
    REFUSE,
    /** Every request is answered with the provider's own 503. */
    HTTP_503,
    /** Requests are read and never answered; the connection stays open. */
    SILENT,
    /** Answers start and break off half-way, streams as well as whole ones. */
    CUT,
    /** Every call of a model is answered with the provider's own error for an account without credit; everything else works. */
    NO_CREDIT
}
