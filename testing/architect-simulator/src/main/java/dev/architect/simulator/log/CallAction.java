package dev.architect.simulator.log;

import dev.architect.simulator.script.Outage;

/** What the simulator did with a request. */
public enum CallAction {
    /** The request has arrived and is not answered yet. */
    OPEN,
    /** Answered in full. */
    OK,
    /** Broken off half-way by an outage of kind {@link Outage#CUT}. */
    CUT,
    /** Connection reset by an outage of kind {@link Outage#REFUSE}. */
    RESET,
    /** Never answered, by an outage of kind {@link Outage#SILENT}. */
    SILENT,
    /** Answered 503 by an outage of kind {@link Outage#HTTP_503}. */
    HTTP_503,
    /** Answered that the account has no credit, by an outage of kind {@link Outage#NO_CREDIT}. */
    NO_CREDIT,
    /** Answered 429. */
    RATE_LIMITED,
    /** Answered 503 or 529 by an error rate of the script. */
    OVERLOADED,
    /** Answered with another status of 500 or more by an error rate of the script. */
    SERVER_ERROR,
    /** Rejected because the key is missing or wrong. */
    BAD_KEY,
    /** Rejected because the script has no such model or workspace. */
    UNKNOWN_MODEL,
    /** Rejected because the request is malformed or not allowed. */
    BAD_REQUEST,
    /** Rejected because the provider has no such path. */
    NOT_FOUND,
    /** The client hung up before the answer was complete. */
    HUNG_UP
}
