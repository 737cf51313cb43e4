package dev.architect.server.review;

import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import io.javalin.http.Context;

/** Under which name the caller of a request decides. The one place that knows. */
final class ReviewActor {

    private static final String OPERATOR = "operator";

    private ReviewActor() {}

    static String of(Context request) {
        return nameOf(AccessFilter.principal(request));
    }

    /** Whoever has the token is the operator of the server, with it or with a login that was made from it. */
    private static String nameOf(Principal principal) {
        return principal.login().map(login -> OPERATOR).orElse(OPERATOR);
    }
}
