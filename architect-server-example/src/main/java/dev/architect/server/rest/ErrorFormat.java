package dev.architect.server.rest;

import io.javalin.http.Context;

/** How errors are written to clients that expect a form of their own. */
@FunctionalInterface
public interface ErrorFormat {

    /** Writes the error when the request is of such a client; returns whether it did. */
    boolean write(Context answer, ApiException failure);
}
