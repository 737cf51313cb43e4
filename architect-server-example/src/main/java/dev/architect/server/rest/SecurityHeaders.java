package dev.architect.server.rest;

import io.javalin.http.Context;

/** The security headers of every response: content from this server only, no framing, no type sniffing, no referrer, no caching. */
public final class SecurityHeaders {

    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; object-src 'none'";

    /** One year, the least that browsers' lists of such hosts ask for. Other names of the domain are not this server's to decide. */
    private static final String TRANSPORT_SECURITY = "max-age=31536000";

    private SecurityHeaders() {}

    /** Sets the header by which a browser that came over TLS never comes without it (RFC 6797). */
    public static void putTransportSecurity(Context answer) {
        answer.header("Strict-Transport-Security", TRANSPORT_SECURITY);
    }

    /** Sets the headers of {@code answer}. */
    public static void put(Context answer) {
        answer.header("Content-Security-Policy", CONTENT_POLICY);
        answer.header("X-Content-Type-Options", "nosniff");
        answer.header("X-Frame-Options", "DENY");
        answer.header("Referrer-Policy", "no-referrer");
        answer.header("Cross-Origin-Opener-Policy", "same-origin");
        answer.header("Cross-Origin-Resource-Policy", "same-origin");
        answer.header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        answer.header("Cache-Control", "no-store");
    }
}
