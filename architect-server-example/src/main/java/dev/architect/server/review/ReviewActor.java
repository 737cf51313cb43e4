package dev.architect.server.review;

import dev.architect.access.AgentToken;
import dev.architect.access.User;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import io.javalin.http.Context;

/** Under which name the caller of a request decides. The one place that knows. */
final class ReviewActor {

    private static final String OPERATOR = "operator";

    private ReviewActor() {}

    /** The name of a user, an agent's with what it is before it, such as {@code agent:build}, or that of the local operator. */
    static String of(Context request) {
        Principal principal = AccessFilter.principal(request);
        return principal
                .user()
                .map(User::name)
                .or(() -> principal.agent().map(AgentToken::actor))
                .orElse(OPERATOR);
    }
}
