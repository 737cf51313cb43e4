package dev.architect.server.rest;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * One thing that the server answers. What has no endpoint needs the token and is not there.
 *
 * @param method the HTTP method
 * @param path the path, with names in braces
 * @param access who may use it
 * @param handler what answers
 */
public record Endpoint(HandlerType method, String path, Access access, Handler handler) {

    /** Returns an endpoint for reading, for holders of the token. */
    public static Endpoint get(String path, Handler handler) {
        return new Endpoint(HandlerType.GET, path, Access.TOKEN, handler);
    }

    /** Returns an endpoint that changes something, for holders of the token. */
    public static Endpoint post(String path, Handler handler) {
        return new Endpoint(HandlerType.POST, path, Access.TOKEN, handler);
    }

    /** Returns a copy with another access. */
    public Endpoint access(Access changed) {
        return new Endpoint(method, path, changed, handler);
    }
}
