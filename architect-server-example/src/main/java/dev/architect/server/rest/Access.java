package dev.architect.server.rest;

/** Who may use an endpoint. */
public enum Access {
    /** Everybody who reaches the port. */
    PUBLIC,
    /** Holders of the token, by header or by login. */
    TOKEN,
    /** The same; a browser that has no login is sent to the login page. */
    PAGE
}
