package dev.architect.server.gateway.dialect;

/** What kept the gateway from answering; each dialect has a status and a name for it. */
public enum FailureClass {
    /** A field is missing, wrong, or cannot be followed by any route. */
    INVALID_REQUEST,
    /** There is no model of that name. */
    UNKNOWN_MODEL,
    /** The key is missing or wrong. */
    UNAUTHORIZED,
    /** The request comes from a host or site that is not allowed. */
    FORBIDDEN,
    /** There is nothing at the path. */
    NOT_FOUND,
    /** The path does not take that method. */
    METHOD_NOT_ALLOWED,
    /** The body did not arrive in time. */
    TOO_SLOW,
    /** The body has too many bytes. */
    TOO_LARGE,
    /** The body is not JSON in UTF-8. */
    UNSUPPORTED_MEDIA_TYPE,
    /** The prompt is larger than the window of every model that may answer. */
    CONTEXT_TOO_LONG,
    /** A provider refused the content. */
    CONTENT_REFUSED,
    /** A quota, or the limits of every provider, have too little left at the moment. */
    RATE_LIMITED,
    /** A budget has too little left. */
    BUDGET_EXCEEDED,
    /** No candidate of the route answered. */
    NO_ROUTE,
    /** No candidate of the route answered in time. */
    TIMEOUT,
    /** The server stops, or its store is busy. */
    UNAVAILABLE,
    /** The server failed. */
    INTERNAL
}
