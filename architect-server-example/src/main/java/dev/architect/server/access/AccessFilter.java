package dev.architect.server.access;

import dev.architect.runtime.AccessToken;
import dev.architect.server.rest.Access;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.Endpoint;
import dev.architect.server.rest.SecurityHeaders;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every request, known path or not, and fails closed: the host must be ours, and without a public endpoint at
 * exactly that path the token or a login is needed. A login, which browsers attach by themselves, may change something only
 * from our own pages. Safe for use by several threads.
 */
public final class AccessFilter {

    private static final String CALLER = "architect.caller";
    private static final String BEARER = "bearer ";

    private final HostCheck hosts;
    private final AccessToken token;
    private final LoginSessions logins;
    private final LoginCookie cookie;
    private final TimeSource time;
    private final Set<String> publicOnes;
    private final Set<String> pages;

    /** Creates the gate of these endpoints. */
    public AccessFilter(
            HostCheck hosts,
            AccessToken token,
            LoginSessions logins,
            LoginCookie cookie,
            TimeSource time,
            List<Endpoint> endpoints) {
        this.hosts = hosts;
        this.token = token;
        this.logins = logins;
        this.cookie = cookie;
        this.time = time;
        this.publicOnes = keys(endpoints, endpoint -> endpoint.access() == Access.PUBLIC);
        this.pages = keys(endpoints, endpoint -> endpoint.access() == Access.PAGE);
    }

    /** Lets a request pass or throws what to answer. */
    public void check(Context request) {
        SecurityHeaders.put(request);
        if (!hosts.isOurs(request.header("Host"))) {
            throw ApiException.forbidden("the Host header names another server, expected a name of this one");
        }
        if (isIn(publicOnes, request)) {
            if (changesSomething(request) && OriginCheck.isForeign(request)) {
                throw foreign();
            }
            return;
        }
        Optional<Principal> caller = caller(request);
        if (caller.isEmpty()) {
            refuse(request);
            return;
        }
        if (caller.get().login().isPresent() && changesSomething(request) && !OriginCheck.isSameOrigin(request)) {
            throw foreign();
        }
        request.attribute(CALLER, caller.get());
    }

    /** Lets the begin of a WebSocket pass or throws what to answer: browsers must come from our own pages. */
    public Principal checkUpgrade(Context request) {
        check(request);
        Principal caller = request.attribute(CALLER);
        if (caller == null) {
            throw ApiException.unauthorized();
        }
        String origin = request.header("Origin");
        boolean mustBeOurs = caller.login().isPresent() || origin != null;
        if (mustBeOurs && (origin == null || !OriginCheck.isSameOrigin(request))) {
            throw foreign();
        }
        return caller;
    }

    private Optional<Principal> caller(Context request) {
        String header = request.header("Authorization");
        if (header != null) {
            return header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                            && token.matches(header.substring(BEARER.length()).strip())
                    ? Optional.of(new Principal(null))
                    : Optional.empty();
        }
        Optional<LoginSession> login = cookie.read(request).flatMap(logins::find);
        login.ifPresent(found -> found.seen(time.wallTime()));
        return login.map(Principal::new);
    }

    private void refuse(Context request) {
        String accept = request.header("Accept");
        if (isIn(pages, request) && accept != null && accept.contains("text/html")) {
            request.redirect("/login", HttpStatus.SEE_OTHER);
            request.skipRemainingHandlers();
            return;
        }
        request.header("WWW-Authenticate", "Bearer");
        throw ApiException.unauthorized();
    }

    private static ApiException foreign() {
        return ApiException.forbidden("the request comes from another site, expected one of this server's pages");
    }

    private static boolean changesSomething(Context request) {
        return !request.method().equals(HandlerType.GET) && !request.method().equals(HandlerType.HEAD);
    }

    private static boolean isIn(Set<String> keys, Context request) {
        HandlerType method = request.method().equals(HandlerType.HEAD) ? HandlerType.GET : request.method();
        return keys.contains(key(method, request.path()));
    }

    private static Set<String> keys(List<Endpoint> endpoints, Predicate<Endpoint> wanted) {
        return endpoints.stream()
                .filter(wanted)
                .map(endpoint -> key(endpoint.method(), endpoint.path()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String key(@Nullable HandlerType method, String path) {
        return method + " " + path;
    }
}
