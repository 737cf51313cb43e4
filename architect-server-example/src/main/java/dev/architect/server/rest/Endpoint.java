package dev.architect.server.rest;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * A method and path that the server serves. Every other path requires the token, and is not found.
 *
 * @param method the HTTP method
 * @param path the path, with names in braces
 * @param access who may call it
 * @param handler writes the response
 */
public record Endpoint(HandlerType method, String path, Access access, Handler handler) {

    /** Returns an endpoint for reading, which requires the token. */
    public static Endpoint get(String path, Handler handler) {
        return new Endpoint(HandlerType.GET, path, Access.TOKEN, handler);
    }

    /** Returns an endpoint that changes state, which requires the token. */
    public static Endpoint post(String path, Handler handler) {
        return new Endpoint(HandlerType.POST, path, Access.TOKEN, handler);
    }

    /** Returns a copy with another access. */
    public Endpoint access(Access changed) {
        return new Endpoint(method, path, changed, handler);
    }
}
