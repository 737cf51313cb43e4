package dev.architect.server.rest;

/** Who may use an endpoint. */
public enum Access {
    /** Every client that reaches the port. */
    PUBLIC,
    /** Clients with the token in a header, or with a login. */
    TOKEN,
    /** As {@link #TOKEN}; a browser without a login is redirected to the login page. */
    PAGE
}
