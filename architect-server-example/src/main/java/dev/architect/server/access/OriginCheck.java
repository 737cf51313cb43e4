package dev.architect.server.access;

import io.javalin.http.Context;
import java.util.Locale;

/** Distinguishes requests of this server's own pages from those of other sites. Stateless. */
final class OriginCheck {

    private OriginCheck() {}

    /**
     * Whether a page of this server made the request: by {@code Sec-Fetch-Site}, or where it is missing by {@code Origin}.
     * False without either header.
     */
    static boolean isSameOrigin(Context request) {
        String site = request.header("Sec-Fetch-Site");
        String origin = request.header("Origin");
        if (site != null) {
            return site.equals("same-origin") && (origin == null || isOwnOrigin(request, origin));
        }
        return origin != null && isOwnOrigin(request, origin);
    }

    /** Whether another site made the request. False without either header, as for a client that is no browser. */
    static boolean isCrossOrigin(Context request) {
        boolean silent = request.header("Sec-Fetch-Site") == null && request.header("Origin") == null;
        return !silent && !isSameOrigin(request);
    }

    /** The host was checked before, so an origin of that host is this server's. */
    private static boolean isOwnOrigin(Context request, String origin) {
        String host = request.header("Host");
        return host != null && origin.toLowerCase(Locale.ROOT).equals("http://" + host.toLowerCase(Locale.ROOT));
    }
}
