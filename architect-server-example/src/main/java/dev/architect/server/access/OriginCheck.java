package dev.architect.server.access;

import io.javalin.http.Context;
import java.util.Locale;

/** Tells requests of our own pages from those of other sites. Stateless. */
final class OriginCheck {

    private OriginCheck() {}

    /**
     * Whether the browser says that our own page made the request: by {@code Sec-Fetch-Site}, or where it is missing by
     * {@code Origin}. Silence counts as foreign.
     */
    static boolean isSameOrigin(Context request) {
        String site = request.header("Sec-Fetch-Site");
        String origin = request.header("Origin");
        if (site != null) {
            return site.equals("same-origin") && (origin == null || isOurs(request, origin));
        }
        return origin != null && isOurs(request, origin);
    }

    /** Whether the browser says that another site made the request. Silence, as of a script, does not count as such. */
    static boolean isForeign(Context request) {
        boolean silent = request.header("Sec-Fetch-Site") == null && request.header("Origin") == null;
        return !silent && !isSameOrigin(request);
    }

    /** The host was checked before, so an origin of that host is ours. */
    private static boolean isOurs(Context request, String origin) {
        String host = request.header("Host");
        return host != null && origin.toLowerCase(Locale.ROOT).equals("http://" + host.toLowerCase(Locale.ROOT));
    }
}
